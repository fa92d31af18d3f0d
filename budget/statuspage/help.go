package statuspage

// help explains the keys and the words of the page.
type help struct {
	Keys     []fact
	Words    []fact
	States   []helpState
	Home     link
	KeysHint string
}

// helpState explains a state.
type helpState struct {
	State stateView
	Text  string
}

// keys are the keys of the page, in the order of the help. The script knows the
// same.
var keys = []string{"j", "k", "Enter", "u", "/", "b", "p", "w", "?"}

// keyNames are the ends of the keys of messages about keys.
var keyNames = map[string]string{"/": "slash", "?": "question"}

// glossary are the words that the help explains.
var glossary = []string{"sli", "objective", "budget", "left", "burn", "known", "sure", "outage", "opens", "ignored", "planned", "period", "journey", "releases"}

func (v *view) help() help {
	h := help{Home: link{Href: v.at.to(""), Text: v.l.text("all_objectives")}, KeysHint: v.l.text("help_hint")}
	for _, key := range keys {
		name := key
		if n, ok := keyNames[key]; ok {
			name = n
		}
		h.Keys = append(h.Keys, fact{Term: key, Text: v.l.html("key_" + name)})
	}
	for _, k := range looks {
		h.States = append(h.States, helpState{State: stateView{Look: k, Word: v.l.text(string(k))}, Text: v.l.text("help_" + string(k))})
	}
	for _, word := range glossary {
		h.Words = append(h.Words, fact{Term: v.l.text("word_" + word), Text: v.l.html("word_" + word + "_text")})
	}
	return h
}
