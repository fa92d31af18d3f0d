package main

import (
	"fmt"
	"strconv"
)

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

// plural returns "1 bad event" or "16 bad events".
func plural[N int | uint64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
