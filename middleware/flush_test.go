package middleware_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/sligo-go/sligo/middleware"
)

// leavingClient is the writer of a client that leaves when it has what a flush
// sends. Over HTTP/2, net/http may then report that the client has left.
type leavingClient struct {
	*httptest.ResponseRecorder
	leave context.CancelFunc
	err   error
}

func (w leavingClient) FlushError() error {
	w.leave()
	return w.err
}

// TestFlushReportsAClientThatHadItsResponse has a client that leaves between
// the sending of a flush and its return.
func TestFlushReportsAClientThatHadItsResponse(t *testing.T) {
	good, left := row{"200", "", "good"}, row{"499", "canceled", "ignored"}
	for name, c := range map[string]struct {
		contentType, length string
		size                int
		want                row
	}{
		"lines":                     {"application/x-ndjson", "", 3, good},
		"lines beyond the window":   {"application/x-ndjson", "", 1 << 16, left},
		"JSON of a declared length": {"application/json", "3", 3, good},
		"JSON beyond the window":    {"application/json", "65536", 1 << 16, left},
		"half of JSON":              {"application/json", "6", 3, left},
		"JSON of an unknown length": {"application/json", "", 3, left},
		"events":                    {"text/event-stream", "", 3, good},
	} {
		for _, err := range []error{errors.New("client disconnected"), nil} {
			if err == nil && c.size > 1<<15 {
				continue // the flush waited for the client, which took it
			}
			var got row
			in, rec := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) {
				got = row{status: strconv.Itoa(r.Status), errorType: r.ErrorType}
			}}, availability)
			ctx, leave := context.WithCancel(context.Background())
			r := httptest.NewRequestWithContext(ctx, "GET", "/users/1", nil)
			r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/2.0", 2, 0
			in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.contentType)
				if c.length != "" {
					w.Header().Set("Content-Length", c.length)
				}
				_, _ = w.Write(make([]byte, c.size))
				_ = http.NewResponseController(w).Flush()
			})).ServeHTTP(leavingClient{httptest.NewRecorder(), leave, err}, r)
			if got.verdict = onlyVerdict(rec); got != c.want {
				t.Errorf("%s, flush returned %v: got %v, want %v", name, err, got, c.want)
			}
		}
	}
}
