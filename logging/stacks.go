package logging

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/sligo-go/sligo/logging/internal/frames"
)

// stacks turns program counters into the text of stack_trace. Walking the stack
// is cheap, but naming its functions is not. A service logs errors from a small
// number of places, so stacks caches the text of each stack.
type stacks struct {
	mu    sync.RWMutex
	texts map[uint64]stackText
}

type stackText struct {
	pcs  []uintptr
	json []byte
}

const (
	maxFrames = 32
	maxStacks = 1024
)

func newStacks() *stacks {
	return &stacks{texts: make(map[uint64]stackText)}
}

// of returns a JSON member with the stack that err carries, or else the
// stack of the call at pc, without the frames between the call and this
// function. If pc is not on the stack, because another goroutine passed the
// record on, it is the only frame.
func (s *stacks) of(err error, pc uintptr) []byte {
	if pcs := frames.Of(err); len(pcs) > 0 {
		return s.text(pcs[:min(len(pcs), maxFrames)])
	}
	if pc == 0 {
		return nil
	}
	var room [maxFrames + 16]uintptr
	pcs := room[:runtime.Callers(2, room[:])]
	if i := slices.Index(pcs, pc); i >= 0 {
		pcs = pcs[i:]
	} else {
		room[0] = pc
		pcs = room[:1]
	}
	return s.text(pcs[:min(len(pcs), maxFrames)])
}

func (s *stacks) text(pcs []uintptr) []byte {
	key := hash(pcs)
	s.mu.RLock()
	t, ok := s.texts[key]
	s.mu.RUnlock()
	if ok && slices.Equal(t.pcs, pcs) {
		return t.json
	}
	own := slices.Clone(pcs) // the caller's array is on its stack
	t = stackText{own, render(own)}
	s.mu.Lock()
	if len(s.texts) >= maxStacks {
		clear(s.texts) // too rare to be worth an order of eviction
	}
	s.texts[key] = t
	s.mu.Unlock()
	return t.json
}

// hash returns FNV-1a over words instead of bytes. The cache compares the
// counters themselves if hashes are equal.
func hash(pcs []uintptr) uint64 {
	h := uint64(14695981039346656037)
	for _, pc := range pcs {
		h = (h ^ uint64(pc)) * 1099511628211
	}
	return h
}

// render returns the member with one frame per line: "at
// main.handle(server.go:45)". It omits directories, which describe the machine
// that built the service rather than the fault.
func render(pcs []uintptr) []byte {
	var b strings.Builder
	all := runtime.CallersFrames(pcs)
	for {
		f, more := all.Next()
		if f.Function != "" && f.Function != "runtime.goexit" {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "at %s(%s:%d)", f.Function, filepath.Base(f.File), f.Line)
		}
		if !more {
			break
		}
	}
	text, err := json.Marshal(b.String())
	if err != nil {
		return nil
	}
	return append([]byte(fieldPrefix[stackTrace]), text...)
}
