package canary

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// Problems returns what is wrong with a line that the case's call produced.
func (c Case) Problems(line []byte) []string {
	if !json.Valid(line) {
		return []string{fmt.Sprintf("%s: invalid JSON: %.300s", c.Desc, line)}
	}
	if c.Kind == "policy" {
		return nil
	}
	var problems []string
	if c.Shows(line) {
		problems = append(problems, fmt.Sprintf("%s: the line shows one of %q: %.500s", c.Desc, c.Secrets, line))
	}
	for _, k := range c.Keep {
		if !strings.Contains(string(line), k) {
			problems = append(problems, fmt.Sprintf("%s: the line does not show %q: %.500s", c.Desc, k, line))
		}
	}
	return problems
}

// Shows reports whether a line shows a secret of the case.
func (c Case) Shows(line []byte) bool {
	for _, s := range c.Secrets {
		for _, form := range forms(s) {
			if strings.Contains(string(line), form) {
				return true
			}
		}
	}
	return false
}

// forms returns how a secret can be in a line: as it is, escaped, and in base64
// at each of the three offsets that it can have in a longer text.
func forms(s string) []string {
	escaped, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings marshal
	}
	out := []string{s, strings.Trim(string(escaped), `"`)}
	if len(s) < 8 {
		return out
	}
	for pad := range 3 {
		e := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", pad) + s))
		// Leave out the digits that depend on the neighbours.
		out = append(out, e[(pad*4+2)/3:(len(s)+pad)/3*4])
	}
	return out
}
