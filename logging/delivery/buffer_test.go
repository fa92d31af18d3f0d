package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
)

// A gate is a writer that hangs until open is closed.
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
		for range 2 { // the first line is being written, the second fills the buffer
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
			t.Fatal("WriteLine returned, but there was no room")
		}
		close(g.open)
		synctest.Wait()
		if err := b.Close(context.Background()); err != nil || !done {
			t.Errorf("Close() = %v, and WriteLine returned: %t, want nil and true", err, done)
		}
		if got := b.Counts(); got.Done != 3 {
			t.Errorf("got %v, want 3 done", got)
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
			t.Errorf("Close() = %v, %v, want one line lost", err, b.Counts())
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
			{slog.LevelDebug, "later"}, // is dropped
		} {
			_ = b.WriteLine(l.level, []byte(l.text+"\n"))
		}
		close(g.open)
		_ = b.Close(context.Background())
		if got, want := strings.Join(g.lines(), " "), "being written info2 error fault"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := b.Counts(); got.Dropped != 3 || got.Done != 4 {
			t.Errorf("got %v, want 3 dropped and 4 done", got)
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
		t.Errorf("%d of 101 lines were written before the call for the ERROR line returned", got)
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
			t.Errorf("got %v, want the line queued", c)
		}
		close(g.open)
		if err := b.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseReportsQueuedLinesWhenTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		b := delivery.NewBuffer(g, nil)
		_ = b.WriteLine(slog.LevelInfo, []byte("slow\n"))
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		var lost *telemetry.LossError
		if err := b.Close(ctx); !errors.As(err, &lost) || lost.Counts.Queued != 1 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close() = %v, want one line queued", err)
		}
		close(g.open)
		if err := b.Close(context.Background()); err != nil {
			t.Errorf("second Close() = %v, want nil because the line was written", err)
		}
		if err := b.WriteLine(slog.LevelInfo, []byte("late\n")); err != nil || len(g.lines()) != 2 {
			t.Errorf("WriteLine() = %v after Close, and the lines are %q, want two", err, g.lines())
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
			t.Fatalf("Flush() = %v, and %d of %d lines are written", err, len(s.lines()), i+1)
		}
	}
}
