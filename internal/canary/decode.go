package canary

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// decode returns the text of a column without marks and symbols, and the
// distinct texts between the marks ⟦ and ⟧.
func decode(column string) (text string, marked []string, err error) {
	d := decoder{rest: column, open: -1}
	for d.rest != "" && err == nil {
		err = d.next()
	}
	if err == nil && d.open >= 0 {
		err = errors.New("⟦ without ⟧")
	}
	return d.text.String(), d.marked, err
}

// A decoder decodes a column.
type decoder struct {
	rest   string
	text   strings.Builder
	open   int // where the open mark's text begins, or -1
	marked []string
}

// next decodes the next character.
func (d *decoder) next() error {
	r, size := utf8.DecodeRuneInString(d.rest)
	d.rest = d.rest[size:]
	switch {
	case r == '·':
	case r == '⟦':
		return d.openMark()
	case r == '⟧':
		return d.closeMark()
	case r == '‹':
		return d.number()
	case '␀' <= r && r <= '␠':
		d.text.WriteByte(byte(r - '␀'))
	case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
		return fmt.Errorf("invisible character %U: write ‹%U›", r, r)
	default:
		d.text.WriteRune(r)
	}
	return nil
}

func (d *decoder) openMark() error {
	if d.open >= 0 {
		return errors.New("⟦ within ⟦ and ⟧")
	}
	d.open = d.text.Len()
	return nil
}

func (d *decoder) closeMark() error {
	if d.open < 0 {
		return errors.New("⟧ without ⟦")
	}
	marked := d.text.String()[d.open:]
	d.open = -1
	if marked == "" {
		return errors.New("nothing between ⟦ and ⟧")
	}
	if !slices.Contains(d.marked, marked) {
		d.marked = append(d.marked, marked)
	}
	return nil
}

// number decodes U+00A0› into the character with that number.
func (d *decoder) number() error {
	digits, rest, closed := strings.Cut(d.rest, "›")
	hex, prefixed := strings.CutPrefix(digits, "U+")
	n, err := strconv.ParseUint(hex, 16, 21)
	if !closed || !prefixed || err != nil {
		return errors.New("invalid character number after ‹: want one such as ‹U+00A0›")
	}
	d.text.WriteRune(rune(n))
	d.rest = rest
	return nil
}
