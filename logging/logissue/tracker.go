package logissue

import (
	"container/list"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/redact"
)

// A Tracker groups errors into issues. It is a [logging.Observer] and safe for
// concurrent use. Use [New]; the zero value is not valid.
type Tracker struct {
	opts Options

	mu     sync.Mutex // guards the next four fields; errors are rare enough for it
	byID   map[string]*list.Element
	order  *list.List // of *Issue, the last seen in front
	counts Summary    // without Issues and Missed
	closed bool

	hook *hook // nil without OnChange
}

// New returns a Tracker without issues. [Tracker.Close] ends the goroutine
// that it starts if there is an OnChange. New reports all invalid options at
// once, as joined [*sli.FieldError] values.
func New(opts *Options) (*Tracker, error) {
	if opts == nil {
		opts = &Options{}
	}
	if err := opts.validate(); err != nil {
		return nil, err
	}
	t := &Tracker{opts: opts.withDefaults(), byID: make(map[string]*list.Element), order: list.New()}
	if t.opts.OnChange != nil {
		t.hook = newHook(t.opts.OnChange)
	}
	return t, nil
}

// Observe adds the error of a line whose level is high enough. A line without
// an error counts as an error with the line's message as its text.
func (t *Tracker) Observe(l *logging.Line) {
	if l.Level < t.opts.MinLevel.Level() {
		return
	}
	o := Occurrence{Message: l.Message, TraceID: l.TraceID()}
	if v, ok := l.Value(field.KeyRequestID); ok {
		o.RequestID = v.String()
	}
	if v, ok := l.Value(field.KeyResponseCode); ok {
		o.Status = v.String()
	}
	err := l.Err()
	if err == nil {
		o.Error = panicText(l)
	}
	fingerprint := ""
	if v, ok := l.Value("error_issue"); ok {
		fingerprint = named(t.opts.Redactor.Text(v.String()))
	}
	t.add(fingerprint, err, o, site{pc: l.PC, trace: trace(l)}, l.Time)
}

// panicText returns the text of a recovered panic that a line without an error
// carries, or "".
func panicText(l *logging.Line) (text string) {
	for _, name := range [...]string{"panic", "recover", "recovered"} {
		if v, ok := l.Value(name); ok && v.Kind() != slog.KindBool {
			_ = guard.Call(func() { text = v.String() })
			return text
		}
	}
	return ""
}

// Add adds an error that was not logged. The message describes the operation
// that failed.
func (t *Tracker) Add(err error, message string, now time.Time) {
	t.add("", err, Occurrence{Message: message}, site{}, now)
}

// add adds an occurrence of an error, seen at a site, to the issue with a
// fingerprint. If that is empty, add computes it.
func (t *Tracker) add(fingerprint string, err error, o Occurrence, at site, now time.Time) {
	if err != nil {
		o.Error = guard.ErrorText(err)
	}
	if at.trace == "" {
		at.trace = o.Error // golang.org/x/sync/errgroup puts the stack there
	}
	o.redact(t.opts.Redactor)
	text := o.Error
	if text == "" {
		text = o.Message
	}
	f := finder{module: t.opts.Module, text: text, title: Normalize(text), redact: t.opts.Redactor.Text}
	if fingerprint == "" {
		at.message = o.Message
		fingerprint = f.fingerprint(err, f.place(err, at))
	}
	change, changed := t.count(fingerprint, err, f.title, o, now)
	if changed {
		t.report(change)
	}
}

// redact redacts and shortens the texts, in this order: the redactor would not
// recognize half a secret.
func (o *Occurrence) redact(r *redact.Redactor) {
	for _, text := range []*string{&o.Message, &o.Error, &o.RequestID, &o.Status} {
		*text = strings.Clone(shorten(r.Text(*text), maxOccurrence))
	}
}

// count adds an occurrence to its issue. It returns the change, if any.
func (t *Tracker) count(fingerprint string, err error, title string, o Occurrence, now time.Time) (_ Change, changed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts.Total++
	if el, ok := t.byID[fingerprint]; ok {
		t.order.MoveToFront(el)
		issue := el.Value.(*Issue)
		regressed := issue.add(o, now, t.opts.QuietFor)
		if regressed {
			t.counts.Regressed++
		}
		return Change{*issue, true}, regressed
	}
	if t.order.Len() >= t.opts.MaxIssues {
		oldest := t.order.Remove(t.order.Back()).(*Issue)
		delete(t.byID, oldest.Fingerprint)
		t.counts.Other += oldest.Count
	}
	t.counts.New++
	issue := newIssue(fingerprint, err, title, o, now)
	t.byID[fingerprint] = t.order.PushFront(issue)
	return Change{*issue, false}, true
}

// Resolve marks an issue as resolved, so that its next occurrence is a
// regression. It reports whether there is an issue with the fingerprint.
func (t *Tracker) Resolve(fingerprint string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	el, ok := t.byID[fingerprint]
	if ok {
		el.Value.(*Issue).Resolved = true
	}
	return ok
}

// Summary returns a copy of the current issues and counts.
func (t *Tracker) Summary() Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.counts
	s.Issues = make([]Issue, 0, t.order.Len())
	if t.hook != nil {
		s.Missed = t.hook.missed.Load()
	}
	for el := t.order.Front(); el != nil; el = el.Next() {
		s.Issues = append(s.Issues, *el.Value.(*Issue))
	}
	return s
}

// report passes a change to the hook, unless the Tracker is closed.
func (t *Tracker) report(c Change) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hook != nil && !t.closed {
		t.hook.report(c)
	}
}

// Close waits until OnChange has been called for all changes so far, and ends
// its goroutine. The Tracker still counts errors afterwards. Close can be
// called again.
func (t *Tracker) Close() {
	if t.hook == nil {
		return
	}
	t.mu.Lock()
	if !t.closed {
		t.closed = true
		close(t.hook.changes)
	}
	t.mu.Unlock()
	<-t.hook.stopped
}

// named returns the fingerprint of an issue that a log line names.
func named(name string) string {
	const maxName = 128 // bytes
	return "~" + shorten(name, maxName)
}

// shorten returns at most the first n bytes of a text, without half a rune.
func shorten(text string, n int) string {
	if len(text) > n {
		text = strings.ToValidUTF8(text[:n], "")
	}
	return text
}
