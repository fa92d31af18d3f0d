// Package middleware turns HTTP requests into events, metrics, spans and log
// lines.
//
// It wraps a handler once. With one ResponseWriter it records an [sli.Event]
// for each request, a histogram of durations, the number of active requests and
// the sizes of bodies. Options add a span, a request ID and a line in an access
// log. The outcome of a request is decided once, so all of them agree.
//
//	rec, err := sli.NewRecorder(indicators...)
//	…
//	in, err := middleware.New(rec, nil)
//	…
//	reg.MustRegister(sliprom.NewCollector(rec), in)
//	http.ListenAndServe(addr, in.Handler(mux))
//
// # Verdicts
//
// An event is judged once by each indicator: when the handler returns, or
// earlier, as the table says. The first row that applies decides. The bound is
// the indicator's Good.Within if it is set, else its Patience.
//
//	the handler panicked, except with http.ErrAbortHandler     bad
//	the context's deadline passed before a byte was sent       bad at once
//	the write deadline passed before the response was sent     bad
//	the response was complete before the client left           as sent
//	the handler sent 5xx or called SetError before             as sent
//	http.Server.Close closed the connection (HTTP/1)           bad
//	a read deadline passed in the request's body               as sent
//	the client left a stream                                   as sent
//	the client left, and Valid.Canceled includes it            by the indicator
//	the client left, and the bound passed before the response  bad at once
//	the client left in any other case                          ignored
//
// At once means at the next read of the recorder's counters, even if the
// handler never returns. The instrument keeps a list of the requests in
// flight, and looks at them whenever the counters are read, at most once in
// 100 ms. The length of the list is the number of active requests.
//
// The clock of the bound stops while the handler waits in a Read of
// the request's body. A response is complete if its declared length, or a
// status that permits no body, was written and flushed.
//
// A request in flight whose bound has passed before its response began, and
// that no row decides yet, is overdue. The recorder counts overdue requests:
// over HTTP/1, net/http does not notice that the client left before the
// handler has read the request's body, nor after the client sent a second
// request.
//
//	while the handler hangs                                    verdict
//
//	client waits beyond the bound                              overdue
//	client waits, response has begun                           none
//	client disconnected after the bound                        bad
//	client disconnected before the bound                       bad
//	client disconnected from a WebSocket handshake             bad
//	client disconnected, with HalfClosedClients                overdue
//	client disconnected, with negative Patience                none
//	client sent a second request and disconnected              overdue
//	client disconnected before its body was read               overdue
//	client reset its stream before its body was read           bad
//	client is slow to send the body                            none
//	client disconnected in its body, handler hangs             bad
//	client disconnected during the response                    none
//	http.TimeoutHandler has sent 503                           bad
//	context deadline passed                                    bad
//	context deadline passed, response buffered                 bad
//
// # Outcomes
//
// The tables show the status and the error_type of a request, as its
// histograms and its event have them. The verdict is for an indicator whose
// Good lists the statuses 2xx, 3xx and 4xx and has no other condition. In
// rows about the bound it is shorter than the request, else longer.
//
//	the client waits                                     status  error_type
//
//	handler wrote nothing                                200            good
//	handler sent 200                                     200            good
//	handler sent 404                                     404            good
//	handler sent 503                                     503  503       bad
//	handler sent 999                                     999  other     bad
//	handler sent 200, then 500                           200            good
//	handler sent 103 Early Hints, then 200               200            good
//	handler only flushed                                 200            good
//	handler sent 200 and called SetError                 200  _OTHER    bad
//	handler sent less than the declared length           500  aborted   bad
//	handler declared a length and sent nothing           500  aborted   bad
//	handler only declared a length                       500  aborted   bad
//	handler sent more than the declared length           500  aborted   bad
//	handler declared a length for HEAD                   200            good
//	handler declared a length for 304                    304            good
//	handler panicked before its response                 500  panic     bad
//	handler panicked after it sent 200                   500  panic     bad
//	handler panicked in an event stream                  500  panic     bad
//	handler panicked with http.ErrAbortHandler           500  aborted   bad
//	handler called runtime.Goexit                        500  aborted   bad
//	upstream of httputil.ReverseProxy broke off          500  aborted   bad
//	handler hijacked the connection (WebSocket)          101            ignored
//	handler hijacked the connection by Unwrap            101            ignored
//	io.Copy failed by a deadline of its source           502  502       bad
//	program canceled the request with a cause            200            good
//	no pattern matched                                   404            good
//
//	a deadline of the service passes
//
//	context deadline passed without a response           200  timeout   bad
//	write deadline passed during the response            200  timeout   bad
//	http.TimeoutHandler had already sent 503             503  timeout   bad
//	http.TimeoutHandler discarded the handler's 200      503  timeout   bad
//	context deadline passed, then handler sent 504       504  timeout   bad
//	context deadline passed before a flush               200  timeout   bad
//	context deadline passed after a flush                200            good
//	WriteTimeout passed before a buffered response       200  timeout   bad
//	WriteTimeout passed before an empty response         200  timeout   bad
//	WriteTimeout passed before a declared response       200  timeout   bad
//	WriteTimeout passed during the response              200  timeout   bad
//	WriteTimeout passed before the end of a response     200  timeout   bad
//	WriteTimeout canceled the request (HTTP/2)           200  timeout   bad
//	WriteTimeout passed after the declared length        200            good
//	WriteTimeout passed, then handler panicked           500  panic     bad
//	WriteTimeout passed, then http.ErrAbortHandler       200  timeout   bad
//	SetWriteDeadline passed before a buffered response   200  timeout   bad
//	SetWriteDeadline beyond WriteTimeout                 200            good
//	SetWriteDeadline lifted WriteTimeout                 200            good
//	outer handler lifted WriteTimeout                    200            good
//
//	the client disconnects
//
//	client disconnected                                  499  canceled  ignored
//	client disconnected, then handler sent 500           499  canceled  ignored
//	client disconnected, then handler sent 200           499  canceled  ignored
//	handler sent 500, then client disconnected           500  500       bad
//	client disconnected after the declared length        200            good
//	the same, then SetWriteDeadline passed               200            good
//	client disconnected before the declared length       499  canceled  ignored
//	client disconnected, then http.ErrAbortHandler       499  canceled  ignored
//	client disconnected, then handler panicked           500  panic     bad
//	client disconnected from an event stream             200            good
//	client disconnected before an event stream           499  canceled  ignored
//	client disconnected after the bound                  499  canceled  bad
//	response after the bound, then client disconnected   499  canceled  bad
//	response before the bound, then client disconnected  499  canceled  ignored
//	client disconnected after 204                        204            good
//	client disconnected after 304                        304            good
//	client disconnected after a response to HEAD         200            good
//	client disconnected after Content-Length 0           200            good
//	client disconnected before 204 was flushed           499  canceled  ignored
//	client disconnected, then handler sent 204           499  canceled  ignored
//	handler did not flush 500, then client disconnected  500  500       bad
//	handler called SetError, then client disconnected    200  _OTHER    bad
//	client disconnected, then handler called SetError    499  canceled  ignored
//	client disconnected, then a write failed             499  canceled  ignored
//	the same, with HalfClosedClients                     499  canceled  ignored
//	client disconnected, then runtime.Goexit             499  canceled  ignored
//	client disconnected in its request's body            499  canceled  ignored
//	the same, after the bound                            499  canceled  bad
//	client disconnected from httputil.ReverseProxy       499  canceled  ignored
//	client disconnected before WriteTimeout passed       499  canceled  ignored
//
//	net/http cancels the request for another reason (HTTP/1)
//
//	client closed its half, then handler sent 200        499  canceled  ignored
//	client closed its half, then handler sent 500        499  canceled  ignored
//	HalfClosedClients, then handler sent 200             200            good
//	HalfClosedClients, then handler sent 500             500  500       bad
//	HalfClosedClients, then http.ErrAbortHandler         500  aborted   bad
//	read deadline passed, then handler sent 408          408            good
//	read deadline passed, then handler sent 500          500  500       bad
//	SetReadDeadline passed, then handler sent 408        408            good
//	read deadline passed after handler sent 401          401            good
//	SetReadDeadline passed after the request's body      200            good
//	Server.Close during the request                      500  aborted   bad
//	Server.Close, then handler sent 500                  500  aborted   bad
//	Server.Close, then a write failed                    500  aborted   bad
//	Server.Close, with HalfClosedClients                 500  aborted   bad
//	Server.Close after the declared length               200            good
//
// A panic continues unchanged to net/http, which logs it and closes the
// connection, unless [Options.Recover] answers it.
//
// The client counts as disconnected if the request's context is canceled
// without a cause. A server that cancels requests in order to shut down should
// therefore give a cause, by [context.WithCancelCause]. A client that closes
// its half of a connection looks like one that disconnected, unless
// [Options.HalfClosedClients] says otherwise. Over HTTP/2, a connection that
// [http.Server.Close] closed looks like one whose client disconnected.
//
// The duration is from the call of the handler to its return. For a stream
// it is to the first byte, because the client decides how long a stream
// stays open. [SetStream] lists the responses that are streams.
//
// # Spans, request IDs and the access log
//
// [Options.Spans], [Options.RequestID] and [Options.AccessLog] add one signal
// each. The context of the handler's request then has the span, the request ID
// and a place for the user: package logging writes all of them on each line,
// and logging.SetUser in a handler also reaches the access line. With a sampled
// trace, the histogram of durations has exemplars. The span of an event that is
// bad for an indicator is marked for the tail of package tracing.
//
//	in, err := middleware.New(rec, &middleware.Options{
//		Spans: &middleware.SpanOptions{
//			TracerProvider: p.TracerProvider(), Propagator: p.Propagator(),
//		},
//		RequestID: &middleware.IDOptions{},
//		AccessLog: &middleware.LogOptions{Logger: logger},
//	})
//
// [Options.Omit] leaves signals out for some requests, such as health checks.
// [Options.Done] gets the [Record] that all signals are made from.
//
// Telemetry never fails a request: if a function of the options, the logger's
// handler, the tracer or the propagator panics, only its own part is lost.
// If one of them calls [runtime.Goexit], the goroutine ends, but the call is
// counted and its other signals are made.
//
// # Work that is not a request
//
// [Instrument.Do] gives a job, a query or a message the same signals as a
// request. [Instrument.Begin] and [Call.End] are its parts, for protocols of
// a program's own.
//
//	the function of Do                                   error_type
//
//	returned nil                                                    good
//	returned an error                                    _OTHER     bad
//	returned context.DeadlineExceeded                    timeout    bad
//	returned context.Canceled after the bound            canceled   bad
//	returned context.Canceled before the bound           canceled   ignored
//	the program canceled the context with a cause        canceled   ignored
//	panicked                                             panic      bad
//	called runtime.Goexit                                aborted    bad
//
// The context's deadline makes the event bad at once, as it does for a request.
// The bound is the indicator's, and runs from Begin to [Call.Answered] or End.
//
// # Routes
//
// The route is the path of [http.Request.Pattern] when the handler returns,
// so wrap the [http.ServeMux] itself. No label comes from a URL, a header or
// an error's text: the route of a request that no pattern matched is
// "unmatched", and an unknown method is "_OTHER". The pattern is lost if a
// middleware between the instrument and the mux passes on a copy of the
// request: see [Options.Mux] and [ReportRoute], which a mux behind
// [http.StripPrefix] needs too. For other routers, see [SetRoute] and
// docs/routers.md. The recorder counts requests that come back without a
// pattern, except 404 and 405, and [Options.Logger] gets a warning.
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
// deadline below [Options.MinDeadline] makes the event ignored.
//
// The outcome of gRPC-Web and of Connect's streams is in their bodies, which
// the instrument does not parse. Such a response is ignored with the reason
// "unjudged", unless the handler calls [SetCode] or [SetError]. Connect's unary
// calls have an HTTP status.
//
// # Requests to other services
//
// [Instrument.Transport] measures the requests that the service sends. Each
// attempt has a client span, and adds to a histogram by method, host and URL
// template. Each call is an event with the operation "METHOD //host", or
// "METHOD //host/template" with [WithURLTemplate], such as "POST
// //payments/charges". It counts for the indicators whose Requests name it;
// see [sli.Recorder.Outgoing].
//
// A call is one attempt, or all attempts of a chain of redirects, or all
// attempts of a [WithCall]. The event has the outcome of the last attempt, the
// operation of the first one, and the time of all. Attempts that
// net/http repeats itself, for example because the server closed the
// connection before it read the request, are one attempt. A redirect that
// nobody follows within a second, or that [http.Client] refuses to follow, is
// the answer of its call.
//
// An attempt ends when the body of its response is read to its end or to its
// declared length, fails, or is closed. It also ends when the body is garbage,
// or a second after its context was done.
//
// The table shows the error_type of the last attempt. The verdict is for an
// indicator whose Good lists the statuses 2xx, 3xx and 4xx.
//
//	verdict  error_type          the end of the call
//
//	good                         the service answered 200
//	good                         the service answered 204
//	good                         the service answered HEAD
//	good     404                 the service answered 404
//	bad      503                 the service answered 503
//	good                         the caller closed the body early
//	good                         the caller lost the body
//	good                         the caller read the declared length only
//	good                         the caller closed an event stream
//	good                         the caller canceled, then closed the body
//	good                         the caller followed redirects
//	good                         the caller did not follow a redirect
//	good                         the caller refused to follow redirects
//	bad      503                 the caller followed a redirect to 503
//	ignored                      the connection was upgraded
//	bad      connection_refused  the connection was refused
//	bad      name_resolution     the host has no address
//	bad      tls                 the certificate is not trusted
//	bad      tls                 the service does not speak TLS
//	bad      connection_closed   the service closed the connection
//	bad      connection_reset    the service reset the connection
//	bad      connection_closed   the service broke the body off
//	bad      connection_closed   the service broke an event stream off
//	bad      timeout             the context's deadline passed
//	bad      timeout             the context's deadline passed with a cause
//	bad      timeout             the deadline was the cause of a cancellation
//	bad      timeout             http.Client.Timeout passed
//	bad      timeout             http.Client.Timeout passed after a redirect
//	bad      timeout             the deadline passed in the body
//	bad      timeout             the deadline passed, and nobody read the body
//	bad      timeout             Transport.ResponseHeaderTimeout passed
//	ignored  canceled            the caller left before the bound
//	ignored  canceled            the caller left before the bound, in the body
//	ignored  canceled            the caller left in the body, after the bound
//	bad      canceled            the caller left after the bound
//	ignored  canceled            the caller left after the bound, with a cause
//	bad      panic               the transport panicked
//	bad      aborted             the transport called runtime.Goexit
//	bad      _OTHER              the transport returned no response
//	good                         the third attempt of a WithCall succeeded
//	bad      503                 all attempts of a WithCall failed
//	good                         the second of two attempts at once failed
//	good     503                 the slower of two attempts at once failed
//
// A call without an answer whose deadline has passed is bad at once, and one
// whose bound has passed is overdue, as requests that hang are. Per-attempt
// deadlines within a WithCall end the attempt only.
//
// # Cost
//
// A request costs one allocation, with or without a body, a map lookup by
// pattern, and some atomic adds to counters that cores do not share; a scrape
// sums them. Its place in the list of requests in flight costs two short
// critical sections on a lock of its core. Over HTTP/1, a response whose
// handler sets no header costs one more allocation: the instrument reads its
// header, and net/http then copies it.
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
