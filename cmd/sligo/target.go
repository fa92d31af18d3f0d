package main

import (
	"errors"
	"strings"

	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// ownWords returns an error without the name of the Go package in front, which
// means nothing on a command line.
func ownWords(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimPrefix(err.Error(), "slo: "))
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
	target, err := slofile.ParseTarget(text)
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
