package sli

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/cowmap"
	"github.com/sligo-go/sligo/internal/strictjson"
)

// Groups is the dimension by which an indicator counts, such as the tenant. Its
// values are known beforehand, or bounded by a maximum. Events of any other
// group count as "other". The zero Groups counts without groups.
type Groups struct {
	// Values are the groups, without "other". All of them, and "other", exist
	// from the start. Values and Max exclude each other.
	Values []string `json:"values,omitempty"`
	// Max is the maximum number of groups besides "other", at most 1000. A
	// group begins with its first event. Zero means that Values has all groups.
	Max int `json:"max,omitempty"`
}

const (
	// otherGroup counts the events of every group that has no count of its own.
	otherGroup = "other"

	// maxGroups bounds the series of an indicator. Adding a group copies the map
	// of groups.
	maxGroups = 1000

	// maxGroupLength is the maximum length of a group in bytes. Longer ones are
	// hardly names that a program chose.
	maxGroupLength = 128
)

// UnmarshalJSON reads an object with the keys "values" and "max", and refuses
// unknown fields.
func (g *Groups) UnmarshalJSON(text []byte) error {
	type plain Groups // without methods
	return strictjson.Unmarshal(text, (*plain)(g))
}

// String returns "at most 50 groups", "groups free, paid and other", or
// "without groups".
func (g Groups) String() string {
	switch {
	case g.Max != 0:
		return fmt.Sprintf("at most %d groups", g.Max)
	case len(g.Values) > 0:
		return "groups " + strings.Join(g.Values, ", ") + " and " + otherGroup
	}
	return "without groups"
}

func (g Groups) none() bool { return len(g.Values) == 0 && g.Max == 0 }

func (g Groups) validate() error {
	var errs FieldErrors
	known := make(map[string]bool, len(g.Values))
	for i, value := range g.Values {
		path := fmt.Sprintf("Values[%d]", i)
		switch {
		case !isGroup(value):
			errs.Addf(path, "invalid group %q: want 1 to %d bytes of valid UTF-8", value, maxGroupLength)
		case value == otherGroup:
			errs.Addf(path, "invalid group %q: every indicator with groups has it", value)
		case known[value]:
			errs.Addf(path, "duplicate group %q", value)
		}
		known[value] = true
	}
	if g.Max < 0 || g.Max > maxGroups {
		errs.Addf("Max", "invalid maximum %d: want 0 to %d", g.Max, maxGroups)
	}
	if g.Max != 0 && len(g.Values) > 0 {
		errs.Addf("Max", "invalid maximum %d: Values lists all groups", g.Max)
	}
	if len(g.Values) > maxGroups {
		errs.Addf("Values", "%d groups: want at most %d", len(g.Values), maxGroups)
	}
	return errs.Err()
}

func isGroup(value string) bool {
	return value != "" && len(value) <= maxGroupLength && utf8.ValidString(value)
}

// groups are the tallies of an indicator's groups.
type groups struct {
	known cowmap.Map[string, *tally]
	other *tally
	max   int
	full  overflow
}

func newGroups(g Groups, now time.Time) *groups {
	gs := &groups{max: g.Max, other: newTally(now)}
	gs.known.Edit(func(next map[string]*tally) {
		next[otherGroup] = gs.other
		for _, value := range g.Values {
			next[value] = newTally(now)
		}
	})
	return gs
}

// find returns the tally of a group. It takes no lock, except to add a group.
func (gs *groups) find(group string) *tally {
	known := gs.known.Load()
	if found := known[group]; found != nil {
		return found
	}
	if gs.max == 0 || !isGroup(group) {
		return gs.other
	}
	if len(known) > gs.max { // other is one of them
		gs.full.set()
		return gs.other
	}
	return gs.add(group)
}

func (gs *groups) add(group string) (added *tally) {
	gs.known.Edit(func(next map[string]*tally) {
		if added = next[group]; added != nil {
			return
		}
		if len(next) > gs.max {
			gs.full.set()
			added = gs.other
			return
		}
		group = strings.Clone(group) // it may be a part of a larger text
		added = newTally(time.Now())
		next[group] = added
	})
	return added
}
