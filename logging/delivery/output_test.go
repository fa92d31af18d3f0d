package delivery_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging/delivery"
)

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
				t.Errorf("got %v, want 1000 done and 100 failed", got)
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
		t.Error("WriteLine() = nil for a torn line, want an error")
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
		t.Errorf("got %q and %v, want the whole line, counted as done", got, d.Counts())
	}
}

func TestWriteCountsLines(t *testing.T) {
	for _, w := range []lineWriter{delivery.NewDirect(&sink{}, quiet), delivery.NewBuffer(&sink{}, nil)} {
		if n, err := w.Write([]byte("one\ntwo")); n != 7 || err != nil {
			t.Errorf("Write() = %d, %v, want 7, nil", n, err)
		}
		if err := w.Close(context.Background()); err != nil || w.Counts().Done != 2 {
			t.Errorf("Close() = %v, %v, want 2 lines done", err, w.Counts())
		}
	}
}

func TestOnErrorMayPanic(t *testing.T) {
	s := &sink{misdeed: func([]byte) (int, error) { return 0, errors.New("x") }}
	d := delivery.NewDirect(s, func(error) { panic("hook") })
	if err := d.WriteLine(slog.LevelInfo, []byte("x\n")); err == nil {
		t.Error("WriteLine() = nil, want the sink's error")
	}
}
