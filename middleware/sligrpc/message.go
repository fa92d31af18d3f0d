package sligrpc

import (
	"context"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/middleware"
)

// Operations of the messages of a stream. They have no slash in front, so that
// no entry for the stream matches them.
const (
	firstMessage = "first-message:"
	eachMessage  = "message:"
)

// messages makes the events of the messages of one stream. A nil messages makes
// none.
type messages struct {
	in    *middleware.Instrument
	began time.Time
	first *middleware.Call // nil if it is not an event
	each  *middleware.CallInfo
	last  atomic.Int64 // when the message before passed, in ns since began
}

// newMessages begins the messages of a stream whose call has the context. It
// returns nil if the options make no events of them.
func newMessages(ctx context.Context, in *middleware.Instrument, opts *Options, families *messageFamilies, info middleware.CallInfo) *messages {
	if !opts.FirstMessage && !opts.EachMessage || info.Omit&middleware.SignalEvent != 0 {
		return nil
	}
	m := &messages{in: in, began: time.Now()}
	operation := info.Operation
	info.Kind, info.Carrier, info.Stream = trace.SpanKindInternal, nil, false
	info.Omit |= middleware.SignalSpan | middleware.SignalLine
	if opts.FirstMessage {
		info.Family, info.Operation = families.first, firstMessage+operation
		m.first = in.Begin(ctx, info)
	}
	if opts.EachMessage {
		info.Family, info.Operation = families.each, eachMessage+operation
		each := info // the parameter would always be on the heap
		m.each = &each
	}
	return m
}

// passed notes a message in the other direction.
func (m *messages) passed() {
	if m != nil && m.each != nil {
		m.last.Store(int64(time.Since(m.began)))
	}
}

// counted counts a message, or the error that was there instead.
func (m *messages) counted(err error, client bool) {
	if m == nil {
		return
	}
	result := answered(codeOf(err), err, client)
	if m.first != nil && err == nil {
		m.first.End(result)
	}
	if m.each != nil {
		now := time.Since(m.began)
		m.in.Count(*m.each, now-time.Duration(m.last.Swap(int64(now))), result)
	}
}

// end ends a stream with its result. Only a stream without a message has a
// first message that is still expected.
func (m *messages) end(r middleware.Result) {
	if m != nil && m.first != nil {
		r.Attributes, r.Sizes = nil, nil
		m.first.End(r)
	}
}

// messageFamilies are the histograms of messages.
type messageFamilies struct{ first, each *middleware.Family }

func newMessageFamilies(in *middleware.Instrument, opts *Options, side string, labels []string) *messageFamilies {
	fs := &messageFamilies{}
	family := func(name, help string) *middleware.Family {
		f, _ := in.SharedFamily(middleware.FamilyOptions{
			Name: "rpc_" + side + name, Help: help, Labels: labels, StatusLabel: statusLabel,
		}) // valid
		return f
	}
	if opts.FirstMessage {
		fs.first = family("_first_message_duration_seconds", "Time to the first message of a stream.")
	}
	if opts.EachMessage {
		fs.each = family("_message_duration_seconds", "Time from one message of a stream to the next.")
	}
	return fs
}

// statusLabel is the label of a call's code.
const statusLabel = "rpc_response_status_code"
