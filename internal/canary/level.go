package canary

// A Level says how firmly the documentation of package redact speaks about a
// case.
type Level string

// The levels of the table. Each is a file, and the headings of the file are the
// rows that docs/logs.md lists for the level.
const (
	// Promised are secrets that redaction always finds.
	Promised Level = "promised"
	// Attempted are secrets in free text that redaction looks for by pattern.
	Attempted Level = "attempted"
	// Outside are values that redaction leaves as they are although a reader
	// may consider them private.
	Outside Level = "outside"
	// Ordinary are values without secrets, which must not change.
	Ordinary Level = "ordinary"
)

// Levels are all levels in the order of the documentation.
var Levels = []Level{Promised, Attempted, Outside, Ordinary}

// Table returns the cases of a level. They were written from public
// documentation of vendors, protocols and tools, without knowledge of the
// rules, so they measure the rules. Unlike the cases of [Cases], some cases of
// Attempted and Ordinary may fail. It panics if the file contains a mistake.
func Table(level Level) []Case {
	calls := map[string]call{}
	if level == Promised {
		calls = tableShapes()
	}
	cases, err := load(files, []string{"table/" + string(level) + ".txt"}, calls)
	if err != nil {
		panic(err)
	}
	return cases
}
