package middleware_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

// expiring gives the request's context a deadline.
func expiring(d time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// timeout is a time-out of a server. It limits a TLS handshake too.
const timeout = 200 * time.Millisecond

// netConnKey is the context key of a request's connection.
type netConnKey struct{}

// awaitWriteDeadline waits until net/http has noticed that the write deadline
// passed. After a sleep it may not have, because a busy machine can wake the
// handler before the server's own timer.
func awaitWriteDeadline(r *http.Request) {
	if r.ProtoMajor == 2 {
		<-r.Context().Done()
		return
	}
	conn := r.Context().Value(netConnKey{}).(net.Conn)
	for {
		if _, err := conn.Write(nil); errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// tardy calls do when timeout has passed by every clock.
func tardy(do http.HandlerFunc) http.HandlerFunc {
	return after(timeout, func(w http.ResponseWriter, r *http.Request) {
		awaitWriteDeadline(r)
		do(w, r)
	})
}

// liftable is a time-out that a handler lifts. It leaves a busy machine the
// time to call the handler, and tooLate is after it.
const (
	liftable = 5 * timeout
	tooLate  = liftable + timeout
)

func writeTimeout(d time.Duration) func(*http.Server) {
	return func(s *http.Server) { s.WriteTimeout = d }
}

// readTimeout limits the time for a request's body. The header has more time,
// because the handler must be called.
func readTimeout(s *http.Server) { s.ReadTimeout, s.ReadHeaderTimeout = timeout, time.Minute }

// timedOutReader is an upstream that is too slow.
type timedOutReader struct{}

func (timedOutReader) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// deadlines are the scenarios in which a deadline of the service passes.
var deadlines = map[string]scenario{
	"context deadline passed, then handler sent 504": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			w.WriteHeader(504)
		}, around: expiring(time.Millisecond),
	},
	"context deadline passed before a flush": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "ok")
			<-r.Context().Done()
		}, around: expiring(beyond),
	},
	"context deadline passed after a flush": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			_, _ = io.WriteString(w, "ok")
		}, around: expiring(tooLate),
	},
	"WriteTimeout passed before a buffered response": {
		handler: tardy(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }),
		server:  writeTimeout(timeout),
	},
	"WriteTimeout passed before an empty response": {
		handler: tardy(func(http.ResponseWriter, *http.Request) {}),
		server:  writeTimeout(timeout),
	},
	"WriteTimeout passed before a declared response": {
		handler: tardy(answerWhole),
		server:  writeTimeout(timeout),
	},
	"WriteTimeout passed during the response": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			answerHalf(w)
			tardy(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "half") })(w, r)
		}, server: writeTimeout(timeout),
	},
	"WriteTimeout passed before the end of a response": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "ok")
			_ = http.NewResponseController(w).Flush()
			tardy(func(http.ResponseWriter, *http.Request) {})(w, r)
		}, server: writeTimeout(timeout),
	},
	"WriteTimeout canceled the request (HTTP/2)": {
		handler: afterClient(func(http.ResponseWriter, *http.Request) {}),
		server:  writeTimeout(timeout), only: http2,
		// The server's clock begins before the instrument's.
		around: func(next http.Handler) http.Handler { return after(brief, next.ServeHTTP) },
	},
	"the same, then SetWriteDeadline passed": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			answerWhole(w, r)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(-time.Second))
		}, leaves: "answered", reads: 5,
	},
	"WriteTimeout passed after the declared length": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			answerWhole(w, r)
			_ = http.NewResponseController(w).Flush()
			awaitWriteDeadline(r)
		}, server: writeTimeout(liftable), only: http1,
	},
	"WriteTimeout passed, then handler panicked": {
		handler: tardy(func(http.ResponseWriter, *http.Request) { panic("boom") }),
		server:  writeTimeout(timeout),
	},
	"WriteTimeout passed, then http.ErrAbortHandler": {
		handler: tardy(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		server:  writeTimeout(timeout),
	},
	"SetWriteDeadline passed before a buffered response": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(brief))
			awaitWriteDeadline(r)
			_, _ = io.WriteString(w, "ok")
		},
	},
	"SetWriteDeadline beyond WriteTimeout": {
		handler: func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
			time.Sleep(tooLate)
			_, _ = io.WriteString(w, "ok")
		}, server: writeTimeout(liftable),
	},
	"SetWriteDeadline lifted WriteTimeout": {
		handler: func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
			time.Sleep(tooLate)
			_, _ = io.WriteString(w, "ok")
		}, server: writeTimeout(liftable),
	},
	"outer handler lifted WriteTimeout": {
		handler: after(tooLate, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }),
		server:  writeTimeout(liftable),
		around: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
				next.ServeHTTP(w, r)
			})
		},
	},
	"client disconnected before WriteTimeout passed": {
		handler: afterClient(status(200)), server: writeTimeout(time.Minute), leaves: "entered",
	},
	"io.Copy failed by a deadline of its source": {
		handler: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, timedOutReader{})
			w.WriteHeader(502)
		}, server: writeTimeout(time.Minute),
	},
}
