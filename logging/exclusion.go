package logging

import (
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/logging/field"
)

// An Exclusion keeps lines from the sinks, and counts them. Of rules that select
// a line the first decides.
type Exclusion struct {
	// Name names the rule in counters. It is required, and unique.
	Name string

	// Match selects the lines.
	Match Match

	// Keep is the share of the selected lines that is written all the same: 0 for
	// none, 0.01 for one in a hundred. Lines of one request are kept or excluded
	// together.
	Keep float64

	// First is how many lines of one message and level are written in each Per,
	// before Keep applies: the first is always seen, a flood is not. 0 is none.
	First int

	// Per is the interval of First; 0 means one second.
	Per time.Duration

	// Errors makes the rule apply to lines of level ERROR too.
	Errors bool
}

func (x *Exclusion) validate() error {
	var errs []error
	if x.Name == "" {
		errs = append(errs, errors.New("logging: Name is empty"))
	}
	if !(x.Keep >= 0 && x.Keep < 1) {
		errs = append(errs, fmt.Errorf("logging: Keep is %v; want a share from 0 up to, not including, 1", x.Keep))
	}
	if x.First < 0 {
		errs = append(errs, fmt.Errorf("logging: First is %d; want 0 or more", x.First))
	}
	if x.Per < 0 {
		errs = append(errs, fmt.Errorf("logging: Per is %v; want 0 or more", x.Per))
	}
	return errors.Join(append(errs, x.Match.Validate())...)
}

// A rule is an Exclusion at work.
type rule struct {
	Exclusion
	excluded atomic.Uint64
	windows  []window
	seed     maphash.Seed
	drawn    atomic.Uint64 // tells lines of the same instant apart
}

// A window counts the lines of one message and level in one interval. It is the
// message's until the interval has ended; then another may take it. There is a
// fixed number of windows and no lock; a message that finds none is written, so
// that a flood of one message never hides another.
type window struct {
	key         atomic.Uint64 // hash of message and level; 0 is none
	ends, lines atomic.Int64
}

// A message looks at probes windows for one that is its own or free.
const probes = 4

const windowCount = 1 << 10

func newRule(x Exclusion) *rule {
	r := &rule{Exclusion: x, seed: maphash.MakeSeed()}
	if x.First > 0 {
		r.windows = make([]window, windowCount)
		if r.Per == 0 {
			r.Per = time.Second
		}
	}
	return r
}

// excludes reports whether the rule decides on the line, and how.
func (r *rule) excludes(l *Line) (decided, excluded bool) {
	if l.Level >= slog.LevelError && !r.Errors || !r.Match.Matches(l) {
		return false, false
	}
	if r.First > 0 && r.amongFirst(l) || r.Keep > 0 && r.kept(l) {
		return true, false
	}
	r.excluded.Add(1)
	return true, true
}

func (r *rule) amongFirst(l *Line) bool {
	key := maphash.Comparable(r.seed, messageKey{l.Message, l.Level}) | 1
	now := l.Time.UnixNano()
	for i := range uint64(probes) {
		w := &r.windows[(key>>1+i)%windowCount]
		taken := w.key.Load()
		if taken != key && (taken == 0 || now >= w.ends.Load()) && w.key.CompareAndSwap(taken, key) {
			w.ends.Store(0)
		}
		if w.key.Load() == key {
			return w.count(now, int64(r.Per)) <= int64(r.First)
		}
	}
	return true
}

type messageKey struct {
	message string
	level   slog.Level
}

// count counts a line and returns how many there were in the interval.
func (w *window) count(now, per int64) int64 {
	if ends := w.ends.Load(); now >= ends && w.ends.CompareAndSwap(ends, now+per) {
		w.lines.Store(0)
	}
	return w.lines.Add(1)
}

// kept draws by the request, so that the lines of one stay together; a line of
// no request is drawn by itself.
func (r *rule) kept(l *Line) bool {
	var h uint64
	if v, ok := l.Value(field.KeyRequestID); ok {
		h = maphash.String(r.seed, v.String())
	} else {
		h = maphash.Comparable(r.seed, [2]int64{l.Time.UnixNano(), int64(r.drawn.Add(1))})
	}
	return float64(h) < r.Keep*math.MaxUint64
}
