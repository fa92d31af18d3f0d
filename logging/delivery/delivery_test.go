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
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
)

func quiet(error) {}

// A lineWriter is what Direct and Buffer have in common.
type lineWriter interface {
	io.Writer
	WriteLine(level slog.Level, line []byte) error
	Counts() telemetry.Counts
	Flush(ctx context.Context) error
	Close(ctx context.Context) error
}

// A sink keeps what it is given and misbehaves as it is told.
type sink struct {
	mu      sync.Mutex
	got     bytes.Buffer
	misdeed func(p []byte) (n int, err error) // nil: behave
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

// whole returns how many lines arrived untorn.
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

// account has producers write to a sink that misbehaves at random, with a reader of
// the counts beside them, and compares the counts with what the sink got.
func account(t *testing.T, newWriter func(io.Writer) lineWriter, seed uint64) {
	const producers, perProducer = 3, 150
	rnd := rand.New(rand.NewPCG(seed, 1))
	s := &sink{misdeed: func(p []byte) (int, error) { return misdeed(rnd, p) }}
	w := newWriter(s)
	var given, taken atomic.Uint64 // calls begun and calls returned
	stop := make(chan struct{})
	var watching, producing sync.WaitGroup
	watching.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				least := taken.Load()
				c := w.Counts()
				checkQueued(t, c)
				if most := given.Load(); c.Accepted() < least || c.Accepted() > most {
					t.Errorf("accepted %d lines when %d to %d had been given", c.Accepted(), least, most)
				}
				if arrived := s.whole(); c.Done > arrived {
					t.Errorf("%d lines are counted as written, %d arrived", c.Done, arrived)
				}
			}
		}
	})
	levels := []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelError}
	for p := range producers {
		producing.Go(func() {
			for i := range perProducer {
				given.Add(1)
				_ = w.WriteLine(levels[i%3], fmt.Appendf(nil, "<%d/%d>\n", p, i))
				taken.Add(1)
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
		t.Errorf("after Close: %+v; want all of %d settled", c, producers*perProducer)
	}
	if arrived := s.whole(); c.Done > arrived {
		t.Errorf("%d lines are counted as written, %d arrived", c.Done, arrived)
	}
	var lost *telemetry.LossError
	if (c.Lost() > 0) != errors.As(err, &lost) {
		t.Errorf("Close() = %v with %d lines lost", err, c.Lost())
	}
}

// misdeed is one Write of a sink that fails in every way there is.
func misdeed(rnd *rand.Rand, p []byte) (int, error) {
	switch rnd.IntN(12) {
	case 0:
		return 0, errors.New("no space left on device")
	case 1:
		return rnd.IntN(len(p)), io.ErrShortWrite
	case 2:
		return rnd.IntN(len(p)), nil // short, and says nothing
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

func TestRecoveryAfterErrors(t *testing.T) {
	for name, newWriter := range map[string]func(w io.Writer) lineWriter{
		"direct": func(w io.Writer) lineWriter { return delivery.NewDirect(w, quiet) },
		"buffer": func(w io.Writer) lineWriter { return delivery.NewBuffer(w, &delivery.Options{OnError: quiet}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := &sink{misdeed: func([]byte) (int, error) { return 0, errors.New("no space left on device") }}
			w := newWriter(s)
			for range 100 {
				_ = w.WriteLine(slog.LevelInfo, []byte("lost\n"))
				_ = w.Flush(context.Background())
			}
			s.mu.Lock()
			s.misdeed = nil
			s.mu.Unlock()
			for range 1000 {
				_ = w.WriteLine(slog.LevelInfo, []byte("kept\n"))
			}
			_ = w.Close(context.Background())
			if got := w.Counts(); got.Done != 1000 || got.Failed != 100 {
				t.Errorf("got %+v, want 1000 written and 100 failed", got)
			}
			if got := strings.Count(s.got.String(), "kept\n"); got != 1000 {
				t.Errorf("%d of 1000 lines arrived", got)
			}
		})
	}
}

func TestTornLineIsEnded(t *testing.T) {
	writes := 0
	s := &sink{misdeed: func(p []byte) (int, error) {
		if writes++; writes <= 2 {
			return 3, errors.New("broken pipe")
		}
		return len(p), nil
	}}
	d := delivery.NewDirect(s, quiet)
	if err := d.WriteLine(slog.LevelInfo, []byte("abcdefghijkl\n")); err == nil {
		t.Error("WriteLine() = nil for a torn line")
	}
	if err := d.WriteLine(slog.LevelInfo, []byte("next\n")); err != nil {
		t.Error(err)
	}
	if got, want := s.got.String(), "abcdef\nnext\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestShortWriteIsContinued(t *testing.T) {
	s := &sink{}
	first := true
	s.misdeed = func(p []byte) (int, error) {
		if first {
			first = false
			return 4, nil
		}
		return len(p), nil
	}
	d := delivery.NewDirect(s, quiet)
	if err := d.WriteLine(slog.LevelInfo, []byte("whole line\n")); err != nil {
		t.Error(err)
	}
	if got := s.got.String(); got != "whole line\n" || d.Counts().Done != 1 {
		t.Errorf("got %q, %+v", got, d.Counts())
	}
}

// A gate is a writer that hangs until it is opened.
type gate struct {
	sink
	open chan struct{}
}

func (g *gate) Write(p []byte) (int, error) {
	<-g.open
	return g.sink.Write(p)
}

func TestFullBufferBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		b := delivery.NewBuffer(g, &delivery.Options{Bytes: 10})
		for range 2 { // one being written, one buffer full
			_ = b.WriteLine(slog.LevelInfo, []byte("123456789\n"))
			synctest.Wait()
		}
		done := false
		go func() {
			_ = b.WriteLine(slog.LevelInfo, []byte("third\n"))
			done = true
		}()
		synctest.Wait()
		if done {
			t.Fatal("WriteLine returned though there was no room")
		}
		close(g.open)
		synctest.Wait()
		if err := b.Close(context.Background()); err != nil || !done {
			t.Errorf("Close() = %v, done = %v", err, done)
		}
		if got := b.Counts(); got.Done != 3 {
			t.Errorf("got %+v, want 3 written", got)
		}
	})
}

func TestFullBufferBlocksForATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		b := delivery.NewBuffer(g, &delivery.Options{Bytes: 10, BlockFor: time.Second})
		for range 2 {
			_ = b.WriteLine(slog.LevelInfo, []byte("123456789\n"))
			synctest.Wait()
		}
		start := time.Now()
		err := b.WriteLine(slog.LevelInfo, []byte("third\n"))
		if took := time.Since(start); err == nil || took != time.Second {
			t.Errorf("WriteLine() = %v after %v, want an error after 1s", err, took)
		}
		close(g.open)
		if err := b.Close(context.Background()); err == nil || b.Counts().Dropped != 1 {
			t.Errorf("Close() = %v, %+v; want one line lost", err, b.Counts())
		}
	})
}

