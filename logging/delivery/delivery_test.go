package delivery_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
)

func quiet(error) {}

func TestFullAsText(t *testing.T) {
	if got, want := fmt.Sprint(delivery.FullBlock, delivery.FullDrop, delivery.Full(7)), "block drop Full(7)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A lineWriter is a Direct or a Buffer.
type lineWriter interface {
	io.Writer
	WriteLine(level slog.Level, line []byte) error
	Counts() telemetry.Counts
	Flush(ctx context.Context) error
	Close(ctx context.Context) error
}

// A sink is a writer that keeps its input and misbehaves on demand.
type sink struct {
	mu      sync.Mutex
	got     bytes.Buffer
	misdeed func(p []byte) (n int, err error) // nil means to behave
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.misdeed == nil {
		return s.got.Write(p)
	}
	n, err := s.misdeed(p)
	s.got.Write(p[:max(0, min(n, len(p)))])
	return n, err
}

func (s *sink) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Split(strings.TrimSuffix(s.got.String(), "\n"), "\n")
}

// whole returns the number of lines that arrived and are not torn.
func (s *sink) whole() (n uint64) {
	for _, line := range s.lines() {
		if strings.HasPrefix(line, "<") && strings.HasSuffix(line, ">") && strings.Count(line, "<") == 1 {
			n++
		}
	}
	return n
}

// checkQueued fails if more lines are queued than were accepted. The counts
// would wrap around if a line were settled before it is accepted.
func checkQueued(t *testing.T, c telemetry.Counts) {
	t.Helper()
	if c.Queued > c.Accepted() || c.Lost() > c.Accepted() {
		t.Errorf("inconsistent counts: %v", c)
	}
}

func TestEveryLineIsAccountedFor(t *testing.T) {
	kinds := map[string]func(w io.Writer) lineWriter{
		"direct": func(w io.Writer) lineWriter { return delivery.NewDirect(w, quiet) },
		"block": func(w io.Writer) lineWriter {
			return delivery.NewBuffer(w, &delivery.Options{Bytes: 300, OnError: quiet})
		},
		"block for a time": func(w io.Writer) lineWriter {
			return delivery.NewBuffer(w, &delivery.Options{Bytes: 300, BlockFor: 50 * time.Microsecond, OnError: quiet})
		},
		"drop": func(w io.Writer) lineWriter {
			return delivery.NewBuffer(w, &delivery.Options{Bytes: 300, Full: delivery.FullDrop, OnError: quiet})
		},
	}
	for name, newWriter := range kinds {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(8) {
				account(t, newWriter, seed)
			}
		})
	}
}

// account writes lines from several goroutines to a sink that misbehaves at
// random. It compares the counts with the input and with the sink's lines, both
// during the writing and after Close.
func account(t *testing.T, newWriter func(io.Writer) lineWriter, seed uint64) {
	const producers, perProducer = 3, 150
	rnd := rand.New(rand.NewPCG(seed, 1))
	s := &sink{misdeed: func(p []byte) (int, error) { return misdeed(rnd, p) }}
	w := newWriter(s)
	var begun, returned atomic.Uint64 // calls of WriteLine
	stop := make(chan struct{})
	var watching, producing sync.WaitGroup
	watching.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				least := returned.Load()
				c := w.Counts()
				checkQueued(t, c)
				if most := begun.Load(); c.Accepted() < least || c.Accepted() > most {
					t.Errorf("accepted %d lines, want %d to %d", c.Accepted(), least, most)
				}
				if arrived := s.whole(); c.Done > arrived {
					t.Errorf("%d lines are counted as done, but %d arrived", c.Done, arrived)
				}
			}
		}
	})
	levels := []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelError}
	for p := range producers {
		producing.Go(func() {
			for i := range perProducer {
				begun.Add(1)
				_ = w.WriteLine(levels[i%3], fmt.Appendf(nil, "<%d/%d>\n", p, i))
				returned.Add(1)
			}
		})
	}
	producing.Wait()
	err := w.Close(context.Background())
	close(stop)
	watching.Wait()
	c := w.Counts()
	checkQueued(t, c)
	if c.Accepted() != producers*perProducer || c.Queued != 0 {
		t.Errorf("after Close: %v, want %d accepted and none queued", c, producers*perProducer)
	}
	if arrived := s.whole(); c.Done > arrived {
		t.Errorf("%d lines are counted as done, but %d arrived", c.Done, arrived)
	}
	var lost *telemetry.LossError
	if (c.Lost() > 0) != errors.As(err, &lost) {
		t.Errorf("Close() = %v, but %d lines are lost", err, c.Lost())
	}
}

// misdeed is one Write of a sink that fails in every possible way.
func misdeed(rnd *rand.Rand, p []byte) (int, error) {
	switch rnd.IntN(12) {
	case 0:
		return 0, errors.New("no space left on device")
	case 1:
		return rnd.IntN(len(p)), io.ErrShortWrite
	case 2:
		return rnd.IntN(len(p)), nil // a short write without an error
	case 3:
		panic("broken sink")
	case 4:
		time.Sleep(100 * time.Microsecond)
	case 5:
		return -1, nil
	case 6:
		return len(p) + 7, nil
	}
	return len(p), nil
}
