package logging_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/logging"
)

func count(t *testing.T, x logging.Exclusion, log func(l *slog.Logger)) (written int, excluded uint64) {
	t.Helper()
	x.Name = "rule"
	var out bytes.Buffer
	h := mustNew(t, &out, &logging.Options{Exclude: []logging.Exclusion{x}, NoStackTrace: true})
	log(slog.New(h))
	return strings.Count(out.String(), "\n"), h.Stats().Excluded["rule"]
}

func TestExclusion(t *testing.T) {
	each := func(l *slog.Logger) {
		for i := range 1000 {
			ctx := logging.WithRequest(context.Background(), fmt.Sprint("r", i))
			l.InfoContext(ctx, "first")
			l.InfoContext(ctx, "second")
			l.ErrorContext(ctx, "error")
		}
	}
	if written, excluded := count(t, logging.Exclusion{}, each); written != 1000 || excluded != 2000 {
		t.Errorf("all: %d written, %d excluded; want the 1000 errors written and 2000 lines excluded", written, excluded)
	}
	if written, excluded := count(t, logging.Exclusion{Errors: true}, each); written != 0 || excluded != 3000 {
		t.Errorf("all with errors: %d written, %d excluded; want 0 and 3000", written, excluded)
	}
	written, excluded := count(t, logging.Exclusion{Keep: .25}, each)
	if kept := written - 1000; kept < 350 || kept > 650 || kept%2 != 0 || uint64(kept)+excluded != 2000 {
		t.Errorf("a quarter: %d of 2000 kept, %d excluded; want about 500 kept, both lines of a request together", kept, excluded)
	}
	written, _ = count(t, logging.Exclusion{Keep: .25}, func(l *slog.Logger) {
		for range 4000 {
			l.Info("without a request")
		}
	})
	if written < 800 || written > 1200 {
		t.Errorf("a quarter of lines without a request: %d of 4000 kept, want about 1000", written)
	}
}

func TestRatePerMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		written, excluded := count(t, logging.Exclusion{First: 3, Per: time.Second}, func(l *slog.Logger) {
			for range 2 {
				for range 10 {
					l.Info("flood")
					l.Warn("flood")
				}
				l.Info("rare")
				time.Sleep(time.Second)
			}
		})
		if written != 14 || excluded != 28 {
			t.Errorf("%d written and %d excluded, want 3 of each flood and each rare line, twice", written, excluded)
		}
	})
}

// TestAFloodHidesNoOtherMessage logs a flood and then more messages than
// there are windows. Each of them must be written.
func TestAFloodHidesNoOtherMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const others = 3000
		written, excluded := count(t, logging.Exclusion{First: 1, Per: time.Hour}, func(l *slog.Logger) {
			for range 1000 {
				l.Info("flood")
			}
			for i := range others {
				l.Info(fmt.Sprint("other ", i))
			}
		})
		if written != others+1 || excluded != 999 {
			t.Errorf("%d written and %d excluded, want %d and 999", written, excluded, others+1)
		}
	})
}

func TestTheFirstRuleDecides(t *testing.T) {
	var out bytes.Buffer
	h := mustNew(t, &out, &logging.Options{Exclude: []logging.Exclusion{
		{Name: "keep", Match: logging.Match{Messages: []string{"probe of a customer"}}, First: 1 << 30},
		{Name: "probes", Match: logging.Match{Messages: []string{"probe*"}}},
	}})
	l := slog.New(h)
	l.Info("probe")
	l.Info("probe of a customer")
	if got := h.Stats(); strings.Count(out.String(), "\n") != 1 || got.Excluded["probes"] != 1 || got.Excluded["keep"] != 0 || got.Lines["INFO"] != 2 {
		t.Errorf("%+v: %s", got, &out)
	}
}

func TestObserversSeeExcludedLinesAndMayPanic(t *testing.T) {
	seen := 0
	h, buf := newHandler(t, &logging.Options{
		Observers: []logging.Observer{observer(func(*logging.Line) { panic("x") }), observer(func(*logging.Line) { seen++ })},
		Exclude:   []logging.Exclusion{{Name: "all"}},
	})
	slog.New(h).Info("m")
	slog.New(h).Debug("m")
	if seen != 1 || buf.Len() != 0 {
		t.Errorf("observed %d lines and wrote %q, want one line and none", seen, buf)
	}
}
