package lab

import (
	"bytes"
	"embed"
	"strings"
	"text/template"
)

//go:embed shapes/*.yml
var shapes embed.FS

// Shape returns the rule file of another tool for an availability objective of
// 99.9 % in a window such as 30d. The names are sloth and pyrra.
func Shape(name, window string) ([]byte, error) {
	file := name + ".yml"
	t, err := template.New(file).Funcs(template.FuncMap{"words": strings.Fields}).ParseFS(shapes, "shapes/"+file)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = t.Execute(&text, struct{ Window string }{window})
	return text.Bytes(), err
}
