package logissue

import (
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/guard"
)

// A hook calls a function with changes from its own goroutine.
type hook struct {
	changes chan Change   // closed to end the goroutine
	stopped chan struct{} // closed when the goroutine has ended
	missed  atomic.Uint64
}

// maxWaiting is how many changes wait for OnChange. A service that has more new
// issues at once has an incident, not tickets.
const maxWaiting = 64

func newHook(onChange func(Change)) *hook {
	h := &hook{changes: make(chan Change, maxWaiting), stopped: make(chan struct{})}
	go func() {
		defer close(h.stopped)
		for c := range h.changes {
			_ = guard.Call(func() { onChange(c) }) // a panic must not end later calls
		}
	}()
	return h
}

// report passes a change on, or counts it as missed. It never blocks.
func (h *hook) report(c Change) {
	select {
	case h.changes <- c:
	default:
		h.missed.Add(1)
	}
}
