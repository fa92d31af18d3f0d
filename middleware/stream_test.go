package middleware_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/middleware"
)

// parts sends two parts of a Content-Type and flushes the first or both.
func parts(contentType string, flushed bool) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, "{}\n")
		if flushed {
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// until serves, then waits until net/http has seen the client disconnect.
func until(serve func(http.ResponseWriter, *http.Request)) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		serve(w, r)
		<-r.Context().Done()
	}
}

func marksStream(then func(http.ResponseWriter, *http.Request)) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		middleware.SetStream(w)
		then(w, r)
	}
}

// TestStreams lets the client disconnect from responses that are streams, and
// from those that only look like one.
func TestStreams(t *testing.T) {
	good, left := row{"200", "", "good"}, row{"499", "canceled", "ignored"}
	nothing := func(http.ResponseWriter, *http.Request) {}
	answered := func(handler func(http.ResponseWriter, *http.Request)) scenario {
		return scenario{handler: until(handler), leaves: "answered", reads: 3}
	}
	cases := map[string]struct {
		scenario scenario
		want     row
	}{
		"lines of JSON, flushed":         {answered(parts("application/x-ndjson", true)), good},
		"lines of JSON with a charset":   {answered(parts("Application/X-NDJSON; charset=utf-8", true)), good},
		"GeoJSON text sequences":         {answered(parts("application/geo+json-seq", true)), good},
		"other JSON text sequences":      {answered(parts("application/vnd.example+json-seq; q=1", true)), good},
		"JSON text sequences":            {answered(parts("application/json-seq", true)), good},
		"a stream of pictures":           {answered(parts("multipart/x-mixed-replace; boundary=frame", true)), good},
		"an event stream in capitals":    {answered(parts("Text/Event-Stream", true)), good},
		"gRPC is not always a stream":    {answered(parts("application/grpc", true)), left},
		"plain JSON, flushed":            {answered(parts("application/json", true)), left},
		"a type that begins like events": {answered(parts("text/event-streams", true)), left},
		"lines of JSON, marked before":   {answered(marksStream(parts("application/json", true))), good},
		"plain JSON, marked after the first part": {answered(func(w http.ResponseWriter, r *http.Request) {
			parts("application/json", true)(w, r)
			middleware.SetStream(w)
		}), good},
		"lines of a declared length": {scenario{handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/x-ndjson")
			answerHalf(w)
			<-r.Context().Done()
		}, leaves: "answered", reads: 4}, left},
		"lines, first flushed when the client has left": {scenario{
			handler: afterClient(parts("application/x-ndjson", true)), leaves: "entered"}, left},
		"a long poll without an answer": {scenario{handler: marksStream(until(nothing)), leaves: "entered"}, good},
		"a long poll, marked too late": {scenario{handler: afterClient(func(w http.ResponseWriter, _ *http.Request) {
			middleware.SetStream(w)
		}), leaves: "entered"}, good},
		"a stream that failed": {scenario{handler: marksStream(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(503)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}), leaves: "answered"}, row{"503", "503", "bad"}},
		"a stream that panicked": {scenario{handler: marksStream(func(w http.ResponseWriter, r *http.Request) {
			parts("application/json", true)(w, r)
			panic("boom")
		})}, row{"500", "panic", "bad"}},
	}
	for name, c := range cases {
		for _, protocol := range protocols {
			t.Run(name+"/"+protocol, func(t *testing.T) {
				if got, _ := serve(t, protocol, "slog", c.scenario); got != c.want {
					t.Errorf("got %v, want %v", got, c.want)
				}
			})
		}
	}
}

// TestLinesWithoutFlushAreADownload lets the client disconnect from a download
// that is longer than all buffers.
func TestLinesWithoutFlushAreADownload(t *testing.T) {
	download := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		line := strings.Repeat("x", 1<<16)
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, line)
		}
	}
	for _, protocol := range protocols {
		got, _ := serve(t, protocol, "logging", scenario{handler: download, leaves: "answered", reads: 4})
		if want := (row{"499", "canceled", "ignored"}); got != want {
			t.Errorf("%s: got %v, want %v", protocol, got, want)
		}
	}
}
