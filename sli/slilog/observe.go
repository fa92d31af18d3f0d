package slilog

import (
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/sli"
)

// A Result says what became of lines. Lines is the sum of the others.
type Result struct {
	Lines      uint64 // read or observed
	Events     uint64 // recorded
	Others     uint64 // lines that are no events
	Unreadable uint64 // not in the format, or with a field that cannot be read
}

type counters struct{ events, others, unreadable atomic.Uint64 }

// Result returns what became of the lines observed. Readers return their own.
func (e *Events) Result() Result {
	r := Result{Events: e.counts.events.Load(), Others: e.counts.others.Load(), Unreadable: e.counts.unreadable.Load()}
	r.Lines = r.Events + r.Others + r.Unreadable
	return r
}

// Observe records the event of a line that the process logs.
func (e *Events) Observe(l *logging.Line) {
	ev, ok, err := e.event(func(name string) (string, bool) { return text(l, name) }, e.durationField(), e.unit(time.Millisecond))
	switch {
	case err != nil:
		e.counts.unreadable.Add(1)
	case !ok:
		e.counts.others.Add(1)
	default:
		e.recorder.Record(ev)
		e.counts.events.Add(1)
	}
}

// text returns a field as a line has it. A time.Duration says its unit.
func text(l *logging.Line, name string) (string, bool) {
	v, ok := l.Value(name)
	if !ok {
		return "", false
	}
	switch v.Kind() {
	case slog.KindDuration:
		return strconv.FormatInt(v.Duration().Nanoseconds(), 10) + "ns", true
	case slog.KindFloat64:
		return strconv.FormatFloat(v.Float64(), 'g', -1, 64), true
	}
	return v.String(), true
}

func (e *Events) durationField() string {
	if e.fields.Duration == "" {
		return "execution_time_ms"
	}
	return e.fields.Duration
}

func (e *Events) unit(zero time.Duration) time.Duration {
	if e.fields.Unit == 0 {
		return zero
	}
	return e.fields.Unit
}

// NewHandler returns an slog.Handler that only records events and writes nothing,
// to stand beside a handler of another package (slog.NewMultiHandler).
func NewHandler(recorder *sli.Recorder, fields *Fields) (slog.Handler, error) {
	e, err := New(recorder, fields)
	if err != nil {
		return nil, err
	}
	return logging.New("slilog", nil, &logging.Options{Observers: []logging.Observer{e}})
}