func TestFullBufferDropsTheLowestLevel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		b := delivery.NewBuffer(g, &delivery.Options{Bytes: 20, Full: delivery.FullDrop})
		_ = b.WriteLine(slog.LevelInfo, []byte("being written\n"))
		synctest.Wait()
		for _, l := range []struct {
			level slog.Level
			text  string
		}{
			{slog.LevelInfo, "info1"}, {slog.LevelDebug, "debug"}, {slog.LevelInfo, "info2"},
			{slog.LevelError, "error"}, // drops debug
			{slog.LevelError, "fault"}, // drops info1
			{slog.LevelDebug, "later"}, // is dropped itself
		} {
			_ = b.WriteLine(l.level, []byte(l.text+"\n"))
		}
		close(g.open)
		_ = b.Close(context.Background())
		if got, want := strings.Join(g.lines(), " "), "being written info2 error fault"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := b.Counts(); got.Dropped != 3 || got.Done != 4 {
			t.Errorf("got %+v, want 3 dropped and 4 written", got)
		}
	})
}

func TestErrorIsWrittenBeforeTheCallReturns(t *testing.T) {
	s := &sink{}
	b := delivery.NewBuffer(s, nil)
	for range 100 {
		_ = b.WriteLine(slog.LevelInfo, []byte("info\n"))
	}
	_ = b.WriteLine(slog.LevelError, []byte("error\n"))
	if got := len(s.lines()); got != 101 {
		t.Errorf("%d of 101 lines written when the ERROR line returned", got)
	}
	_ = b.Close(context.Background())
}

func TestErrorDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		b := delivery.NewBuffer(g, &delivery.Options{FlushFor: 3 * time.Second})
		start := time.Now()
		if err := b.WriteLine(slog.LevelError, []byte("error\n")); err != nil || time.Since(start) != 3*time.Second {
			t.Errorf("WriteLine() = %v after %v, want nil after 3s", err, time.Since(start))
		}
		if c := b.Counts(); c.Queued != 1 {
			t.Errorf("got %+v, want the line buffered", c)
		}
		close(g.open)
		if err := b.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseWithoutTimeReportsWhatIsNotWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		b := delivery.NewBuffer(g, nil)
		_ = b.WriteLine(slog.LevelInfo, []byte("slow\n"))
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		var lost *telemetry.LossError
		if err := b.Close(ctx); !errors.As(err, &lost) || lost.Counts.Queued != 1 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close() = %v, want one line not written yet", err)
		}
		close(g.open)
		if err := b.Close(context.Background()); err != nil {
			t.Errorf("second Close() = %v, want nil: the line has been written", err)
		}
		if err := b.WriteLine(slog.LevelInfo, []byte("late\n")); err != nil || len(g.lines()) != 2 {
			t.Errorf("WriteLine() = %v after Close; %q", err, g.lines())
		}
	})
}

func TestFlush(t *testing.T) {
	s := &sink{}
	b := delivery.NewBuffer(s, nil)
	defer b.Close(context.Background())
	for i := range 50 {
		_ = b.WriteLine(slog.LevelInfo, []byte("x\n"))
		if err := b.Flush(context.Background()); err != nil || len(s.lines()) != i+1 {
			t.Fatalf("Flush() = %v with %d of %d lines written", err, len(s.lines()), i+1)
		}
	}
}

func TestWriteCountsLines(t *testing.T) {
	for _, w := range []lineWriter{delivery.NewDirect(&sink{}, quiet), delivery.NewBuffer(&sink{}, nil)} {
		if n, err := w.Write([]byte("one\ntwo")); n != 7 || err != nil {
			t.Errorf("Write() = %d, %v", n, err)
		}
		if err := w.Close(context.Background()); err != nil || w.Counts().Done != 2 {
			t.Errorf("Close() = %v, %+v; want 2 lines written", err, w.Counts())
		}
	}
}

func TestOnErrorMayPanic(t *testing.T) {
	s := &sink{misdeed: func([]byte) (int, error) { return 0, errors.New("x") }}
	d := delivery.NewDirect(s, func(error) { panic("hook") })
	if err := d.WriteLine(slog.LevelInfo, []byte("x\n")); err == nil {
		t.Error("WriteLine() = nil, want the error of the sink")
	}
}

func TestDirectDoesNotAllocate(t *testing.T) {
	d := delivery.NewDirect(io.Discard, nil)
	line := []byte("x\n")
	if got := testing.AllocsPerRun(100, func() { _ = d.WriteLine(slog.LevelInfo, line) }); got != 0 {
		t.Errorf("%v allocations per line, want 0", got)
	}
}
