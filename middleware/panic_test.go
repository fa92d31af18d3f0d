package middleware_test

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// TestPanicContinuesUnchanged recovers where net/http would.
func TestPanicContinuesUnchanged(t *testing.T) {
	type fault struct{ text string }
	for name, value := range map[string]any{
		"a pointer":      &fault{"boom"},
		"an error":       errors.New("boom"),
		"abort":          http.ErrAbortHandler,
		"not comparable": []string{"boom"},
	} {
		for _, answered := range []bool{false, true} {
			in, _ := newInstrument(t, nil)
			func() {
				defer func() {
					got := recover()
					if slice, ok := value.([]string); ok {
						if same, ok := got.([]string); !ok || &same[0] != &slice[0] {
							t.Errorf("%s: got %v", name, got)
						}
					} else if got != value {
						t.Errorf("%s: got %v, want %v", name, got, value)
					}
				}()
				serveOnce(in, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					if answered {
						w.WriteHeader(200)
					}
					panic(value)
				}))
				t.Errorf("%s: the panic did not continue", name)
			}()
		}
	}
}

func TestPanicError(t *testing.T) {
	cause := errors.New("database unavailable")
	for _, c := range []struct {
		value     any
		wantText  string
		wantCause bool
	}{
		{"boom", "panic: boom", false},
		{cause, "panic: database unavailable", true},
	} {
		var got error
		in, _ := newInstrument(t, &middleware.Options{Recover: true, Done: func(r middleware.Record) { got = r.Event.Err }})
		server := quietServer(t, in.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(c.value) })))
		fetch(t, server, "GET", "/", nil)
		server.Close()
		var panicked *middleware.PanicError
		if !errors.As(got, &panicked) || panicked.Value != c.value || got.Error() != c.wantText || errors.Is(got, cause) != c.wantCause {
			t.Errorf("got %#v: %v, want %q", got, got, c.wantText)
		}
	}
}

// loud is an error that panics again when it is printed.
type loud struct{}

func (loud) Error() string { panic("no text") }

func TestPanicErrorOfAValueThatPanics(t *testing.T) {
	if got := (&middleware.PanicError{Value: loud{}}).Error(); !strings.HasPrefix(got, "panic") || !strings.Contains(got, "no text") {
		t.Errorf("got %q", got)
	}
}

// logBuffer is a server's log.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// handlerThatPanics has a name that tests look for in stacks.
func handlerThatPanics(http.ResponseWriter, *http.Request) { panic("boom") }

// TestPanicEndings checks the client's response and the server's log after a
// panic on a real server.
func TestPanicEndings(t *testing.T) {
	afterPart := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half of the response")
		_ = http.NewResponseController(w).Flush()
		handlerThatPanics(w, r)
	}
	unflushed := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half of the response")
		handlerThatPanics(w, r)
	}
	inCopy := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, panickingReader{}) }
	afterEmptyCopy := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, onlyReader{strings.NewReader("")})
		handlerThatPanics(w, r)
	}
	afterHints := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(103)
		handlerThatPanics(w, r)
	}
	abort := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	cases := []struct {
		name     string
		recover  bool
		handler  http.HandlerFunc
		answered bool // with a complete 500
		logged   int
	}{
		{"before the response", false, handlerThatPanics, false, 1},
		{"during the response", false, afterPart, false, 1},
		{"abort", false, abort, false, 0},
		{"recovered before the response", true, handlerThatPanics, true, 1},
		{"recovered after 103", true, afterHints, true, 1},
		{"recovered after an empty copy", true, afterEmptyCopy, true, 1},
		{"recovered during the response", true, afterPart, false, 1},
		{"recovered with the response in the buffer", true, unflushed, false, 1},
		{"recovered in a copy", true, inCopy, false, 1},
		{"recovered abort", true, abort, false, 0},
	}
	for _, c := range cases {
		for _, kind := range signalSets {
			t.Run(c.name+"/"+kind, func(t *testing.T) {
				w := newWatch(t, kind, middleware.Options{Recover: c.recover}, availability)
				log, status, body, err := panicsOn(t, w.wrap(c.handler))
				if c.answered && (err != nil || status != 500 || body != "Internal Server Error\n") {
					t.Errorf("got %d %q, %v, want a complete 500", status, body, err)
				} else if !c.answered && err == nil {
					t.Errorf("got a complete response %d %q", status, body)
				}
				if got := strings.Count(log, "http: panic serving 127.0.0.1:"); got != c.logged {
					t.Errorf("logged %d times, want %d:\n%s", got, c.logged, log)
				}
				if c.logged > 0 && !strings.Contains(log, "handlerThatPanics") {
					t.Errorf("the log has no stack:\n%s", log)
				}
				if got, _ := w.rec.Counts("availability"); got != (sli.Counts{Valid: 1}) {
					t.Errorf("counted %v, want a bad event", got)
				}
				w.check(t, "500", errorTypeOfPanic(c.logged))
			})
		}
	}
}

// errorTypeOfPanic returns the error_type of a panic. net/http does not log
// http.ErrAbortHandler.
func errorTypeOfPanic(logged int) string {
	if logged == 0 {
		return "aborted"
	}
	return "panic"
}

// panicsOn makes a request to a server whose handler panics. It returns the
// server's log and the response.
func panicsOn(t *testing.T, handler http.Handler) (text string, status int, body string, err error) {
	t.Helper()
	var buf logBuffer
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(&buf, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	status, body, err = attempt(server)
	server.Close()
	return buf.String(), status, body, err
}

type panickingReader struct{}

func (panickingReader) Read([]byte) (int, error) {
	handlerThatPanics(nil, nil)
	return 0, nil
}

// attempt makes a request, which may fail.
func attempt(server *httptest.Server) (status int, body string, err error) {
	resp, err := server.Client().Get(server.URL)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

// TestRecoverLogsWithoutServer has no http.Server, so that the log package's
// standard logger gets the panic.
func TestRecoverLogsWithoutServer(t *testing.T) {
	var buf logBuffer
	log.SetOutput(&buf)
	defer log.SetOutput(os.Stderr)
	in, _ := newInstrument(t, &middleware.Options{Recover: true})
	serveOnce(in, http.HandlerFunc(handlerThatPanics))
	if got := buf.String(); !strings.Contains(got, "panic serving 192.0.2.1:1234: boom") || !strings.Contains(got, "handlerThatPanics") {
		t.Errorf("logged %q", got)
	}
}

// TestRecoveredAnswerIsCounted looks for the response 500 in the sizes.
func TestRecoveredAnswerIsCounted(t *testing.T) {
	in, _ := newInstrument(t, &middleware.Options{Recover: true})
	server := quietServer(t, in.Handler(http.HandlerFunc(handlerThatPanics)))
	_, body := fetch(t, server, "GET", "/", nil)
	if got := onlyHistogram(t, in, "http_server_response_body_size_bytes").GetSampleSum(); got != float64(len(body)) {
		t.Errorf("counted %v bytes, want %d", got, len(body))
	}
	if status, errorType := onlySeries(t, in); status != "500" || errorType != "panic" {
		t.Errorf("got %s, %s, want 500, panic", status, errorType)
	}
}
