// Package middleware turns HTTP requests into events and metrics.
//
// One wrap around a handler, with one ResponseWriter and one pair of clock readings, records an
// [sli.Event] for each request, a histogram of durations, the number of active requests and the
// sizes of bodies. The outcome of a request is decided once, so that all of them agree.
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
// The status and the error_type of a request are those of its histogram and of its event. "Good" means
// good for an indicator whose Good asks for 2xx, 3xx or 4xx and which says nothing else.
//
//	how it ended                                         status  error_type  verdict
//	the handler wrote nothing                            200                 good
//	the handler answered 200                             200                 good
//	the handler answered 404                             404                 good
//	the handler answered 503                             503     503         bad
//	the handler answered 999                             999     other       bad
//	the handler answered twice, first 200                200                 good
//	the handler answered after 103 Early Hints           200                 good
//	the handler only flushed                             200                 good
//	the handler called SetError after 200                200     _OTHER      bad
//	the handler panicked before an answer                500     panic       bad
//	the handler panicked after 200                       500     panic       bad
//	the handler panicked with http.ErrAbortHandler       500     aborted     bad
//	the handler called runtime.Goexit                    500     aborted     bad
//	the client went away                                 499     canceled    ignored
//	the client went away, then the handler answered 500  499     canceled    ignored
//	the client went away, then the handler answered 200  499     canceled    ignored
//	the handler answered 500, then the client went away  500     500         bad
//	the client had all of a declared length, then left   200                 good
//	the client went away in the middle of the answer     499     canceled    ignored
//	the client went away, then http.ErrAbortHandler      499     canceled    ignored
//	the client went away, then a panic                   500     panic       bad
//	the program canceled the request with a cause        200                 good
//	the server's deadline passed without an answer       200     timeout     bad
//	the deadline for writing passed in the answer        200     timeout     bad
//	http.TimeoutHandler had answered before              503     503         bad
//	http.TimeoutHandler dropped the handler's 200        503     503         bad
//	the connection was hijacked, as for a WebSocket      101                 ignored
//	a client left an event stream                        200                 good
//	the client went away before an event stream began    499     canceled    ignored
//	an event stream ended in a panic                     500     panic       bad
//	no pattern matched                                   404                 good
//
// A panic goes on to net/http as it is, which logs it and closes the connection, unless
// [Options.Recover] asks for an answer. A request counts as one whose client went away when its context is canceled without
// a cause by the time the handler returns; a server that cancels its requests to shut down should do
// so with a cause, by [context.WithCancelCause].
//
// That the deadline for writing passed, as by a server's WriteTimeout, is seen when a write or flush
// reports it: not once the handler has returned, and not over HTTP/2, where it looks like a client
// that went away. A handler should have a shorter deadline of its own.
//
// The duration is from the call of the handler to its return. A stream's is to its first byte: that
// of a connection that was hijacked, or of an answer whose Content-Type is text/event-stream, since
// how long it stays open is the client's choice.
//
// # Routes
//
// The route is the path of [http.Request.Pattern] as it is when the handler has returned, so the
// instrument wraps the [http.ServeMux] itself. No label is made of a URL, a header or an error's text:
// a request that no pattern matched has the route "unmatched", an unknown method is "_OTHER". See
// [SetRoute] and [ReportRoute] for other routers, and for middleware that passes on a copy of the request.
//
// [http.TimeoutHandler] passes on a copy, and a writer through which nothing can be told. It
// belongs around the instrument, which knows its 503: http.TimeoutHandler(in.Handler(mux), …).
//
// An event's operation is the method and the route, "GET /users/{userid}".
//
// # Cost
//
// A request costs one allocation, a lookup by pattern, and some atomic adds on counters that cores do
// not share; they are summed at the scrape. An answer over HTTP/1 without any header of the handler's own
// costs one more: the instrument asks for its Content-Type, and net/http copies a header that is asked for.
//
// Everything here is safe for concurrent use, but for [SetRoute] and [SetError] on one request: those are
// calls of the handler's, as on its ResponseWriter. What it does not do: decide which requests are valid
// (indicators do), keep a handler's panic from the server's log, or tell net/http's server of
// a body that [http.MaxBytesReader] found too large, which only the server's own writer can.
package middleware
