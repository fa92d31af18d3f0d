package statuspage_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// poisoned is a page of n objectives whose every text from outside is the same
// text.
func poisoned(t testing.TB, text string, n int) *statuspage.Page {
	t.Helper()
	r := reading(shopPromises[:n])
	for i := range r.Objectives {
		o := &r.Objectives[i]
		o.Objective.Name, o.Objective.Description = text+fmt.Sprint(i), text
		o.Objective.Owner, o.Objective.Tier, o.Objective.Runbook = text, text, "https://runbook.example/"+text
		o.Objective.DependsOn = []string{text}
		ind := &o.Objective.Indicator
		ind.Service, ind.Name, ind.Journey, ind.Kind = text, text, text, sli.Kind(text)
		ind.Requests = []string{text, text}
		ind.Good.Status, ind.Collection = []string{text}, sli.Collection{Where: text, How: sli.Source(text), Field: text}
		o.Unseen, o.Ignored = []string{text}, map[sli.Reason]uint64{sli.Reason(text): 7}
		o.Decision.Reasons, o.Decision.Step = []string{text}, text
		o.Decision.Postmortems = []budget.Incident{{Name: text, Spent: budget.RatioOf(1, 3)}}
		for j := range o.Alarms {
			o.Alarms[j].Alert.Severity = slo.Severity(text)
		}
	}
	r.Kind = status.Kind(text)
	r.Warnings = []sli.Advice{{Path: text, Text: text}}
	r.Policy.Steps = budget.Policy{}.WithDefaults().Steps
	books := shopLedger()
	for i := range books.Entries {
		books.Entries[i].Name = text
	}
	books.Entries = append(books.Entries, ledger.Entry{Kind: ledger.Kind(text), Name: text, Start: now.Add(-time.Hour)})
	options := statuspage.Options{
		Title: text, Ledger: func() ledger.Ledger { return books }, TraceURL: "https://jaeger.example/{trace_id}",
		Routes: func(slo.Objective) []statuspage.Route { return []statuspage.Route{{Name: text, Counts: events(9, 1)}} },
		Errors: func(slo.Objective) []statuspage.ErrorGroup {
			return []statuspage.ErrorGroup{{Text: text, Status: text, TraceID: text, Last: now}}
		},
		Telemetry: func() []statuspage.Fact { return []statuspage.Fact{{Name: text, Text: text}} },
	}
	return open(t, source(r), options)
}

// skeleton returns the tags of a page with the names of their attributes, as a
// browser would read them, and whether the page ends outside a tag. It is a
// reader of its own, so it does not share a mistake with the page.
func skeleton(page string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(page); {
		if page[i] != '<' {
			i++
			continue
		}
		i++
		b.WriteByte('<')
		for quote := byte(0); i < len(page); i++ {
			c := page[i]
			switch {
			case quote != 0:
				if c == quote {
					quote = 0
				}
				continue
			case c == '"' || c == '\'':
				quote = c
				continue
			case c == '<':
				return b.String(), false // a tag in a tag
			}
			b.WriteByte(c)
			if c == '>' {
				break
			}
		}
		if i == len(page) {
			return b.String(), false
		}
		i++
	}
	return b.String(), true
}

// hostile texts try to leave their place.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</title></style></svg><b>`,
	`javascript:alert(1)`, `{{.}}`, `&lt;b&gt;`, "line\nbreak\r\ndata: {}\n\nevent: bye", "\x00\x01\x1b[31m", "\xff\xfe\xf0\x28\x8c\x28",
	"\u202eright to left\u202c \u2066isolate", "zero\u200bwidth\ufeff", "../../..", "a b/c?d#e", "%2e%2e%2f", "{n}{all}{name}",
	strings.Repeat("long ", 2000), strings.Repeat("긴", 4000),
}

var (
	tileLinks    = regexp.MustCompile(`</span> <a href="\.(/[^"?]+)">`)
	journeyLinks = regexp.MustCompile(`<a href="\.(/journey/[^"?]+)">`)
)

// paths returns the paths of a poisoned page, found by its links.
func paths(t testing.TB, page http.Handler) []string {
	t.Helper()
	all := []string{"/", "/?view=wall", "/?by=journey", "/?q=" + strings.Repeat("%3Cb%3E", 50)}
	text := get(t, page, "/").Body.String()
	for _, m := range tileLinks.FindAllStringSubmatch(text, -1) {
		all = append(all, html.UnescapeString(m[1])+"?target=%3Cscript%3E")
	}
	for _, m := range journeyLinks.FindAllStringSubmatch(text, -1) {
		all = append(all, html.UnescapeString(m[1]))
	}
	return all
}

