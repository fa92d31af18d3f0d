package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/logging/delivery"
)

var fulls = []delivery.Full{delivery.FullBlock, delivery.FullDrop}

// closeInVain closes a Buffer whose writer hangs.
func closeInVain(t *testing.T, b *delivery.Buffer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := b.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close() = %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestLateLineDoesNotWaitForAHungWriter(t *testing.T) {
	for _, full := range fulls {
		t.Run(full.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := &gate{open: make(chan struct{})}
				b := delivery.NewBuffer(g, &delivery.Options{Full: full})
				_ = b.WriteLine(slog.LevelInfo, []byte("hangs\n"))
				closeInVain(t, b)
				start := time.Now()
				for _, level := range []slog.Level{slog.LevelInfo, slog.LevelError} {
					if err := b.WriteLine(level, []byte("late\n")); err == nil {
						t.Errorf("WriteLine(%v) = nil, want an error", level)
					}
				}
				if took := time.Since(start); took != 0 {
					t.Errorf("the calls took %v, want no wait", took)
				}
				if c := b.Counts(); c.Queued != 1 || c.Dropped != 2 {
					t.Errorf("got %v, want 1 queued and 2 dropped", c)
				}
				close(g.open)
				synctest.Wait()
				if err := b.WriteLine(slog.LevelInfo, []byte("after\n")); err != nil {
					t.Errorf("WriteLine() = %v, want nil because the writer works again", err)
				}
				_ = b.Close(context.Background())
				if c := b.Counts(); c.Done != 2 || c.Queued != 0 {
					t.Errorf("got %v, want 2 done", c)
				}
			})
		})
	}
}

// TestLateLineDuringASlowClose checks calls while Close waits for a writer that
// takes ten seconds.
func TestLateLineDuringASlowClose(t *testing.T) {
	for full, want := range map[delivery.Full]time.Duration{delivery.FullDrop: 0, delivery.FullBlock: 2 * time.Second} {
		t.Run(full.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &sink{misdeed: func(p []byte) (int, error) { time.Sleep(10 * time.Second); return len(p), nil }}
				b := delivery.NewBuffer(s, &delivery.Options{Full: full, FlushFor: 2 * time.Second})
				_ = b.WriteLine(slog.LevelInfo, []byte("slow\n"))
				closed := make(chan error)
				go func() { closed <- b.Close(context.Background()) }()
				synctest.Wait()
				start := time.Now()
				err := b.WriteLine(slog.LevelInfo, []byte("late\n"))
				if took := time.Since(start); err != nil || took != want {
					t.Errorf("WriteLine() = %v after %v, want nil after %v", err, took, want)
				}
				if err := <-closed; err != nil || len(s.lines()) != 2 {
					t.Errorf("Close() = %v with the lines %q, want nil and two lines", err, s.lines())
				}
			})
		})
	}
}

func TestCallsThatWaitForRoomEndWhenCloseGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		b := delivery.NewBuffer(g, &delivery.Options{Bytes: 10, BlockFor: time.Hour})
		for range 2 {
			_ = b.WriteLine(slog.LevelInfo, []byte("123456789\n"))
			synctest.Wait()
		}
		start := time.Now()
		waiting := make(chan error)
		go func() { waiting <- b.WriteLine(slog.LevelInfo, []byte("third\n")) }()
		synctest.Wait()
		closeInVain(t, b)
		if err := <-waiting; err == nil || time.Since(start) != time.Second {
			t.Errorf("WriteLine() = %v after %v, want an error after 1s", err, time.Since(start))
		}
		close(g.open)
		_ = b.Close(context.Background())
	})
}

func TestErrorsWaitOnceForAHungWriter(t *testing.T) {
	for _, full := range fulls {
		t.Run(full.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := &gate{open: make(chan struct{})}
				b := delivery.NewBuffer(g, &delivery.Options{Full: full})
				start := time.Now()
				line := make([]byte, 1<<10)
				for range 1000 {
					_ = b.WriteLine(slog.LevelError, line)
				}
				if took := time.Since(start); took > 6*time.Second {
					t.Errorf("1000 lines took %v, want at most 6s: the defaults of FlushFor and BlockFor", took)
				}
				if c := b.Counts(); c.Dropped < 400 || c.Queued+c.Dropped != 1000 {
					t.Errorf("got %v, want more than 400 dropped and the others queued", c)
				}
				close(g.open)
				synctest.Wait()
				queued := uint64(0)
				if full == delivery.FullDrop {
					queued = 1
				}
				if err := b.WriteLine(slog.LevelError, line); err != nil || b.Counts().Queued != queued {
					t.Errorf("WriteLine() = %v, %v, want %d queued because the writer works again", err, b.Counts(), queued)
				}
				_ = b.Close(context.Background())
			})
		})
	}
}

// TestStuckBufferKeepsErrors checks that a line of a higher level takes the
// room of others after a wait in vain.
func TestStuckBufferKeepsErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		b := delivery.NewBuffer(g, &delivery.Options{Bytes: 10})
		for range 2 {
			_ = b.WriteLine(slog.LevelInfo, []byte("123456789\n"))
			synctest.Wait()
		}
		if err := b.WriteLine(slog.LevelError, []byte("error\n")); err != nil {
			t.Errorf("WriteLine() = %v, want the line of level INFO dropped instead", err)
		}
		close(g.open)
		_ = b.Close(context.Background())
		if got := g.lines(); len(got) != 2 || got[1] != "error" {
			t.Errorf("got the lines %q, want the error last", got)
		}
	})
}
