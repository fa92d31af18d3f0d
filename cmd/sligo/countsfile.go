package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sligo-go/sligo/sli"
)

// readCounts reads the events of objectives from a file, or from the standard
// input for "-".
func (p *program) readCounts(name string) (map[string]sli.Counts, error) {
	if name == "-" {
		data, err := io.ReadAll(p.in)
		if err != nil {
			return nil, err
		}
		return parseCounts("the standard input", data)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return parseCounts(name, data)
}

// parseCounts reads one JSON object from IDs of objectives to counts. An ID
// that is there twice is an error, since encoding/json would take the last.
func parseCounts(name string, data []byte) (map[string]sli.Counts, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	counts := make(map[string]sli.Counts)
	fail := func(err error) (map[string]sli.Counts, error) {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("counts in %s: %w", name, err)
	}
	if start, err := dec.Token(); err != nil {
		return fail(err)
	} else if start != json.Delim('{') {
		return fail(errors.New(`want an object such as {"users/availability": {"good": 39984, "valid": 40000}}`))
	}
	for dec.More() {
		if err := parseCount(dec, counts); err != nil {
			return fail(err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return fail(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fail(errors.New("text after the object"))
	}
	return counts, nil
}

func parseCount(dec *json.Decoder, counts map[string]sli.Counts) error {
	key, err := dec.Token()
	if err != nil {
		return err
	}
	id := fmt.Sprint(key)
	if _, twice := counts[id]; twice {
		return fmt.Errorf("duplicate objective %q", id)
	}
	var c sli.Counts
	err = dec.Decode(&c)
	if wrong := new(json.UnmarshalTypeError); errors.As(err, &wrong) {
		err = fmt.Errorf(`invalid %s: want {"good": 39984, "valid": 40000}, in whole numbers`, wrong.Value)
	}
	if err != nil {
		return fmt.Errorf("%q: %w", id, err)
	}
	if c.Good > c.Valid {
		return fmt.Errorf("%q: %d good events are more than %d valid ones", id, c.Good, c.Valid)
	}
	counts[id] = c
	return nil
}
