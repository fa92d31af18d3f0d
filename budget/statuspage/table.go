package statuspage

import (
	"html/template"
	"strings"
)

// table is a table with a caption. The first cells of a row are its heading and
// further texts; all others are figures.
type table struct {
	Caption string
	Label   string // the first sentence of the caption
	Head    []cell
	Rows    [][]cell
	Foot    []cell
}

// cell is a cell of a table. The first one of a row is its heading.
type cell struct {
	HTML template.HTML
	Text bool // aligned as text
}

// newTable returns a table whose first columns are texts.
func newTable(caption string, texts int, head ...string) *table {
	label, _, _ := strings.Cut(caption, ".")
	t := &table{Caption: caption, Label: label}
	for i, h := range head {
		t.Head = append(t.Head, cell{HTML: escaped(h), Text: i < texts})
	}
	return t
}

// add appends a row.
func (t *table) add(cells ...any) { t.Rows = append(t.Rows, t.row(cells)) }

// foot sets the last row.
func (t *table) foot(cells ...any) { t.Foot = t.row(cells) }

// row returns the cells of a row: markup, or text to escape.
func (t *table) row(cells []any) []cell {
	row := make([]cell, len(cells))
	for i, c := range cells {
		row[i].Text = t.Head[i].Text
		switch c := c.(type) {
		case template.HTML:
			row[i].HTML = c
		case string:
			row[i].HTML = escaped(c)
		}
	}
	return row
}

// escaped returns a text as markup.
func escaped(text string) template.HTML {
	return template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // escaped
}

// code returns a text from outside as code.
func code(text string) template.HTML { return "<code>" + isolated(text) + "</code>" }
