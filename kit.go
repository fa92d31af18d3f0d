package sligo

import (
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
)

// Kit is a service's telemetry, wired. Create one with [Start]; the zero Kit is
// not valid. Its methods are safe for concurrent use.
type Kit struct {
	// Log writes the service's log lines, with the request and the trace of their
	// context.
	Log *slog.Logger

	// Recorder counts the events of the objectives' indicators. Report events that
	// no middleware sees to it.
	Recorder *sli.Recorder

	// Registry has the kit's collectors. The service may register its own.
	Registry *prometheus.Registry

	// Tracing has the tracers and the propagator.
	Tracing *tracing.Provider

	// Instrument measures requests, calls and jobs. Other protocols join through
	// it, such as gRPC by sligrpc.ServerOptions.
	Instrument *middleware.Instrument

	service  string
	settings []setting
	warnings []string
	admin    setting
	drain    time.Duration
	timeout  time.Duration
	// noSignals reports that Run does not end at signals.
	noSignals bool

	logs   *logging.Handler
	sinks  []sink
	issues *logissue.Tracker
	// ownIssues reports that the kit made issues, and so closes it.
	ownIssues bool
	books     *status.Books
	ledger    func() ledger.Ledger // of Options.Page
	page      *statuspage.Page
	traffic   *traffic
	checks    checks

	draining atomic.Bool // /readyz is 503, and connections end
	// adminAddress is the address on which the admin listener listens. It is
	// empty if the listener failed.
	adminAddress atomic.Pointer[string]

	stop    chan struct{} // closed by Shutdown
	stopped chan struct{} // closed at the end of Run
	ending  sync.Once     // closes stop

	mu      sync.Mutex    // guards running and the making of closed
	running bool          // Run was called
	closed  chan struct{} // made when the end begins, closed when losses is set
	losses  error
}

// Handler returns a handler that measures the requests that next serves. Each
// request has an event, metrics, a span, an ID and a log line; see
// [middleware.Instrument.Handler]. While the service drains, the handler asks
// clients to close their connections, so that no request meets a closed one.
func (k *Kit) Handler(next http.Handler) http.Handler {
	measured := k.Instrument.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if k.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		measured.ServeHTTP(w, r)
	})
}

// Transport returns a transport that measures the requests that next sends; see
// [middleware.Instrument.Transport]. A nil next is [http.DefaultTransport].
func (k *Kit) Transport(next http.RoundTripper) http.RoundTripper {
	return k.Instrument.Transport(next)
}

// Status returns the current state of the objectives, from the memory of the
// process. It knows no event of other instances. It knows events from before
// the start only with Options.Snapshot. The coverage of each budget says for
// how much of its window it is known. Status leaves out objectives with a
// mistake.
func (k *Kit) Status() status.Reading { return k.books.Reading() }
