package logissue

import (
	"container/list"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/redact"
)

// Options configures [Groups]. The zero value is the default.
type Options struct {
	// MaxGroups bounds the groups kept; 0 means 1000.
	MaxGroups int

	// MinLevel is the level from which lines are errors; nil means ERROR.
	MinLevel slog.Leveler

	// Module is the import path of the service, to tell its frames from those of
	// libraries; "" means the main module of the binary.
	Module string

	// QuietFor is how long a group must not have been seen for its next error to be
	// a regression; 0 means 7 days.
	QuietFor time.Duration

	// Redactor replaces the default policy for the samples.
	Redactor *redact.Redactor

	// OnChange hears of new groups and of regressions, one after the other, from a
	// goroutine of its own: it may take its time, to open a ticket. What it cannot
	// keep up with is counted in Summary.Missed.
	OnChange func(Change)
}

// A Change is a group that is new, or seen again after it was resolved or quiet.
type Change struct {
	Group     Group // as it is after the error
	Regressed bool  // false: new
}

// A Group is one error with its history. It is a copy.
type Group struct {
	// Fingerprint is the group's identity, the same in all instances and releases.
	Fingerprint string `json:"fingerprint"`
	// Type is the innermost type of the chain that says something; "" if none does.
	Type string `json:"type,omitempty"`
	// Title is the normalised text.
	Title string `json:"title"`
	// Count is how many errors of the group were seen.
	Count uint64 `json:"count"`
	// FirstSeen is the time of the first error.
	FirstSeen time.Time `json:"first_seen"`
	// LastSeen is the time of the latest error.
	LastSeen time.Time `json:"last_seen"`
	// Resolved says that Resolve was called, and no error seen since.
	Resolved bool `json:"resolved,omitempty"`
	// Sample is the latest error.
	Sample Sample `json:"sample"`
}

// A Sample is the latest occurrence of a group, redacted.
type Sample struct {
	// Message is the message of the line.
	Message string `json:"message,omitempty"`
	// Error is the error's text.
	Error string `json:"error,omitempty"`
	// RequestID is the request's; "" if there was none.
	RequestID string `json:"request_id,omitempty"`
}

// maxSample bounds each text of a sample.
const maxSample = 1 << 10

// A Summary is the state of all groups at one moment.
type Summary struct {
	// Groups are the groups kept, the last seen first.
	Groups []Group `json:"groups"`
	// Total is how many errors were seen: the counts of the groups and Other.
	Total uint64 `json:"total"`
	// Other is how many errors were of groups that have made room.
	Other uint64 `json:"other,omitempty"`
	// Missed is how many changes OnChange did not hear of.
	Missed uint64 `json:"missed,omitempty"`
}

// Groups collects errors. It is a logging.Observer, and safe for concurrent use.
// Use [New]; the zero value is not valid.
type Groups struct {
	opts Options

	mu     sync.Mutex // guards the groups; an error is seconds of work for a person
	byID   map[string]*list.Element
	order  *list.List // of *Group, the last seen in front
	other  uint64
	total  uint64
	closed bool

	changes chan Change // nil without OnChange
	stopped chan struct{}
	missed  atomic.Uint64
}

