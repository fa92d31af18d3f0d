// Package sligrpc gives the calls of a gRPC server and of a gRPC client the
// signals that package middleware gives requests of HTTP: events by code,
// metrics, spans, request IDs and access lines, all made from one outcome.
//
// The operation of a served call is its full method, such as
// "/shop.Orders/List", and the operation of a call to another service has the
// host of the target in front: "//payments/shop.Payments/Charge".
//
//	in, err := middleware.New(rec, nil)
//	…
//	server := grpc.NewServer(sligrpc.ServerOptions(in)...)
//	pb.RegisterOrdersServer(server, orders)
//	conn, err := grpc.NewClient("dns:///payments:8443",
//		append(sligrpc.DialOptions(in), creds)...)
//	…
//	err = sligrpc.Server(":9090", server).ListenAndServe()
//
// A program registers the instrument as a collector, after ServerOptions and
// DialOptions if its registry is a pedantic one.
//
// # Served calls
//
// A call is one event with the code that its client gets. The table shows the
// code and the error_type, as all signals have them. Here, "code" means that
// the error_type is the code. The verdict is for an indicator whose Good lists
// the codes OK, NotFound and InvalidArgument. The bound is the indicator's
// Good.Within, or else its Patience.
//
//	verdict  code               error_type
//
//	good     OK                           handler returned
//	good     NOT_FOUND                    handler returned NotFound
//	bad      UNAVAILABLE        code      handler returned Unavailable
//	bad      UNKNOWN            code      handler returned an error
//	bad      UNKNOWN            code      handler returned io.EOF
//	bad      CANCELLED                    handler returned context.Canceled
//	bad      DEADLINE_EXCEEDED  code      handler returned a wrapped deadline
//	bad      UNKNOWN            code      handler returned code 77
//	bad      INTERNAL           panic     handler panicked
//	bad      INTERNAL           aborted   handler ended its goroutine
//	bad      RESOURCE_EXHAUSTED           request larger than the maximum
//	bad      RESOURCE_EXHAUSTED           response larger than the maximum
//	bad      INTERNAL           code      response that cannot be encoded
//	bad      UNAUTHENTICATED              an interceptor refused the call
//	bad      UNAUTHENTICATED              an interceptor around refused the call
//	bad      UNIMPLEMENTED      code      unknown method
//	bad      UNIMPLEMENTED      code      unknown service
//	good     OK                           method of an unknown service handler
//
//	bad      DEADLINE_EXCEEDED  timeout   deadline passed
//	bad      DEADLINE_EXCEEDED  timeout   deadline passed, then handler failed
//	ignored  DEADLINE_EXCEEDED  timeout   deadline shorter than 10 ms
//	ignored  CANCELLED          canceled  client left before the bound
//	bad      CANCELLED          canceled  client left after the bound
//
//	good     OK                           stream ended
//	bad      DATA_LOSS          code      stream failed after a message
//	good     OK                           stream of the client ended
//	good     OK                           both streamed
//	bad      INTERNAL           panic     stream panicked before a message
//	bad      INTERNAL           panic     stream panicked after a message
//	bad      INTERNAL           code      handler ignored an error of Send
//	bad      RESOURCE_EXHAUSTED           message of a stream above the maximum
//	good     OK                           client left a stream after a message
//	ignored  CANCELLED          canceled  client left a stream before a message
//	bad      DEADLINE_EXCEEDED  timeout   deadline passed in a stream
//
// The deadline is the client's. When it passes before the answer began, the
// event is bad at the next read of the counters, even if the handler never
// returns. A cancellation in the last tenth before the deadline, at most 50 ms,
// counts as the deadline. An indicator whose Good.Within is longer than the
// time that the client allowed ignores the event, and every indicator does
// below middleware.Options.MinDeadline, which is 10 ms by default.
//
// A panic becomes Internal with a fixed text. Its stack is in the span, in the
// access line and in gRPC's own log; see [Options.Repanic].
//
// # Streams
//
// A stream is one event with its final code. Its duration is the time to its
// first message, because the client decides how long a stream stays open. It
// has no bound but the client's deadline. A client that cancels a stream of the
// server after its first message got all that it wanted: the code is OK.
//
// [Options.FirstMessage] makes the first message of each stream an event of its
// own, so that an indicator can bound its latency: a stream that hangs before
// it is judged as a unary call. [Options.EachMessage] makes all of them events.
//
// # Calls to other services
//
// A call includes its retries by service config, and the attempts that a server
// refused before it processed them. Every code except OK is its error_type, but
// "timeout" if a deadline of the context or of the service config passed, and
// "canceled" if the program canceled the call. Such a call is ignored if the
// program gave a cause, and is judged by the bound if not. A stream has no
// bound.
//
// # Behind net/http
//
// If net/http serves the gRPC server, by its ServeHTTP, and the instrument's
// Handler is around it, that handler measures the calls: they count once. If
// the handler translates gRPC-Web for the server, the code is in the body, and
// the indicators ignore the call unless the translator calls
// middleware.SetCode.
//
// The handlers of grpc-gateway count once behind the instrument's Handler if
// they call the service itself, or a grpc.Server of their own that has the same
// services and no ServerOptions. A gateway in another process is a client.
//
// # Limits
//
// Health checks and server reflection are left out; see [Options.Omit]. Methods
// that a server does not have are one operation, "_OTHER", so that clients
// cannot make series. The methods of clients beyond 1000 are one operation,
// "overflow", which an indicator can name.
//
// gRPC refuses some calls before a server's stats handler: streams beyond
// MaxConcurrentStreams, headers beyond MaxHeaderListSize, malformed headers,
// methods without a service, deadlines that passed on the way, calls that an
// InTapHandle refuses, and connections that break its keepalive policy. Only
// clients measure them.
//
// With [Options.OmitStatsHandler], a server does not see unknown methods and
// requests that it cannot read, a response that it cannot send counts as
// sent, and the time of a [grpc.UnaryInterceptor] around is not a part of the
// call.
//
// Everything here is safe for concurrent use. Telemetry never fails a call. If
// a function of the options panics, only its own part is lost. If it calls
// [runtime.Goexit] on a server, the call is counted as aborted.
package sligrpc
