package canary

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
)

// An entry is a log call and the JSON that shows its input unchanged.
type entry struct {
	call  call
	shown string
}

// forms are the ways to log an input, by the word in the form column. The form
// go returns no call, and its input is the JSON itself.
var forms = map[string]func(name, input string) (entry, error){
	"message": func(_, input string) (entry, error) {
		return entry{func(l *slog.Logger) { l.Info(input) }, literal(input)}, nil
	},
	"text": func(name, input string) (entry, error) {
		return attribute(name, input, literal(input)), nil
	},
	"error": func(name, input string) (entry, error) {
		return attribute(name, errors.New(input), literal(input)), nil
	},
	"header": func(name, input string) (entry, error) {
		return attribute("h", http.Header{name: {input}}, fmt.Sprintf(`{%s:[%s]}`, literal(name), literal(input))), nil
	},
	"int": func(name, input string) (entry, error) {
		n, err := strconv.ParseInt(input, 10, 64)
		if err != nil {
			return entry{}, fmt.Errorf("invalid int %q: want a decimal number of 64 bits", input)
		}
		return attribute(name, n, input), nil
	},
	"json": func(name, input string) (entry, error) {
		if !json.Valid([]byte(input)) {
			return entry{}, fmt.Errorf("invalid JSON %q", input)
		}
		return attribute(name, json.RawMessage(input), input), nil
	},
	"go": func(_, input string) (entry, error) { return entry{shown: input}, nil },
}

// attribute returns the entry that logs the value under the name.
func attribute(name string, value any, valueJSON string) entry {
	return entry{info(slog.Any(name, value)), literal(name) + ":" + valueJSON}
}

// info returns a call with the message "m" and these arguments.
func info(args ...any) call {
	return func(l *slog.Logger) { l.Info("m", args...) }
}

// entry returns the entry of the row's form.
func (r row) entry(name, input string) (entry, error) {
	form := forms[r.form]
	nameless := r.form == "message" || r.form == "go"
	switch {
	case form == nil:
		return entry{}, fmt.Errorf("invalid form %q: want text, int, json, error, header, message or go", r.form)
	case nameless != (name == "-"):
		return entry{}, fmt.Errorf("name %q with form %q: want a name, or - for the forms message and go", name, r.form)
	case name == "":
		return entry{}, errors.New("name is empty")
	}
	return form(name, input)
}
