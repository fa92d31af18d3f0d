// Package finding reports mistakes and their places in files, in the formats of
// a terminal, of a program and of GitHub.
package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Finding is one mistake.
type Finding struct {
	// File is the name of the file. Empty means that the mistake is in none.
	File string `json:"file,omitempty"`
	// Line and Column are the place, from 1. Zero means that it is unknown.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Path is the value in the file, such as "objectives[1].target".
	Path string `json:"path,omitempty"`
	// Message describes the mistake.
	Message string `json:"message"`
}

// String returns the finding as compilers write it:
// "slo.yaml:12:5: objectives[1].targte: unknown field".
func (f Finding) String() string {
	place := f.File
	if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
		if f.Column > 0 {
			place += fmt.Sprintf(":%d", f.Column)
		}
	}
	if place != "" {
		place += ": "
	}
	return indent.Replace(place + f.text())
}

// indent indents the further lines of a finding, since its first line is a
// finding to programs.
var indent = strings.NewReplacer("\r\n", "\n\t", "\n", "\n\t", "\r", "\n\t")

// text returns the path and the message.
func (f Finding) text() string {
	if f.Path == "" {
		return f.Message
	}
	return f.Path + ": " + f.Message
}

// Sort puts findings in the order of files and places, and removes repetitions.
func Sort(all []Finding) []Finding {
	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(all)
}
