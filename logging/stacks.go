package logging

import (
	"encoding/json"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sligo-go/sligo/logging/internal/frames"
)

// stacks turns program counters into the text of stack_trace. Walking the stack
// is cheap, naming its functions is not: the text of a stack is kept. Services
// log errors from a small number of places.
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

// of returns the stack that err carries, else that of the call at pc, as a JSON
// member. The frames between the call and here are left out; a pc that is not on
// the stack (a record passed on by another goroutine) is a stack of one.
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
	own := slices.Clone(pcs) // the caller's are on its stack
	t = stackText{own, render(own)}
	s.mu.Lock()
	if len(s.texts) >= maxStacks {
		clear(s.texts) // rather than to keep an order for a case that does not occur
	}
	s.texts[key] = t
	s.mu.Unlock()
	return t.json
}

// hash is FNV-1a over words instead of bytes. Equal hashes are told apart by the
// counters themselves.
func hash(pcs []uintptr) uint64 {
	h := uint64(14695981039346656037)
	for _, pc := range pcs {
		h = (h ^ uint64(pc)) * 1099511628211
	}
	return h
}

// render writes a frame a line: "at main.handle(server.go:45)". A directory says
// more about the machine that built the service than about the fault.
func render(pcs []uintptr) []byte {
	var b strings.Builder
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if f.Function != "" && f.Function != "runtime.goexit" {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString("at " + f.Function + "(" + filepath.Base(f.File) + ":" + strconv.Itoa(f.Line) + ")")
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
