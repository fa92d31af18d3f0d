package canary

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// files are the case files.
//
//go:embed cases table
var files embed.FS

// fileNames are the case files in the order of Cases.
var fileNames = []string{
	"cases/reference.txt", "cases/names.txt", "cases/shapes.txt", "cases/documents.txt",
	"cases/credentials.txt", "cases/persons.txt", "cases/ordinary.txt", "cases/variety.txt",
}

// Cases returns all cases in the order of the case files. It panics if a file
// contains a mistake.
func Cases() []Case {
	cases, err := load(files, fileNames, shapes())
	if err != nil {
		panic(err)
	}
	return cases
}

// load reads the case files. Lines of the form go take their call from calls,
// by ID. The error joins all mistakes, each with its file, line and text.
func load(fsys fs.FS, names []string, calls map[string]call) ([]Case, error) {
	l := loader{calls: calls, places: map[string]string{}}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		for i, text := range strings.Split(string(data), "\n") {
			if heading, ok := strings.CutPrefix(text, "# "); ok {
				l.section = heading
			}
			if text == "" || text[0] == '#' {
				continue
			}
			place := fmt.Sprintf("%s:%d", name, i+1)
			if err := l.add(place, text); err != nil {
				l.errs = append(l.errs, fmt.Errorf("%s: %w: %q", place, err, text))
			}
		}
	}
	for id := range calls {
		if l.places[id] == "" {
			l.errs = append(l.errs, fmt.Errorf("call %q in Go has no case: want a line with this ID in a case file", id))
		}
	}
	return l.cases, errors.Join(l.errs...)
}

// A loader collects cases and mistakes.
type loader struct {
	calls   map[string]call
	places  map[string]string // by ID
	section string
	cases   []Case
	errs    []error
}

// add adds the case of one line.
func (l *loader) add(place, text string) error {
	r, err := splitRow(text)
	if err != nil {
		return err
	}
	if first := l.places[r.id]; first != "" {
		return fmt.Errorf("duplicate ID %q: the first is in %s", r.id, first)
	}
	l.places[r.id] = place
	c, err := r.parse()
	if err != nil {
		return err
	}
	c.Section = l.section
	switch goCall := l.calls[r.id]; {
	case r.form != "go" && goCall != nil:
		return fmt.Errorf("form %q of a case with the call %q in Go: want the form go", r.form, r.id)
	case r.form == "go" && goCall == nil:
		return fmt.Errorf("form go without a call %q in Go", r.id)
	case r.form == "go":
		c.call = goCall
	}
	l.cases = append(l.cases, c)
	return nil
}

// A row is a line of a case file, split into its columns.
type row struct{ id, kind, form, name, input, note string }

var validID = regexp.MustCompile(`^[A-Z]{1,2}[0-9]{2,4}$`)

// splitRow splits a line and checks its shape, ID and kind.
func splitRow(text string) (row, error) {
	columns := strings.Split(text, "\t")
	if len(columns) != 5 && len(columns) != 6 {
		return row{}, fmt.Errorf("%d columns: want 5 or 6, separated by tabs", len(columns))
	}
	for i, c := range columns {
		if strings.TrimSpace(c) != c {
			return row{}, fmt.Errorf("column %d begins or ends with a space: write ␠", i+1)
		}
	}
	columns = append(columns, "")
	r := row{columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]}
	switch {
	case !validID.MatchString(r.id):
		return row{}, fmt.Errorf("invalid ID %q: want one or two capital letters and two to four digits", r.id)
	case !slices.Contains([]Kind{KindMust, KindKeep, KindPolicy}, Kind(r.kind)):
		return row{}, fmt.Errorf("invalid kind %q: want must, keep or policy", r.kind)
	}
	return r, nil
}

// parse returns the row's case, which has no call if the form is go.
func (r row) parse() (Case, error) {
	name, marks, err := decode(r.name)
	if err != nil {
		return Case{}, fmt.Errorf("name: %w", err)
	}
	if len(marks) > 0 {
		return Case{}, errors.New("name: a name cannot contain ⟦ and ⟧")
	}
	input, marks, err := decode(r.input)
	if err != nil {
		return Case{}, fmt.Errorf("input: %w", err)
	}
	entry, err := r.entry(name, input)
	if err != nil {
		return Case{}, err
	}
	c := Case{ID: r.id, Kind: Kind(r.kind), Note: r.note, Secrets: marks, call: entry.call}
	if c.Kind == KindKeep {
		c.Keep = []string{entry.shown}
	}
	return c, r.checkMarks(input, marks)
}

// checkMarks returns an error if the input's marks do not fit the row's kind.
func (r row) checkMarks(input string, secrets []string) error {
	switch {
	case r.kind == "must" && len(secrets) == 0:
		return errors.New("a must line needs a secret between ⟦ and ⟧")
	case r.kind == "keep" && len(secrets) > 0:
		return errors.New("a keep line cannot contain ⟦ and ⟧")
	case r.kind == "keep" && input == "":
		return errors.New("a keep line needs an input")
	case r.form == "go" && r.kind != "keep" && input != strings.Join(secrets, ""):
		return errors.New("the input of a go line contains only secrets between ⟦ and ⟧")
	case r.form == "go" && r.note == "":
		return errors.New("a go line needs a note")
	}
	return nil
}
