// Package middleware turns HTTP requests into events and metrics.
//
// It wraps a handler once. With one ResponseWriter and one pair of clock
// readings it records an [sli.Event] for each request, a histogram of
// durations, the number of active requests and the sizes of bodies. The
// outcome of a request is decided once, so all of them agree.
//
//	rec, err := sli.NewRecorder(indicators...)
//	…
//	in, err := middleware.New(rec, nil)
//	…
//	reg.MustRegister(sliprom.NewCollector(rec), in)
//	http.ListenAndServe(addr, in.Handler(mux))
//
// # Outcomes
//
// The table shows the status and the error_type of a request, as its
// histograms and its event have them. The verdict is for an indicator whose
// Good lists the statuses 2xx, 3xx and 4xx and has no other condition.
//
//	how the request ended                             status  error_type  verdict
//	handler wrote nothing                             200                 good
//	handler sent 200                                  200                 good
//	handler sent 404                                  404                 good
//	handler sent 503                                  503     503         bad
//	handler sent 999                                  999     other       bad
//	handler sent 200, then 500                        200                 good
//	handler sent 103 Early Hints, then 200            200                 good
//	handler only flushed                              200                 good
//	handler sent 200 and called SetError              200     _OTHER      bad
//	handler panicked before its response              500     panic       bad
//	handler panicked after it sent 200                500     panic       bad
//	handler panicked with http.ErrAbortHandler        500     aborted     bad
//	handler called runtime.Goexit                     500     aborted     bad
//	client disconnected                               499     canceled    ignored
//	client disconnected, then handler sent 500        499     canceled    ignored
//	client disconnected, then handler sent 200        499     canceled    ignored
//	handler sent 500, then client disconnected        500     500         bad
//	client disconnected after the declared length     200                 good
//	client disconnected before the declared length    499     canceled    ignored
//	client disconnected, then http.ErrAbortHandler    499     canceled    ignored
//	client disconnected, then handler panicked        500     panic       bad
//	program canceled the request with a cause         200                 good
//	context deadline passed without a response        200     timeout     bad
//	write deadline passed during the response         200     timeout     bad
//	http.TimeoutHandler had already sent 503          503     timeout     bad
//	http.TimeoutHandler discarded the handler's 200   503     timeout     bad
//	handler hijacked the connection (WebSocket)       101                 ignored
//	client disconnected from an event stream          200                 good
//	client disconnected before an event stream        499     canceled    ignored
//	handler panicked in an event stream               500     panic       bad
//	no pattern matched                                404                 good
//
// A panic continues unchanged to net/http, which logs it and closes the
// connection, unless [Options.Recover] answers it.
//
// The client counts as disconnected if the request's context is canceled
// without a cause when the handler returns. A server that cancels requests
// in order to shut down should therefore give a cause, by
// [context.WithCancelCause].
//
// A write deadline, such as the server's WriteTimeout, is seen when a write
// or a flush reports it. It is not seen after the handler has returned, nor
// over HTTP/2, where it looks like a client disconnect. Give handlers a
// shorter deadline.
//
// The duration is from the call of the handler to its return. For a stream
// it is to the first byte, because the client decides how long a stream
// stays open. [SetStream] lists the responses that are streams.
//
// # Routes
//
// The route is the path of [http.Request.Pattern] when the handler returns,
// so wrap the [http.ServeMux] itself. No label comes from a URL, a header or
// an error's text: the route of a request that no pattern matched is
// "unmatched", and an unknown method is "_OTHER". The pattern is lost if a
// middleware between the instrument and the mux passes on a copy of the
// request: see [Options.Mux] and [ReportRoute], which a mux behind
// [http.StripPrefix] needs too. For other routers, see [SetRoute]. The recorder
// counts requests that come back without a pattern, except 404 and 405, and
// [Options.Logger] gets a warning.
//
// [http.TimeoutHandler] passes on a copy and a writer that hides the
// instrument. Put it around the instrument, which recognizes its 503:
// http.TimeoutHandler(in.Handler(mux), …).
//
// The operation of an event is the method and the route, such as "GET
// /users/{userid}".
//
// A browser's preflight request, OPTIONS with Origin and
// Access-Control-Request-Method, is ignored with the reason "preflight" by
// each indicator whose Requests do not name OPTIONS.
//
// # gRPC
//
// A gRPC server that net/http serves answers 200 and puts its code into a
// header or a trailer. If the response's Content-Type is application/grpc, or
// the request's was and the response is another one, the event has the Code
// that the client sees, and the Status that corresponds to it: Internal is
// 500. So an indicator that lists only statuses sees failures too. The metrics
// keep the status that was sent. Their error_type is the code, as
// OpenTelemetry spells it, if it is one of the server's errors: UNKNOWN,
// DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE or DATA_LOSS.
//
// If the client sent a deadline, and the response has not begun when it passes,
// the event is DeadlineExceeded and bad, even if the handler never returns. A
// deadline below 10 ms makes the event ignored.
//
// The outcome of gRPC-Web and of Connect's streams is in their bodies, which
// the instrument does not parse. Such a response is ignored with the reason
// "unjudged", unless the handler calls [SetCode] or [SetError]. Connect's unary
// calls have an HTTP status.
//
// # Cost
//
// A request costs one allocation, a map lookup by pattern, and some atomic
// adds to counters that cores do not share; a scrape sums them. Over HTTP/1,
// a response whose handler sets no header costs one more allocation: the
// instrument reads its Content-Type, and net/http then copies the header.
//
// Everything here is safe for concurrent use, except the functions that set
// something of one request, such as [SetRoute]: like its ResponseWriter, they
// belong to the handler.
//
// The package does not decide which requests are valid; indicators do. It
// does not keep a panic from the server's log. It does not tell the server
// that [http.MaxBytesReader] found a body too large, because net/http
// accepts that from its own writer only.
package middleware
