package logissue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging/logissue"
)

type coded struct{ code, text string }

func (e coded) Error() string { return e.text }
func (e coded) Code() string  { return e.code }

type status int

func (s status) Error() string   { return "request failed" }
func (s status) StatusCode() int { return int(s) }

type sqlError string

func (e sqlError) Error() string    { return "query failed" }
func (e sqlError) SQLState() string { return string(e) }

// many returns n errors, perhaps in reverse order.
func many(n int, reverse bool) (errs []error) {
	for i := range n {
		errs = append(errs, errors.New("kind "+word(i+1)))
	}
	if reverse {
		slices.Reverse(errs)
	}
	return errs
}

type otherCoded struct{ coded }

type named struct {
	error
	parts []string
}

func (n named) Fingerprint() []string { return n.parts }

// A located error carries the stack of its creation.
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
		{"quoted names", text("no user %q", "alice"), text("no user %q", "bob"), true},
		{"quoted with apostrophes", text("no user 'alice'"), text("no user 'bob'"), true},
		{"quoted names of the program", text("no table %q", "users"), text("no table %q", "orders"), false},
		{"an apostrophe in a word", text("can't open a"), text("can't close a"), false},
		{"durations", text("timeout after 1.5s"), text("timeout after 300ms"), true},
		{"paths", text("open /etc/a.conf: denied"), text("open /var/lib/b/c: denied"), true},
		{"hexadecimal words", text("commit deadbeef"), text("commit cafebabe"), true},
		{"values of pairs", text("bad field name=alice"), text("bad field name=bob"), true},
		{"names of pairs", text("bad field name=alice"), text("bad field mail=alice"), false},
		{"another reason of the same path", text("open /etc/a.conf: denied"), text("open /etc/a.conf: no such file"), false},
		{"wrapped alike", text("load: %w", errNotFound), text("load: %w", errNotFound), true},
		{"wrapped by another", text("load: %w", errNotFound), text("save: %w", errNotFound), false},
		{"other types", coded{"E1", "x"}, otherCoded{coded{"E1", "x"}}, false},
		{"other codes", coded{"E1", "x"}, coded{"E2", "x"}, false},
		{"the same code", coded{"E1", "x 1"}, coded{"E1", "x 2"}, true},
		{"a code within", text("a: %w", coded{"E1", "x"}), text("a: %w", coded{"E2", "x"}), false},
		{"joined alike", errors.Join(errNotFound, io.EOF), errors.Join(errNotFound, io.EOF), true},
		{"joined in another order", errors.Join(errNotFound, io.EOF), errors.Join(io.EOF, errNotFound), true},
		{"joined in another order, wrapped", text("load: %w", errors.Join(errNotFound, io.EOF)), text("load: %w", errors.Join(io.EOF, errNotFound)), true},
		{"joined twice in another order", errors.Join(errors.Join(errNotFound, text("a 1")), io.EOF), errors.Join(io.EOF, errors.Join(text("a 2"), errNotFound)), true},
		{"typed errors joined in another order", errors.Join(coded{"E1", "x"}, fromOrders()), errors.Join(fromOrders(), coded{"E1", "x"}), true},
		{"two verbs in another order", text("load: %w; %w", errNotFound, io.EOF), text("load: %w; %w", io.EOF, errNotFound), true},
		{"two verbs with roles", text("%w while handling %w", errNotFound, io.EOF), text("%w while handling %w", io.EOF, errNotFound), false},
		{"nine errors joined in another order", errors.Join(many(9, false)...), errors.Join(many(9, true)...), true},
		{"more errors of one kind", errors.Join(text("worker 1: EOF"), text("worker 2: EOF")), text("worker 3: EOF"), true},
		{"joined with one more", errors.Join(errNotFound, io.EOF), errors.Join(errNotFound, io.EOF, io.ErrShortWrite), false},
		{"joined stacks of other places", errors.Join(fromOrders(), io.EOF), errors.Join(fromPayments(), io.EOF), false},
		{"as an error and as text", text("load: %w", io.EOF), text("load: EOF"), true},
		{"canceled, joined", errors.Join(context.Canceled, text("x: %w", context.Canceled)), context.Canceled, true},
		{"canceled and another cause", errors.Join(context.Canceled, errNotFound), context.Canceled, false},
		{"canceled as text", errors.New("query: context canceled"), context.Canceled, true},
		{"a status", status(404), status(500), false},
		{"an SQLSTATE without text", sqlError("23505"), sqlError("23503"), false},
		{"joined with another", errors.Join(errNotFound, io.EOF), errors.Join(errNotFound, coded{"1", "EOF"}), false},
		{"canceled anywhere", text("query: %w", context.Canceled), &url.Error{Op: "Get", URL: "x", Err: context.Canceled}, true},
		{"deadlines of other calls", text("query: %w", context.DeadlineExceeded), text("charge: %w", context.DeadlineExceeded), false},
		{"operations of one type", &net.OpError{Op: "dial", Err: errNotFound}, &net.OpError{Op: "read", Err: errNotFound}, false},
		{"standard library types", &fs.PathError{Op: "open", Path: "/a", Err: os.ErrNotExist}, &fs.PathError{Op: "open", Path: "/b/c", Err: os.ErrNotExist}, true},
		{"numbers of strconv", atoi("12a"), atoi("77b"), true},
		{"created at other places", fromOrders(), fromPayments(), false},
		{"created at the same place", fromOrders(), fromOrders(), true},
		{"created in a closure of another function", fromClosure(), fromOrders(), false},
		{"named by the error", named{errNotFound, []string{"checkout"}}, named{io.EOF, []string{"checkout"}}, true},
		{"named differently", named{errNotFound, []string{"checkout"}}, named{errNotFound, []string{"cart"}}, false},
		{"refined by the error", named{errNotFound, []string{logissue.DefaultFingerprint, "a"}}, named{io.EOF, []string{logissue.DefaultFingerprint, "a"}}, false},
		{"a long text that differs late", text("%s", strings.Repeat("x ", 400)+"one"), text("%s", strings.Repeat("x ", 400)+"two"), true},
		{"later lines of a dump", text("failed\nat once\n%s", strings.Repeat("x\n", 7)+"1"), text("failed\nat once\n%s", strings.Repeat("y\n", 9)), true},
		{"later lines of a list", text("disk full\nno power\nno fuel"), text("disk full\nno power\nno staff"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := logissue.Fingerprint(tt.a, tt.a.Error(), "github.com/sligo-go/sligo")
			b := logissue.Fingerprint(tt.b, tt.b.Error(), "github.com/sligo-go/sligo")
			if (a == b) != tt.same {
				t.Errorf("same fingerprint: %t, want %t\n%q: %s (%s)\n%q: %s (%s)", a == b, tt.same, tt.a, a, logissue.Normalize(tt.a.Error()), tt.b, b, logissue.Normalize(tt.b.Error()))
			}
		})
	}
}

func atoi(s string) error {
	_, err := strconv.Atoi(s)
	return err
}

// TestFingerprintIsStable checks fingerprints against their released values. A
// change of the algorithm requires a new version in them.
func TestFingerprintIsStable(t *testing.T) {
	for want, err := range map[string]error{
		"9137474399b3a7b4": errNotFound,
		"681f6d9e90807c6d": fmt.Errorf("order 17: %w", coded{"E1", "x"}),
	} {
		if got := logissue.Fingerprint(err, err.Error(), ""); got != want {
			t.Errorf("%q: got %s, want %s", err, got, want)
		}
	}
}
