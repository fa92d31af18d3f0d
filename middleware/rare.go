package middleware

import (
	"sync/atomic"
	"time"
)

// rare holds the facts about a request that most exchanges need not store.
type rare struct {
	// Parts of the target: a method without a label of its own, or an encoded path
	// that differs from the default encoding. The method is empty if the target
	// has neither.
	method, rawPath string

	allowed time.Duration           // the deadline of a gRPC client, or 0
	failure atomic.Pointer[failure] // from SetError

	readDeadline, writeDeadline deadline
}

var noRare rare // is only read

// rarely returns the rare facts for reading.
func (e *exchange) rarely() *rare {
	if r := e.rare.Load(); r != nil {
		return r
	}
	return &noRare
}

// makeRare returns the rare facts for writing.
func (e *exchange) makeRare() *rare {
	if e.rare.Load() == nil {
		e.rare.CompareAndSwap(nil, new(rare))
	}
	return e.rare.Load()
}

func (e *exchange) allowed() time.Duration { return e.rarely().allowed }
