package logging

import (
	"hash/maphash"
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/sli"
)

// An Exclusion keeps lines from the sinks and counts them. If several
// exclusions select a line, the first one decides.
type Exclusion struct {
	// Name names the exclusion in counters. It is required and unique.
	Name string

	// Match selects the lines.
	Match Match

	// Keep is the share of the selected lines that is still written, from 0
	// (none) up to but not including 1; 0.01 keeps one line in a hundred. The
	// lines of one request are kept or excluded together.
	Keep float64

	// First is the number of lines of one message and level that are written in
	// each Per before Keep applies, so that the first line always appears and a
	// flood does not. 0 means that Keep applies to all lines.
	First int

	// Per is the interval of First; 0 means one second.
	Per time.Duration

	// Errors applies the exclusion to lines of level ERROR and above too.
	Errors bool
}

func (x *Exclusion) validate() error {
	var errs sli.FieldErrors
	if x.Name == "" {
		errs.Addf("Name", "name is empty")
	}
	if !(x.Keep >= 0 && x.Keep < 1) {
		errs.Addf("Keep", "invalid share %v: want at least 0 and less than 1", x.Keep)
	}
	if x.First < 0 {
		errs.Addf("First", "invalid number %d: want zero or more", x.First)
	}
	if x.Per < 0 {
		errs.Addf("Per", "invalid duration %v: want zero or more", x.Per)
	}
	errs.Add("Match", x.Match.Validate())
	return errs.Err()
}

// A filter is an Exclusion in operation.
type filter struct {
	Exclusion
	match    matcher
	excluded atomic.Uint64
	windows  *windows // nil without First
	seed     maphash.Seed
	drawn    atomic.Uint64 // distinguishes lines of the same instant
}

func newFilter(x Exclusion) *filter {
	f := &filter{Exclusion: x, seed: maphash.MakeSeed()}
	f.match = newMatcher(&f.Match)
	if x.First > 0 {
		f.windows = newWindows(x.First, x.Per)
	}
	return f
}

// excludes reports whether the filter decides on the line, and if so, whether
// it excludes the line.
func (f *filter) excludes(l *Line) (decided, excluded bool) {
	if l.Level >= slog.LevelError && !f.Errors || !f.match.matches(l) {
		return false, false
	}
	if f.windows != nil && f.windows.admit(l) || f.Keep > 0 && f.keeps(l) {
		return true, false
	}
	f.excluded.Add(1)
	return true, true
}

// keeps draws by the request, so that its lines stay together. A line without a
// request is drawn by itself.
func (f *filter) keeps(l *Line) bool {
	var h uint64
	if v, ok := l.Value(field.KeyRequestID); ok {
		h = maphash.String(f.seed, v.String())
	} else {
		h = maphash.Comparable(f.seed, [2]int64{l.Time.UnixNano(), int64(f.drawn.Add(1))})
	}
	return float64(h) < f.Keep*math.MaxUint64
}
