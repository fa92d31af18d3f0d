package logsli

import (
	"log/slog"
	"strconv"
	"sync/atomic"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

// Observer records the events of log lines. It is a [logging.Observer]. Use
// [New]; the zero Observer is not valid. It is safe for concurrent use.
type Observer struct {
	recorder *sli.Recorder
	reader   *slilog.Reader
	handler  slog.Handler

	events, others, unreadable atomic.Uint64 // lines
}

// New returns an Observer that records in recorder. Nil options mean the
// fields of the standard schema. New reports every mistake in the options at
// once, as joined [*sli.FieldError] values.
func New(recorder *sli.Recorder, options *slilog.Options) (*Observer, error) {
	reader, err := slilog.New(recorder, options)
	if err != nil {
		return nil, err
	}
	o := &Observer{recorder: recorder, reader: reader}
	o.handler, err = logging.New("logsli", nil, &logging.Options{Observers: []logging.Observer{o}})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// Observe records the event of a line.
func (o *Observer) Observe(l *logging.Line) {
	e, ok, err := o.reader.Event(func(name string) (string, bool) { return text(l, name) })
	switch {
	case err != nil:
		o.unreadable.Add(1)
	case !ok:
		o.others.Add(1)
	default:
		o.recorder.Record(e)
		o.events.Add(1)
	}
}

// Handler returns a handler that passes the lines of level INFO and above to
// the Observer and writes nothing.
func (o *Observer) Handler() slog.Handler { return o.handler }

// Result returns the numbers of lines observed so far.
func (o *Observer) Result() slilog.Result {
	r := slilog.Result{Events: o.events.Load(), Others: o.others.Load(), Unreadable: o.unreadable.Load()}
	r.Lines = r.Events + r.Others + r.Unreadable
	return r
}

// text returns the text of a field. The text of a duration has a unit.
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
