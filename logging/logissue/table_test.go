package logissue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
)

type (
	notFound struct{ text string }
	conflict struct{ text string }
)

func (e notFound) Error() string { return e.text }
func (e conflict) Error() string { return e.text }

// examples are the examples of the table that are not texts.
var examples = map[string]func(l *slog.Logger){
	`notFound{"x"}`:                                 logged(notFound{"x"}),
	`conflict{"x"}`:                                 logged(conflict{"x"}),
	`coded{404}`:                                    logged(status(404)),
	`coded{500}`:                                    logged(status(500)),
	`errors.Join(a, b)`:                             logged(errors.Join(errNotFound, io.EOF)),
	`errors.Join(b, a)`:                             logged(errors.Join(io.EOF, errNotFound)),
	`errors.Join(worker(1), worker(2))`:             logged(errors.Join(worker(1), worker(2))),
	`worker(3)`:                                     logged(worker(3)),
	`fmt.Errorf("load: %w", io.EOF)`:                logged(fmt.Errorf("load: %w", io.EOF)),
	`fmt.Errorf("load: %w", context.Canceled)`:      logged(fmt.Errorf("load: %w", context.Canceled)),
	`context.Canceled`:                              logged(context.Canceled),
	`stackOf(load)`:                                 logged(fromOrders()),
	`stackOf(store)`:                                logged(fromPayments()),
	`recovered(load)`:                               func(l *slog.Logger) { recovered(l, "err", panicInCart) },
	`recovered(store)`:                              func(l *slog.Logger) { recovered(l, "err", panicInUser) },
	`l.Error("load", "err", io.EOF)`:                func(l *slog.Logger) { l.Error("load", "err", io.EOF) },
	`l.Error("store", "err", io.EOF)`:               func(l *slog.Logger) { l.Error("store", "err", io.EOF) },
	`l.Error("load", "err", "read the cart: EOF")`:  func(l *slog.Logger) { l.Error("load", "err", "read the cart: EOF") },
	`l.Error("store", "err", "read the cart: EOF")`: func(l *slog.Logger) { l.Error("store", "err", "read the cart: EOF") },
	`l.Error("load", "error_issue", "billing")`:     func(l *slog.Logger) { l.Error("load", "error_issue", "billing") },
	`l.Error("store", "error_issue", "billing")`:    func(l *slog.Logger) { l.Error("store", "error_issue", "billing") },
}

func worker(n int) error { return fmt.Errorf("worker %d failed", n) }

func logged(err any) func(*slog.Logger) {
	return func(l *slog.Logger) { l.Error("request failed", "err", err) }
}

// TestTable groups the examples of the table in docs/logs.md.
func TestTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/logs.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Issues\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows, used := 0, make(map[string]bool)
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if len(cells) != 4 || !strings.HasPrefix(cells[1], "`") {
			continue
		}
		rows++
		tracker := newTracker(t, &logissue.Options{Module: "github.com/sligo-go/sligo"})
		h, err := logging.New("my-app", io.Discard, &logging.Options{Observers: []logging.Observer{tracker}})
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range cells[1:3] {
			cell = strings.Trim(cell, "`")
			log, ok := examples[cell]
			if used[cell] = true; !ok {
				log = logged(cell)
			}
			log(slog.New(h))
		}
		if got := fmt.Sprint(len(tracker.Summary().Issues)); got != cells[3] {
			t.Errorf("%s: got %s groups, want %s:\n%v", cells[0], got, cells[3], tracker.Summary())
		}
	}
	if rows < 30 {
		t.Errorf("the table has %d rows, want at least 30", rows)
	}
	for cell := range examples {
		if !used[cell] {
			t.Errorf("the table lacks the example %s", cell)
		}
	}
}
