package logging

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sligo-go/sligo/redact"
)

// A Handler is an slog.Handler that writes lines in the standard schema. Use
// [New]; the zero value is not valid.
type Handler struct {
	*core // shared by all handlers derived from one

	// What With bound, encoded once: fields of the schema, and the members of
	// additional_info with the groups that are open.
	fields fields
	err    error // of a bound error_message
	info   *redact.Encoder
	groups []string // opened by WithGroup, without members so far
	prefix string   // of names in the open groups: "g.h."
	attrs  []boundAttr
	next   *forwarder // nil without a next handler
}

var errPanicked = errors.New("logging: the next handler panicked")

// A boundAttr is an attribute bound by With, for those who look at a Line.
type boundAttr struct {
	prefix string
	attr   slog.Attr
}

// A core is what all handlers of one New share.
type core struct {
	level     slog.Leveler
	redactor  *redact.Redactor
	outlets   []outlet
	rules     []*rule
	observers []Observer
	trace     func(context.Context) ([16]byte, [8]byte, bool)
	stacks    *stacks
	looks     bool               // someone looks at lines
	heads     [levelCount][]byte // from behind the timestamp to the message
	lines     [levelCount]atomic.Uint64
	clock     clockFace
	messages  messages
	pool      sync.Pool // of *entry
}

// New returns a handler that writes the application's lines to w. A nil w is
// allowed if opts has a sink, an observer or a next handler; nil opts mean the
// defaults. The error joins an *sli.FieldError for every mistake in the
// arguments. A path that does not begin with a parameter's name names a field of
// Options.
func New(application string, w io.Writer, opts *Options) (*Handler, error) {
	o := opts.withDefaults()
	if err := o.validate(application, w); err != nil {
		return nil, err
	}
	c := newCore(&o, w)
	for i, name := range levelNames {
		head := append([]byte(nil), `"level":"`+name+`","application":`...)
		c.heads[i] = append(c.redactor.AppendText(head, application), `,"message":`...)
	}
	h := &Handler{core: c, info: c.redactor.NewEncoder()}
	if o.Next != nil {
		h.next = newForwarder(o.Next, c.redactor, application)
	}
	return h, nil
}

func newCore(o *Options, w io.Writer) *core {
	c := &core{level: o.Level, redactor: o.Redactor, observers: o.Observers, trace: o.Trace}
	if !o.NoStackTrace {
		c.stacks = newStacks()
	}
	if w != nil {
		c.outlets = append(c.outlets, newOutlet(Sink{Name: mainSink, Writer: w}, o.OnError))
	}
	for i := range o.Sinks {
		c.outlets = append(c.outlets, newOutlet(o.Sinks[i], o.OnError))
	}
	for i := range o.Exclude {
		c.rules = append(c.rules, newRule(o.Exclude[i]))
	}
	c.looks = len(c.rules)+len(c.observers) > 0 ||
		slices.ContainsFunc(c.outlets, func(o outlet) bool { return !o.match.all })
	c.pool.New = func() any { return &entry{info: c.redactor.NewEncoder()} }
	return c
}

// Enabled reports whether lines of the level are logged.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.level.Level()
}

// Handle writes one line. It returns the errors of the sinks.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	h.lines[levelIndex(r.Level)].Add(1)
	e := h.pool.Get().(*entry)
	if h.looks && !h.look(ctx, e, &r) {
		h.recycle(e)
		return nil
	}
	var err error
	if len(h.outlets) > 0 {
		e.encode(ctx, h, &r)
		err = h.write(e, r.Level)
	}
	h.recycle(e)
	if h.next != nil {
		err = errors.Join(err, h.next.handle(ctx, h, r))
	}
	return err
}

// recycle gives an entry back. It is not deferred: what a panic leaves is not
// fit for another line.
func (h *Handler) recycle(e *entry) {
	if h.looks {
		e.line, e.record = Line{}, slog.Record{} // must not outlive the call
	}
	h.pool.Put(e)
}

// look prepares the line for those who look at it, and reports whether it passes.
func (h *Handler) look(ctx context.Context, e *entry, r *slog.Record) bool {
	e.record = *r
	e.line = Line{Time: r.Time, Level: r.Level, Message: r.Message, PC: r.PC, ctx: ctx, h: h, record: &e.record}
	return h.pass(&e.line)
}

// pass shows the line to the observers and applies the exclusion rules.
func (h *Handler) pass(l *Line) bool {
	for _, o := range h.observers {
		observe(o, l)
	}
	for _, r := range h.rules {
		if decided, excluded := r.excludes(l); decided {
			return !excluded
		}
	}
	return true
}

func observe(o Observer, l *Line) {
	defer func() { _ = recover() }() // an observer's fault is not the line's
	o.Observe(l)
}

func (h *Handler) write(e *entry, level slog.Level) error {
	var errs error
	for i := range h.outlets {
		o := &h.outlets[i]
		if !o.match.matches(&e.line) {
			continue
		}
		if err := o.w.WriteLine(level, e.buf); err != nil {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// WithAttrs returns a handler whose lines carry the attributes, which are redacted
// and encoded here, once.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	c := h.clone()
	e := &entry{info: c.info, err: c.err}
	e.begin(nil, &h.fields)
	if e.attrs(c, attrs) {
		c.groups = nil
	}
	c.fields, c.err = fields{buf: e.buf, at: e.at}, e.err
	for _, a := range attrs {
		c.attrs = append(c.attrs, boundAttr{h.prefix, a})
	}
	c.next = h.next.derive(func(n slog.Handler) slog.Handler { return n.WithAttrs(attrs) }, false)
	return c
}

// WithGroup returns a handler that puts further attributes into a group within
// additional_info. The identity of the request stays at the top of the line.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	c := h.clone()
	c.groups = append(c.groups, name)
	c.prefix += name + "."
	c.next = h.next.derive(func(n slog.Handler) slog.Handler { return n.WithGroup(name) }, true)
	return c
}

func (h *Handler) clone() *Handler {
	c := *h
	c.info = h.redactor.NewEncoder()
	c.info.Reset(h.info)
	c.groups = append([]string(nil), h.groups...)
	c.attrs = h.attrs[:len(h.attrs):len(h.attrs)]
	return &c
}

// within returns the rest of a dotted name that is in the open groups.
func (h *Handler) within(name string) (rest string, ok bool) {
	return strings.CutPrefix(name, h.prefix)
}
