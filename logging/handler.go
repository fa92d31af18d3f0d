package logging

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/redact"
)

// A Handler is an slog.Handler that writes lines in one schema. Create
// it with [New]; the zero value is not valid.
type Handler struct {
	*core // shared with all handlers derived from this one

	// The attributes that With bound, encoded once: the fields of the schema, and
	// additional_info up to the open groups.
	fields fields
	err    error // the value of a bound error_message
	info   *redact.Encoder
	groups []string // opened by WithGroup and still without members

	prefix string      // of the names in the open groups: "g.h."
	attrs  []boundAttr // the bound attributes again, for readers of a Line
	next   *forwarder  // nil without a next handler
}

// A boundAttr is an attribute bound by With.
type boundAttr struct {
	prefix string // of the groups that were open
	attr   slog.Attr
}

// A core is the part that all handlers of one New share.
type core struct {
	level       slog.Leveler
	redactor    *redact.Redactor
	outlets     []outlet
	filters     []*filter
	observers   []Observer
	trace       func(context.Context) ([16]byte, [8]byte, bool)
	inspected   bool               // observers, filters or sinks look up values
	stacks      *stacks            // nil without stack traces
	layout      *layout            // nil for the default schema
	application []byte             // as a JSON string
	heads       [levelCount][]byte // from the timestamp to the message
	lines       [levelCount]atomic.Uint64
	clock       clockFace
	messages    messages
	pool        sync.Pool // of *entry
}

// New returns a handler that writes the application's lines to w. A nil w is
// allowed if opts has a sink, an observer or a next handler; nil opts mean the
// defaults. A nil pointer, such as a nil *os.File, is a mistake. New reports
// all mistakes in the arguments at once, as joined [*sli.FieldError] values. A
// path that does not begin with a parameter's name names a field of Options.
func New(application string, w io.Writer, opts *Options) (*Handler, error) {
	o := opts.withDefaults()
	if err := o.validate(application, w); err != nil {
		return nil, err
	}
	c := newCore(&o, w)
	c.setHeads(application)
	h := &Handler{core: c, info: c.redactor.NewEncoder()}
	if o.Next != nil {
		h.next = newForwarder(o.Next, c.redactor, application)
	}
	return h, nil
}

func newCore(o *Options, w io.Writer) *core {
	c := &core{level: o.Level, redactor: o.Redactor, observers: o.Observers, trace: o.Trace, layout: o.Schema.layout()}
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
		c.filters = append(c.filters, newFilter(o.Exclude[i]))
	}
	c.inspected = len(c.filters)+len(c.observers) > 0 ||
		slices.ContainsFunc(c.outlets, func(o outlet) bool { return !o.match.all })
	c.pool.New = func() any { return &entry{info: c.redactor.NewEncoder()} }
	return c
}

// Enabled reports whether lines of the level are logged.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.level.Level()
}

// Handle writes one line. It returns the errors of the sinks and of the next
// handler.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	h.lines[levelIndex(r.Level)].Add(1)
	e := h.pool.Get().(*entry)
	e.line.read(ctx, h, &r)
	var err error
	if !h.inspected || h.passes(&e.line) {
		err = h.deliver(ctx, e, &r)
	}
	// Not deferred: after a panic the entry is not fit for another line.
	e.release()
	h.pool.Put(e)
	return err
}

// passes shows the line to the observers and reports whether the exclusions let
// it pass.
func (h *Handler) passes(l *Line) bool {
	for _, o := range h.observers {
		_ = guard.Call(func() { o.Observe(l) })
	}
	for _, f := range h.filters {
		if decided, excluded := f.excludes(l); decided {
			return !excluded
		}
	}
	return true
}

// deliver passes the line to the sinks and to the next handler.
func (h *Handler) deliver(ctx context.Context, e *entry, r *slog.Record) (err error) {
	var id identity
	id.read(ctx, h)
	if len(h.outlets) > 0 {
		e.encode(&id, r)
		err = h.write(e)
	}
	if h.next != nil {
		err = errors.Join(err, h.next.handle(ctx, &id, r))
	}
	return err
}

// write writes the encoded line to the sinks whose match it meets.
func (h *Handler) write(e *entry) error {
	var errs error
	for i := range h.outlets {
		o := &h.outlets[i]
		if !o.match.matches(&e.line) {
			continue
		}
		if err := o.w.WriteLine(e.line.Level, e.buf); err != nil {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// WithAttrs returns a handler whose lines carry the attributes. It redacts and
// encodes them once, here.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	c := h.clone()
	e := &entry{line: Line{h: c}, info: c.info, err: c.err}
	e.begin(nil)
	e.add(&h.fields, 0)
	if e.addAttrs(attrs) {
		c.groups = nil
	}
	if h.prefix == "" {
		c.info.Close() // merges groups of the same name once, here
	}
	c.fields, c.err = fields{buf: e.buf, at: e.at, n: e.n}, e.err
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

// clone returns a copy that shares no memory that WithAttrs or WithGroup
// writes.
func (h *Handler) clone() *Handler {
	c := *h
	c.info = h.redactor.NewEncoder()
	c.info.Reset(h.info)
	c.groups = append([]string(nil), h.groups...)
	c.attrs = h.attrs[:len(h.attrs):len(h.attrs)]
	return &c
}
