package logging

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/sligo-go/sligo/logging/field"
)

// A Match selects lines. A line must meet every part that is set; the zero value
// selects all.
type Match struct {
	// MinLevel and MaxLevel bound the level, both inclusive; nil is no bound.
	MinLevel, MaxLevel slog.Leveler

	// Messages are texts of which the message is one; a * at the end stands for
	// any rest.
	Messages []string

	// Routes are routes of which the line's is one; a * at the end stands for any
	// rest. The route of a line is its field http.route, route or endpoint.
	Routes []string

	// Status are statuses that response_code has: "404", "5xx", or "!2xx" for any
	// but these. Every one with ! must hold, and one of the others.
	Status []string

	// Fields are fields of the line, by their dotted name, and the text of the
	// value they have; the text "*" stands for any value.
	Fields map[string]string

	// Func is a condition of one's own. A panic of it is taken as false.
	Func func(*Line) bool
}

// Validate reports every mistake of the match.
func (m *Match) Validate() error {
	var errs []error
	if m.MinLevel != nil && m.MaxLevel != nil && m.MinLevel.Level() > m.MaxLevel.Level() {
		errs = append(errs, fmt.Errorf("logging: MinLevel %v is above MaxLevel %v", m.MinLevel.Level(), m.MaxLevel.Level()))
	}
	for i, s := range m.Status {
		if _, _, err := parseStatus(s); err != nil {
			errs = append(errs, fmt.Errorf("logging: Status[%d]: %w", i, err))
		}
	}
	return errors.Join(errs...)
}

// Matches reports whether the line meets the match.
func (m *Match) Matches(l *Line) bool {
	switch {
	case m.MinLevel != nil && l.Level < m.MinLevel.Level(),
		m.MaxLevel != nil && l.Level > m.MaxLevel.Level(),
		len(m.Messages) > 0 && !anyPattern(m.Messages, l.Message),
		len(m.Routes) > 0 && !m.route(l),
		len(m.Status) > 0 && !m.status(l),
		len(m.Fields) > 0 && !m.fields(l):
		return false
	}
	return m.Func == nil || m.call(l)
}

func (m *Match) call(l *Line) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return m.Func(l)
}

func (m *Match) route(l *Line) bool {
	for _, name := range [...]string{"http.route", "route", "endpoint"} {
		if v, ok := l.Value(name); ok {
			return anyPattern(m.Routes, v.String())
		}
	}
	return false
}

func (m *Match) status(l *Line) bool {
	v, ok := l.Value(field.KeyResponseCode)
	if !ok || v.Kind() != slog.KindInt64 && v.Kind() != slog.KindUint64 {
		return false
	}
	code, _ := strconv.Atoi(v.String())
	positive, hit := false, false
	for _, s := range m.Status {
		low, high, _ := parseStatus(strings.TrimPrefix(s, "!"))
		in := code >= low && code <= high
		if strings.HasPrefix(s, "!") {
			if in {
				return false
			}
			continue
		}
		positive, hit = true, hit || in
	}
	return hit || !positive
}

// parseStatus reads "404", "5xx", and both with a "!" before them.
func parseStatus(s string) (low, high int, err error) {
	t := strings.TrimPrefix(s, "!")
	if class, ok := strings.CutSuffix(t, "xx"); ok && len(class) == 1 && class >= "1" && class <= "5" {
		low = int(class[0]-'0') * 100
		return low, low + 99, nil
	}
	n, err := strconv.Atoi(t)
	if err != nil || n < 0 {
		return 0, 0, fmt.Errorf("%q is neither a status (404) nor a class (4xx)", s)
	}
	return n, n, nil
}

func (m *Match) fields(l *Line) bool {
	for name, want := range m.Fields {
		v, ok := l.Value(name)
		if !ok || want != "*" && v.String() != want {
			return false
		}
	}
	return true
}

func anyPattern(patterns []string, s string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if prefix, ok := strings.CutSuffix(p, "*"); ok {
			return strings.HasPrefix(s, prefix)
		}
		return p == s
	})
}
