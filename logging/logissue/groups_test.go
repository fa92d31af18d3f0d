package logissue_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
)

type coded struct{ code, text string }

func (e coded) Error() string { return e.text }
func (e coded) Code() string  { return e.code }

type otherCoded struct{ coded }

type named struct {
	error
	parts []string
}

func (n named) Fingerprint() []string { return n.parts }

// A located error carries the stack of where it was made.
type located struct {
	text string
	pcs  []uintptr
}

func (e *located) Error() string      { return e.text }
func (e *located) Callers() []uintptr { return e.pcs }

func locate(text string) error {
	pcs := make([]uintptr, 8)
	return &located{text, pcs[:runtime.Callers(2, pcs)]}
}

func fromOrders() error   { return locate("not found") }
func fromPayments() error { return locate("not found") }
func fromClosure() error  { return func() error { return locate("not found") }() }

var errNotFound = errors.New("not found")

func TestFingerprint(t *testing.T) {
	text := func(format string, args ...any) error { return fmt.Errorf(format, args...) }
	tests := []struct {
		name string
		a, b error
		same bool
	}{
		{"the same text", errNotFound, errors.New("not found"), true},
		{"another text", errNotFound, errors.New("gone"), false},
		{"numbers", text("order 17 failed"), text("order 98 failed"), true},
		{"identifiers", text("order ab-12 failed"), text("order zz-98 failed"), true},
		{"UUIDs", text("user 550e8400-e29b-41d4-a716-446655440000"), text("user 6ba7b810-9dad-11d1-80b4-00c04fd430c8"), true},
		{"addresses", text("dial tcp 10.0.0.1:5432: refused"), text("dial tcp 10.0.0.9:5432: refused"), true},
		{"URLs", text("Get https://a.example/x: EOF"), text("Get https://b.example/y?z=1: EOF"), true},
		{"e-mail addresses", text("no user a@b.co"), text("no user c@d.co"), true},
		{"quoted names", text("no table %q", "users"), text("no table %q", "orders"), true},
		{"quoted with apostrophes", text("no table 'users'"), text("no table 'orders'"), true},
		{"an apostrophe in a word", text("can't open a"), text("can't close a"), false},
		{"durations", text("timeout after 1.5s"), text("timeout after 300ms"), true},
		{"paths", text("open /etc/a.conf: denied"), text("open /var/lib/b/c: denied"), true},
		{"hexadecimal words", text("commit deadbeef"), text("commit cafebabe"), true},
		{"values of pairs", text("bad field name=alice"), text("bad field name=bob"), true},
		{"names of pairs", text("bad field name=alice"), text("bad field mail=alice"), false},
		{"another reason of the same path", text("open /etc/a.conf: denied"), text("open /etc/a.conf: no such file"), false},
		{"wrapped the same", text("load: %w", errNotFound), text("load: %w", errNotFound), true},
		{"wrapped by another", text("load: %w", errNotFound), text("save: %w", errNotFound), false},
		{"other types", coded{"E1", "x"}, otherCoded{coded{"E1", "x"}}, false},
		{"other codes", coded{"E1", "x"}, coded{"E2", "x"}, false},
		{"the same code", coded{"E1", "x 1"}, coded{"E1", "x 2"}, true},
		{"a code within", text("a: %w", coded{"E1", "x"}), text("a: %w", coded{"E2", "x"}), false},
		{"joined the same", errors.Join(errNotFound, io.EOF), errors.Join(errNotFound, io.EOF), true},
		{"joined with another", errors.Join(errNotFound, io.EOF), errors.Join(errNotFound, coded{"1", "EOF"}), false},
		{"cancelled anywhere", text("query: %w", context.Canceled), &url.Error{Op: "Get", URL: "x", Err: context.Canceled}, true},
		{"deadlines of other calls", text("query: %w", context.DeadlineExceeded), text("charge: %w", context.DeadlineExceeded), false},
		{"operations of one type", &net.OpError{Op: "dial", Err: errNotFound}, &net.OpError{Op: "read", Err: errNotFound}, false},
		{"standard library types", &fs.PathError{Op: "open", Path: "/a", Err: os.ErrNotExist}, &fs.PathError{Op: "open", Path: "/b/c", Err: os.ErrNotExist}, true},
		{"numbers of strconv", atoi("12a"), atoi("77b"), true},
		{"made at other places", fromOrders(), fromPayments(), false},
		{"made at the same place", fromOrders(), fromOrders(), true},
		{"made in a closure of another", fromClosure(), fromOrders(), false},
		{"named by the error", named{errNotFound, []string{"checkout"}}, named{io.EOF, []string{"checkout"}}, true},
		{"named otherwise", named{errNotFound, []string{"checkout"}}, named{errNotFound, []string{"cart"}}, false},
		{"refined by the error", named{errNotFound, []string{logissue.Default, "a"}}, named{io.EOF, []string{logissue.Default, "a"}}, false},
		{"a long text that differs late", text("%s", strings.Repeat("x ", 400)+"one"), text("%s", strings.Repeat("x ", 400)+"two"), true},
		{"later lines", text("failed\nat once\n1"), text("failed\nat once\nthen"), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := logissue.Fingerprint(tt.a, tt.a.Error(), "github.com/sligo-go/sligo")
			b := logissue.Fingerprint(tt.b, tt.b.Error(), "github.com/sligo-go/sligo")
			if (a == b) != tt.same {
				t.Errorf("%q is %s (%s)\n%q is %s (%s)", tt.a, a, logissue.Normalize(tt.a.Error()), tt.b, b, logissue.Normalize(tt.b.Error()))
			}
		})
	}
}

