package main

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// named gives a value the name of its kind in the help.
type named struct {
	flag.Value
	kind string
}

func (n named) Type() string { return n.kind }

// countValue is the value of a flag that has a number of events.
type countValue struct {
	n   uint64
	set bool
}

func (v *countValue) String() string {
	if !v.set {
		return ""
	}
	return strconv.FormatUint(v.n, 10)
}

func (v *countValue) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return fmt.Errorf("want a whole number from 0 to %d", uint64(1<<64-1))
	}
	v.n, v.set = n, true
	return nil
}

// targetValue is the value of the flag --target.
type targetValue struct{ target *slo.Target }

func (v targetValue) String() string {
	if v.target == nil || !v.target.IsValid() {
		return ""
	}
	return v.target.String()
}

func (v targetValue) Set(text string) error {
	target, err := slofile.ParsePercentage(text)
	if err == nil {
		*v.target = target
	}
	return err
}

// windowValue is the value of the flag --window.
type windowValue struct{ window *slo.Window }

func (v windowValue) String() string {
	if v.window == nil || !v.window.IsValid() {
		return ""
	}
	return v.window.String()
}

func (v windowValue) Set(text string) error {
	window, err := slo.ParseWindow(text)
	if err != nil {
		return ownWords(err)
	}
	*v.window = window
	return nil
}

// fileValue is the value of a flag that has the name of a file or folder.
// Blanks alone are a mistake in a script rather than a name.
type fileValue string

func (v *fileValue) String() string { return string(*v) }

func (v *fileValue) Set(name string) error {
	if name != "" && strings.TrimSpace(name) == "" {
		return errors.New("want a file or folder")
	}
	*v = fileValue(name)
	return nil
}

// ownWords returns an error without the name of the Go package in front, which
// means nothing on a command line.
func ownWords(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimPrefix(err.Error(), "slo: "))
}
