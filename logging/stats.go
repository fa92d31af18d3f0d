package logging

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/telemetry"
)

// Stats are the counts of a handler and of all handlers derived from it.
type Stats struct {
	// Lines counts the lines that passed the handler's level, by their level.
	Lines map[string]uint64 `json:"lines"`

	// Excluded counts the lines kept from the sinks, by the exclusion's name.
	Excluded map[string]uint64 `json:"excluded"`

	// Sinks counts the lines given to each sink, by the sink's name.
	Sinks map[string]telemetry.Counts `json:"sinks"`
}

// Stats returns the current counts.
func (h *Handler) Stats() Stats {
	s := Stats{Lines: map[string]uint64{}, Excluded: map[string]uint64{}, Sinks: map[string]telemetry.Counts{}}
	for i, name := range levelNames {
		s.Lines[name] = h.lines[i].Load()
	}
	for _, f := range h.filters {
		s.Excluded[f.Name] = f.excluded.Load()
	}
	for _, o := range h.outlets {
		s.Sinks[o.name] = o.w.Counts()
	}
	return s
}

// String returns the counts as text, one kind per line: the lines by level
// from DEBUG to ERROR, the exclusions and the sinks by name.
func (s Stats) String() string {
	var b strings.Builder
	b.WriteString("lines:")
	for i, level := range levelNames {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, " %s %d", level, s.Lines[level])
	}
	for _, name := range slices.Sorted(maps.Keys(s.Excluded)) {
		fmt.Fprintf(&b, "\nexcluded by %s: %d", name, s.Excluded[name])
	}
	for _, name := range slices.Sorted(maps.Keys(s.Sinks)) {
		fmt.Fprintf(&b, "\nsink %s: %v", name, s.Sinks[name])
	}
	return b.String()
}

// UnmarshalJSON reads the counts and refuses unknown fields.
func (s *Stats) UnmarshalJSON(text []byte) error {
	type plain Stats
	return strictjson.Unmarshal(text, (*plain)(s))
}
