package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/slo"
)

// parseTarget reads a target as files of objectives do: a number is a
// percentage, with or without its sign. A number below 1 without the sign is
// more likely a ratio, so it is an error that asks.
func parseTarget(text string) (slo.Target, error) {
	if strings.Contains(text, "%") {
		target, err := slo.ParseTarget(text)
		return target, ownWords(err)
	}
	target, err := slo.ParseTarget(text + "%")
	if err != nil {
		return slo.Target{}, fmt.Errorf(`invalid target %q: want a percentage such as "99.9%%"`, text)
	}
	if ratio, err := slo.ParseTarget(text); err == nil {
		return slo.Target{}, fmt.Errorf("invalid target %q: it is %v; did you mean %v?", text, target, ratio)
	}
	return target, nil
}

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
	target, err := parseTarget(text)
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
