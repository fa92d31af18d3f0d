package sli

import (
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/internal/cells"
)

// counter judges and counts the events of one indicator.
type counter struct {
	judge  *judge
	tally  *tally  // nil if the indicator has groups
	groups *groups // nil without groups
}

// tallyOf returns the tally that counts an event.
func (c *counter) tallyOf(e *Event) *tally {
	if c.tally != nil {
		return c.tally
	}
	return c.groups.find(e.Group)
}

// tallies yields the tallies of the indicator.
func (c *counter) tallies(yield func(*tally) bool) {
	if c.tally != nil {
		yield(c.tally)
		return
	}
	for _, t := range c.groups.known.Load() {
		if !yield(t) {
			return
		}
	}
}

// counts returns the sum over the indicator's groups.
func (c *counter) counts() Counts {
	var sum Counts
	for t := range c.tallies {
		sum = sum.Add(t.counts())
	}
	return sum
}

// tally has the cells of one indicator, or of one of its groups.
type tally struct {
	set      *cells.Set
	verdicts int // the cell of good; the cell of bad follows
	reasons  int // the cell of the first reason; the others follow
	since    instant

	// overdue has the events that a walk found overdue. Walks alternate between
	// the two numbers, so that readers see the number of a complete walk.
	overdue [2]atomic.Uint64
}

const (
	verdictCells = int(clientLeft)
	reasonCells  = int(unlisted) - verdictCells
)

// newTally returns a tally with cells of its own.
func newTally(now time.Time) *tally {
	t := &tally{set: cells.New(verdictCells + reasonCells), reasons: verdictCells}
	t.since.moveBack(now)
	return t
}

func (t *tally) add(shard int, v verdict, n uint64) {
	switch {
	case v < clientLeft:
		t.set.Add(shard, t.verdicts+int(v), n)
	case v < unlisted:
		t.set.Add(shard, t.reasons+int(v-clientLeft), n)
	}
}

// counts reads the good and the bad cell once.
func (t *tally) counts() Counts {
	good, bad := t.set.Sum(t.verdicts), t.set.Sum(t.verdicts+1)
	return Counts{Good: good, Valid: good + bad}
}

// overflow is a flag that is set once and read often.
type overflow struct{ flag atomic.Bool }

func (o *overflow) set() {
	if !o.flag.Load() { // writing takes the cache line from other cores
		o.flag.Store(true)
	}
}
