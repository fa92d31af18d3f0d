// Package canary is the redaction corpus: log calls that contain invented
// secrets, and log calls whose values resemble secrets and must not change.
//
// Every package that writes or forwards log lines runs the corpus in its tests:
// it makes each [Case]'s call through its own handler and passes the result to
// [Case.Check].
//
//	for _, c := range canary.Cases() {
//		var line bytes.Buffer
//		c.Log(slog.New(newHandler(&line)))
//		if err := c.Check(line.Bytes()); err != nil {
//			t.Error(err)
//		}
//	}
//
// # Case files
//
// The files in cases hold one case per line. Empty lines are ignored. A line
// that begins with # is the heading of the lines below it. Tabs separate the
// columns of a line:
//
//	K06	must	text	userPassword	⟦hunter2-Zx91⟧
//	U02	must	text	url	https://bob:⟦hunter2-Zx91⟧@a.example/p	userinfo
//	OI04	keep	int	tokens	77
//	N03	must	go	-	⟦hunter2-Zx91⟧	struct field Password
//
// The columns are:
//
//   - ID, which is unique. Its letters belong to the section of the file.
//   - Kind: must, keep or policy. See [Kind].
//   - Form, which says how the case logs its input: as the value of an
//     attribute (text, int, error, or json for a json.RawMessage), as a value
//     of an http.Header (header), or as the message (message). The form go is
//     for values that need Go types: function shapes returns their calls by
//     ID.
//   - Name of the attribute or header, or "-" with the forms message and go.
//   - Input. In a must line, ⟦ and ⟧ enclose each secret. A keep line has
//     no marks: the whole input must arrive, under its name. In a go line, the
//     input is only the expectation: the marked secrets, or the JSON that the
//     log line must contain.
//   - Note, which is optional except in a go line, where it describes the call.
//
// These characters have a meaning in names and inputs:
//
//	␊ ␍ ␉ ␀ ␠  newline and so on: the symbols U+2400 to U+2420
//	‹U+00A0›   the character with that number, for invisible ones
//	·          nothing: it keeps secret scanners from reporting fake keys
//
// A backslash has no special meaning, so JSON is written as it is.
//
// # The table
//
// The files in table have the same format, and function tableShapes returns the
// calls of their go lines. They are the cases of [Table], one file for each
// [Level].
//
// The functions of this package are safe for concurrent use. The cases of two
// calls of [Cases] share no values.
package canary