func atoi(s string) error {
	_, err := strconv.Atoi(s)
	return err
}

// TestFingerprintIsStable holds the fingerprints of a release: a change of the
// algorithm needs a new version in them.
func TestFingerprintIsStable(t *testing.T) {
	for want, err := range map[string]error{
		"a1274de83b980cd8": errNotFound,
		"d0ab4c6e3c2ab13c": fmt.Errorf("order 17: %w", coded{"E1", "x"}),
	} {
		if got := logissue.Fingerprint(err, err.Error(), ""); got != want {
			t.Errorf("%q: got %s, want %s", err, got, want)
		}
	}
}

func newGroups(t testing.TB, opts *logissue.Options) *logissue.Groups {
	t.Helper()
	g, err := logissue.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestHistory(t *testing.T) {
	g := newGroups(t, nil)
	start := time.Date(2024, 11, 16, 12, 0, 0, 0, time.UTC)
	for i := range 5 {
		g.Add(fmt.Errorf("order %d: password=hunter2 for bob@example.com", i), "charge", start.Add(time.Duration(i)*time.Minute))
	}
	g.Add(io.EOF, "read", start)
	s := g.Summary()
	if len(s.Groups) != 2 || s.Total != 6 {
		t.Fatalf("got %+v, want two groups of 6 errors", s)
	}
	got := s.Groups[1]
	if got.Count != 5 || !got.FirstSeen.Equal(start) || !got.LastSeen.Equal(start.Add(4*time.Minute)) || got.Sample.Message != "charge" {
		t.Errorf("got %+v", got)
	}
	if text := fmt.Sprintf("%+v", s); strings.Contains(text, "hunter2") || strings.Contains(text, "bob@") {
		t.Errorf("a secret is shown: %s", text)
	}
}

func TestObserve(t *testing.T) {
	g := newGroups(t, nil)
	h, err := logging.New("my-app", io.Discard, &logging.Options{
		Observers: []logging.Observer{g},
		Exclude:   []logging.Exclusion{{Name: "all", Errors: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	l := slog.New(h)
	ctx := logging.WithRequest(context.Background(), "abc-123")
	l.WarnContext(ctx, "not an error", "err", io.EOF)
	l.ErrorContext(ctx, "one", "err", io.EOF)
	l.With("error_message", io.EOF).Error("two")
	l.Error("order 1 failed")
	l.Error("order 2 failed")
	l.Error("text", "error_message", "disk full")
	l.Error("a", "error_group", "billing", "err", io.EOF)
	l.Error("b", "error_group", "billing", "err", io.ErrUnexpectedEOF)
	s := g.Summary()
	counts := map[string]uint64{}
	for _, g := range s.Groups {
		counts[g.Title] = g.Count
	}
	if len(s.Groups) != 4 || counts["EOF"] != 2 || counts["order <v> failed"] != 2 || counts["disk full"] != 1 || s.Total != 7 {
		t.Errorf("got %+v", counts)
	}
	if got := s.Groups[0]; got.Fingerprint != "~billing" || got.Count != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestCountsAreExactWithinBounds(t *testing.T) {
	g := newGroups(t, &logissue.Options{MaxGroups: 50})
	const workers, each = 4, 5000
	var wg sync.WaitGroup
	now := time.Now()
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				err := errors.New("error of kind " + word(i*workers+w))
				g.Add(err, "", now)
				g.Add(err, "", now) // so that groups which make room have counts of two
			}
		})
	}
	wg.Wait()
	s := g.Summary()
	sum := s.Other
	for _, group := range s.Groups {
		sum += group.Count
	}
	if len(s.Groups) != 50 || s.Total != 2*workers*each || sum != s.Total {
		t.Errorf("%d groups, %d errors in groups and other, %d seen", len(s.Groups), sum, s.Total)
	}
}

// word makes a word of letters of a number: words that differ make other groups.
func word(n int) string {
	w := "k"
	for ; n > 0; n /= 20 {
		w += string(rune('g' + n%20))
	}
	return w
}

func TestMemoryIsBounded(t *testing.T) {
	g := newGroups(t, &logissue.Options{MaxGroups: 1000})
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	now := time.Now()
	fill := func(from, to int) {
		for i := from; i < to; i++ {
			g.Add(errors.New(word(i)+strings.Repeat(" pad", 100)), "", now)
		}
	}
	fill(0, 2000)
	before := heap()
	fill(2000, 60_000)
	if after := heap(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if s := g.Summary(); s.Total != 60_000 || s.Other != 59_000 {
		t.Errorf("total %d, other %d", s.Total, s.Other)
	}
}

func TestOnChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard []string
		g := newGroups(t, &logissue.Options{QuietFor: time.Hour, OnChange: func(c logissue.Change) {
			heard = append(heard, fmt.Sprintf("%s %v %d", c.Group.Title, c.Regressed, c.Group.Count))
			if c.Group.Title == "panic" {
				panic("hook")
			}
		}})
		now := time.Now()
		g.Add(errors.New("panic"), "", now)
		g.Add(io.EOF, "", now)
		g.Add(io.EOF, "", now.Add(time.Minute))
		g.Add(io.EOF, "", now.Add(3*time.Hour)) // quiet for longer than an hour
		id := g.Summary().Groups[0].Fingerprint
		if !g.Resolve(id) || g.Resolve("nonsense") {
			t.Error("Resolve does not tell groups that are there from others")
		}
		g.Add(io.EOF, "", now.Add(3*time.Hour+time.Second)) // resolved
		g.Close()
		g.Close()
		g.Add(io.EOF, "", now.Add(9*time.Hour)) // counted, not told
		want := []string{"panic false 1", "EOF false 1", "EOF true 3", "EOF true 4"}
		if strings.Join(heard, ",") != strings.Join(want, ",") {
			t.Errorf("heard %q, want %q", heard, want)
		}
	})
}

func TestSlowHookDoesNotDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(t, &logissue.Options{OnChange: func(logissue.Change) { time.Sleep(time.Minute) }})
		start := time.Now()
		for i := range 200 {
			g.Add(errors.New(word(i)), "", start)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("adding waited %v", took)
		}
		s := g.Summary()
		if s.Missed < 100 || s.Total != 200 {
			t.Errorf("missed %d changes of %d errors", s.Missed, s.Total)
		}
		g.Close()
	})
}

func TestPage(t *testing.T) {
	g := newGroups(t, nil)
	g.Add(errors.New(`<script>alert("x")</script> token=abc123`), "m", time.Unix(0, 0))
	get := func(method, target, accept string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, target, nil)
		r.Header.Set("Accept", accept)
		g.Page().ServeHTTP(w, r)
		return w
	}
	html := get("GET", "/errors", "text/html")
	if body := html.Body.String(); strings.Contains(body, "<script>") || strings.Contains(body, "abc123") || !strings.Contains(body, "1 errors in 1 groups") {
		t.Errorf("got %s", body)
	}
	for _, w := range []*httptest.ResponseRecorder{get("GET", "/errors", "application/json"), get("GET", "/errors?format=json", "")} {
		var s logissue.Summary
		if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || s.Total != 1 || len(s.Groups) != 1 {
			t.Errorf("%v: got %s", err, w.Body)
		}
	}
	if w := get("POST", "/errors", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST is answered %d", w.Code)
	}
}

func TestErrorsThatPanic(t *testing.T) {
	g := newGroups(t, nil)
	var nilError *located
	g.Add(nilError, "m", time.Now())
	g.Add(badFingerprint{}, "m", time.Now())
	if s := g.Summary(); s.Total != 2 {
		t.Errorf("got %+v", s)
	}
}

type badFingerprint struct{}

func (badFingerprint) Error() string         { panic("text") }
func (badFingerprint) Fingerprint() []string { panic("fingerprint") }

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := logissue.New(&logissue.Options{MaxGroups: -1, QuietFor: -1})
	if err == nil || !strings.Contains(err.Error(), "MaxGroups is -1") || !strings.Contains(err.Error(), "QuietFor is -1ns") {
		t.Errorf("got %v", err)
	}
}

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"", "a 'b' c", `x "y`, "=", "a=b=c", "open /x: y", "\xff 1", "it's 'x'", "a\n\nb\nc"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := logissue.Normalize(s)
		if again := logissue.Normalize(out); len(out) > 0 && len(again) == 0 {
			t.Errorf("%q gives %q, and that nothing", s, out)
		}
		for w := range strings.FieldsSeq(out) {
			if strings.Trim(w, "0123456789") == "" {
				t.Errorf("%q gives %q, with the number %q", s, out, w)
			}
		}
	})
}

func ExampleNew() {
	groups, err := logissue.New(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := logging.New("my-app", io.Discard, &logging.Options{Observers: []logging.Observer{groups}})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(handler)
	for id := range 3 {
		logger.Error("Unhandled exception occurred", "err", fmt.Errorf("order %d: %w", id, os.ErrNotExist))
	}
	for _, g := range groups.Summary().Groups {
		fmt.Println(g.Count, g.Title)
	}
	// Output: 3 order <v>: file does not exist
}
