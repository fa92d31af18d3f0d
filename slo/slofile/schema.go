package slofile

import (
	_ "embed" // for schema.json
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of the format, for editors
// and other tools. Every file that Parse reads is valid by it. The schema looks
// at one value at a time, so that it accepts some files that Parse refuses,
// such as a file with an unknown indicator.
func Schema() []byte { return slices.Clone(schema) }