// pattern has the tags of the pages of a harmless text, by the order of paths.
type pattern [][]string

func patternOf(t testing.TB, n int) pattern {
	page := poisoned(t, "harmless", n)
	var p pattern
	for _, path := range paths(t, page) {
		p = append(p, tagsOf(t, get(t, page, path).Body.String()))
	}
	return p
}

// TestHostileNames compares the tags of pages that have hostile texts with the
// tags of pages that have harmless ones. A text that left its place would add,
// end or change a tag.
func TestHostileNames(t *testing.T) {
	harmless := patternOf(t, 8)
	for _, text := range hostile {
		checkPages(t, harmless, poisoned(t, text, 8), text)
	}
}

// checkPages compares all pages.
func checkPages(t *testing.T, harmless pattern, page http.Handler, text string) {
	t.Helper()
	all := paths(t, page)
	if len(all) != len(harmless) {
		t.Errorf("%.40q: %d links, want %d", text, len(all), len(harmless))
		return
	}
	for i, path := range all {
		body := get(t, page, path).Body.String()
		if diff := cmp.Diff(harmless[i], tagsOf(t, body)); diff != "" {
			t.Errorf("%.40q: %.80s has other tags (-harmless +hostile):\n%s", text, path, diff)
		}
		if len(body) > 200_000 {
			t.Errorf("%.40q: %.80s has %d bytes", text, path, len(body))
		}
		checkVisible(t, body, text, path)
	}
}

// checkVisible finds characters that nobody sees or that reorder others.
func checkVisible(t *testing.T, body, text, path string) {
	t.Helper()
	for i, r := range body {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
			t.Errorf("%.40q: %.80s has the character %U in %q", text, path, r, body[max(0, i-40):i+10])
			return
		}
	}
}

func tagsOf(t testing.TB, page string) []string {
	t.Helper()
	tags, whole := skeleton(page)
	if !whole {
		t.Errorf("the page ends within a tag: %.200s", tags)
	}
	return strings.SplitAfter(tags, ">")
}

// TestHostileJSON checks that hostile texts survive the JSON as they are.
func TestHostileJSON(t *testing.T) {
	for _, text := range hostile {
		w := get(t, poisoned(t, text, 8), "/overview.json")
		var doc struct{ Objectives []struct{ ID string } }
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || len(doc.Objectives) != 8 {
			t.Errorf("%.40q: error %v, %d objectives", text, err, len(doc.Objectives))
		}
		if strings.ContainsAny(w.Body.String(), "<>") {
			t.Errorf("%.40q: the JSON has markup", text)
		}
	}
}

// TestHostileStream checks that no text ends an event of the stream.
func TestHostileStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, text := range hostile {
			page := poisoned(t, text, 8)
			w := watch(page, "", "")
			for line := range strings.Lines(w.read()) {
				known := line == "\n"
				for _, begin := range []string{"retry: 5000\n", "event: hello\n", "event: page\n", "event: part\n", "event: at\n", "id: ", "data: {"} {
					known = known || strings.HasPrefix(line, begin)
				}
				if !known {
					t.Errorf("%.40q: the stream has the line %.80q", text, line)
				}
			}
			w.leave()
			page.Close()
		}
	})
}

// FuzzHostile renders pages with any text.
func FuzzHostile(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	harmless := patternOf(f, 1)
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" || strings.TrimSpace(text) == "" {
			t.Skip()
		}
		checkPages(t, harmless, poisoned(t, text, 1), text)
	})
}

func TestClean(t *testing.T) {
	tests := []struct{ text, want string }{
		{"users", "users"}, {"사용자", "사용자"}, {"a\nb\tc", "a b c"}, {"\u202eabc", "�abc"}, {"a\u200bb", "a�b"}, {"\x00", "�"}, {"\xff", "�"},
		{strings.Repeat("a", 120), strings.Repeat("a", 120)}, {strings.Repeat("a", 121), strings.Repeat("a", 120) + "…"},
	}
	for _, test := range tests {
		if got := statuspage.Clean(test.text); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestElementID(t *testing.T) {
	seen := map[string]string{}
	for _, id := range []string{"a/b", "a.b", "a/b.c", "a.b/c", "a~2eb", "a b", "", "é", strings.Repeat("x", 500) + "/a", strings.Repeat("x", 500) + "/b", strings.Repeat("x", 499) + "/ab"} {
		got := statuspage.ElementID(id)
		if other, ok := seen[got]; ok {
			t.Errorf("%q and %q have the ID %q", id, other, got)
		}
		seen[got] = id
		if strings.ContainsAny(got, " \"'<>&#") || len(got) > 400 {
			t.Errorf("%.20q: got %q", id, got)
		}
	}
}
