package sli

import (
	"math"
	"sync/atomic"
	"time"
)

// Pending is the state of one event that is in flight: the indicators that have
// judged it. Each indicator counts the event once, whichever of
// [Operation.Check] and [Operation.Finish] judges it first. The zero Pending is
// ready to use. A reporter embeds it in its own state of the request.
//
// The methods of Operation that take a Pending may be called concurrently, with
// operations of one Recorder only. A Pending must not be copied.
type Pending struct {
	// Patience lowers the Patience of indicators without Good.Within for this
	// event, because the caller is known to leave earlier. Zero, and a value
	// above an indicator's Patience, change nothing. Set it before the first
	// call of Check or Finish.
	Patience time.Duration

	// first has a bit for each of the first 64 indicators.
	first atomic.Uint64
	// more has the bits of the others. It is nil before one of them judged.
	more atomic.Pointer[bitmap]
}

// bitmap has a bit for each indicator of a recorder from the 65th on.
type bitmap []atomic.Uint64

const (
	wordBits = 64
	allBits  = math.MaxUint64
)

// finished marks a Pending without further words after Finish.
var finished bitmap

// judged reports whether an indicator has judged the event.
func (p *Pending) judged(indicator int) bool {
	if word, bit := p.word(indicator); word != nil {
		return word.Load()&bit != 0
	}
	return p.more.Load() == &finished
}

// claim reports whether the caller is the first to judge the event by an
// indicator. The recorder has n indicators.
func (p *Pending) claim(indicator, n int) bool {
	if indicator >= wordBits && p.more.Load() == nil {
		words := make(bitmap, (n-1)/wordBits)
		p.more.CompareAndSwap(nil, &words)
	}
	word, bit := p.word(indicator)
	return word != nil && word.Or(bit)&bit == 0
}

// word returns the word and the bit of an indicator. For indicators from the
// 65th on, it returns no word before one of them judged and after finish.
func (p *Pending) word(indicator int) (word *atomic.Uint64, bit uint64) {
	bit = 1 << (indicator % wordBits)
	if indicator < wordBits {
		return &p.first, bit
	}
	more := p.more.Load()
	if more == nil || more == &finished {
		return nil, bit
	}
	return &(*more)[indicator/wordBits-1], bit
}

// finish claims every indicator at once, and returns the bits before.
func (p *Pending) finish(n int) claimed {
	c := claimed{first: p.first.Swap(allBits)}
	if n > wordBits {
		c.more = p.more.Swap(&finished)
	}
	return c
}

// claimed are the indicators that judged an event before it finished.
type claimed struct {
	first uint64
	more  *bitmap
}

// has reports whether an indicator judged the event.
func (c claimed) has(indicator int) bool {
	bit := uint64(1) << (indicator % wordBits)
	switch {
	case indicator < wordBits:
		return c.first&bit != 0
	case c.more == nil:
		return false
	case c.more == &finished:
		return true
	}
	// A Check that began earlier may still set bits.
	return (*c.more)[indicator/wordBits-1].Or(bit)&bit != 0
}