// New returns empty groups. Close ends the goroutine that OnChange needs.
func New(opts *Options) (*Groups, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	var errs []error
	if o.MaxGroups < 0 {
		errs = append(errs, fmt.Errorf("logissue: MaxGroups is %d; want 0 or more", o.MaxGroups))
	}
	if o.QuietFor < 0 {
		errs = append(errs, fmt.Errorf("logissue: QuietFor is %v; want 0 or more", o.QuietFor))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	o.withDefaults()
	g := &Groups{opts: o, byID: make(map[string]*list.Element), order: list.New()}
	if o.OnChange != nil {
		g.changes, g.stopped = make(chan Change, 64), make(chan struct{})
		go g.run()
	}
	return g, nil
}

func (o *Options) withDefaults() {
	if o.MaxGroups == 0 {
		o.MaxGroups = 1000
	}
	if o.MinLevel == nil {
		o.MinLevel = slog.LevelError
	}
	if o.QuietFor == 0 {
		o.QuietFor = 7 * 24 * time.Hour
	}
	if o.Redactor == nil {
		o.Redactor = redact.Default()
	}
	if info, ok := debug.ReadBuildInfo(); ok && o.Module == "" {
		o.Module = info.Main.Path
	}
}

// Observe adds the error of a line, if its level makes it one. A line without an
// error is grouped by its message.
func (g *Groups) Observe(l *logging.Line) {
	if l.Level < g.opts.MinLevel.Level() {
		return
	}
	sample := Sample{Message: l.Message}
	if v, ok := l.Value("request_id"); ok {
		sample.RequestID = v.String()
	}
	err := l.Err()
	if v, ok := l.Value("error_group"); ok {
		g.add(named(g.opts.Redactor.Text(v.String())), err, sample, l.Time)
		return
	}
	if v, ok := l.Value("error_message"); ok && err == nil {
		sample.Error = v.String()
	}
	g.add("", err, sample, l.Time)
}

// Add adds an error that was not logged. message says what the service was doing.
func (g *Groups) Add(err error, message string, now time.Time) {
	g.add("", err, Sample{Message: message}, now)
}

func (g *Groups) add(id string, err error, s Sample, now time.Time) {
	if err != nil {
		s.Error = errorText(err)
	}
	s = g.redacted(s)
	text := s.Error
	if text == "" {
		text = s.Message
	}
	if id == "" {
		id = Fingerprint(err, text, g.opts.Module)
	}
	change, changed := g.count(id, err, text, s, now)
	if changed {
		g.tell(change)
	}
}

func errorText(err error) (s string) {
	defer func() {
		if recover() != nil {
			s = fmt.Sprintf("%T: Error panicked", err)
		}
	}()
	return err.Error()
}

// redacted redacts before it cuts: half a secret would not be found.
func (g *Groups) redacted(s Sample) Sample {
	for _, p := range []*string{&s.Message, &s.Error, &s.RequestID} {
		*p = g.opts.Redactor.Text(*p)
		if len(*p) > maxSample {
			*p = strings.ToValidUTF8((*p)[:maxSample], "")
		}
		*p = strings.Clone(*p)
	}
	return s
}

// count adds one error to its group and reports what that changed.
func (g *Groups) count(id string, err error, text string, s Sample, now time.Time) (_ Change, changed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.total++
	if el, ok := g.byID[id]; ok {
		p := el.Value.(*Group)
		regressed := p.Resolved || now.Sub(p.LastSeen) > g.opts.QuietFor
		p.Count++
		p.Sample, p.Resolved = s, false
		if now.After(p.LastSeen) {
			p.LastSeen = now
		}
		g.order.MoveToFront(el)
		return Change{*p, true}, regressed
	}
	if g.order.Len() >= g.opts.MaxGroups {
		oldest := g.order.Remove(g.order.Back()).(*Group)
		delete(g.byID, oldest.Fingerprint)
		g.other += oldest.Count
	}
	p := &Group{Fingerprint: id, Type: ownType(err), Title: Normalize(text), Count: 1, FirstSeen: now, LastSeen: now, Sample: s}
	g.byID[id] = g.order.PushFront(p)
	return Change{*p, false}, true
}

// ownType returns the innermost type of the chain that says something.
func ownType(err error) string {
	types := slices.DeleteFunc(chain(nil, err, 0), func(p string) bool { return strings.HasPrefix(p, "code:") })
	if len(types) == 0 {
		return ""
	}
	return types[len(types)-1]
}

// Resolve marks a group as resolved: its next error is a regression. It reports
// false when there is no such group.
func (g *Groups) Resolve(fingerprint string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	el, ok := g.byID[fingerprint]
	if ok {
		el.Value.(*Group).Resolved = true
	}
	return ok
}

// Summary returns the groups, the last seen first.
func (g *Groups) Summary() Summary {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := Summary{Groups: make([]Group, 0, g.order.Len()), Total: g.total, Other: g.other, Missed: g.missed.Load()}
	for el := g.order.Front(); el != nil; el = el.Next() {
		s.Groups = append(s.Groups, *el.Value.(*Group))
	}
	return s
}

func (g *Groups) tell(c Change) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.changes == nil || g.closed {
		return
	}
	select {
	case g.changes <- c:
	default:
		g.missed.Add(1)
	}
}

func (g *Groups) run() {
	defer close(g.stopped)
	for c := range g.changes {
		func() {
			defer func() { _ = recover() }() // a fault of the hook must not end it
			g.opts.OnChange(c)
		}()
	}
}

// Close ends the goroutine of OnChange once it has heard of all changes so far.
// Errors are still counted afterwards.
func (g *Groups) Close() {
	g.mu.Lock()
	if g.changes != nil && !g.closed {
		close(g.changes)
	}
	g.closed = true
	g.mu.Unlock()
	if g.stopped != nil {
		<-g.stopped
	}
}

// named is the fingerprint of a group that the attribute error_group names.
func named(name string) string {
	const maxName = 128
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "")
	}
	return "~" + strings.Clone(name)
}
