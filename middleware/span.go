package middleware

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/headsampling"
	"github.com/sligo-go/sligo/redact"
	"github.com/sligo-go/sligo/sli"
)

// SpanOptions configures the spans. TracerProvider is required.
//
// A span has the name "METHOD route" and the attributes of OpenTelemetry's
// semantic conventions, with the values of the metrics' labels. Its status is
// Error if the service failed: by a status 5xx, a panic, a deadline that
// passed, or SetError. An exception event has the error's text, and the stack
// of a panic. Package redact's default policy replaces secrets in these texts.
// The query is not recorded.
type SpanOptions struct {
	// TracerProvider makes the spans, for example of tracing.Provider.
	TracerProvider trace.TracerProvider

	// Propagator reads the caller's span from a request and writes the service's
	// span to the requests that it sends. Nil means W3C Trace Context and
	// Baggage.
	Propagator propagation.TextMapPropagator

	// Public says that a stranger sent a request. Its span then begins a new
	// trace, with a link to the stranger's, whose baggage is dropped. The
	// handler's request does not have the stranger's headers, so that a proxy does
	// not pass them on. Nil means that no caller is a stranger, unless Propagator
	// says so.
	Public func(*http.Request) bool

	// Sampling returns attributes for the sampler, which sees a span before its
	// route is known. It is called for each request. Nil means none.
	Sampling func(*http.Request) []attribute.KeyValue

	// Name returns the name of a recorded span when it ends. Nil, and an empty
	// name, mean "METHOD route". It must come from the program, never from the
	// URL.
	Name func(Record) string

	// Attributes returns further attributes of a recorded span when it ends. Nil
	// means none.
	Attributes func(Record) []attribute.KeyValue

	// NoExemplars leaves the exemplars out, which refer from the histogram of
	// durations to sampled traces.
	NoExemplars bool
}

func (o *SpanOptions) check(errs *sli.FieldErrors) {
	if o == nil {
		return
	}
	if o.TracerProvider == nil || guard.NilPointer(o.TracerProvider) {
		errs.Addf("Spans.TracerProvider", "tracer provider is nil")
		return
	}
	if tracer, err := o.tracer(); err != nil {
		errs.Addf("Spans.TracerProvider", "cannot make a tracer: %w", err)
	} else if tracer == nil || guard.NilPointer(tracer) {
		errs.Addf("Spans.TracerProvider", "tracer provider returns no tracer")
	}
	if o.Propagator != nil && guard.NilPointer(o.Propagator) {
		errs.Addf("Spans.Propagator", "propagator is a nil pointer")
	}
}

func (o *SpanOptions) tracer() (tracer trace.Tracer, err error) {
	err = guard.Call(func() { tracer = o.TracerProvider.Tracer(scopeName) })
	return tracer, err
}

// scopeName is the name of the instrumentation scope.
const scopeName = "github.com/sligo-go/sligo/middleware"

// spans makes the spans of requests and calls.
type spans struct {
	SpanOptions
	tracer   trace.Tracer
	redactor *redact.Redactor
	fields   []string             // the propagator's headers in canonical form
	standard bool                 // the propagator is the default
	decider  headsampling.Decider // nil if the provider cannot decide
	kinds    [callKinds]spanStart
}

func newSpans(o *SpanOptions) *spans {
	if o == nil {
		return nil
	}
	s := &spans{SpanOptions: *o, redactor: redact.Default()}
	s.tracer, _ = o.tracer() // checked
	s.decider, _ = o.TracerProvider.(headsampling.Decider)
	if s.Propagator == nil {
		s.standard = true
		s.Propagator = propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
	}
	_ = guard.Call(func() { s.fields = slices.Clone(s.Propagator.Fields()) })
	for i, name := range s.fields {
		s.fields[i] = http.CanonicalHeaderKey(name)
	}
	s.kinds = spanStarts(nil)
	return s
}

// start starts the span of a request that has just arrived, and returns the
// context with it.
func (s *spans) start(to *signals, r *http.Request, public bool) context.Context {
	with := s.kinds[kindServer]
	if from := s.caller(to.Context.Context, r.Header); public {
		with = with.linked(from)
	} else {
		to.Context.Context = from
	}
	if s.Sampling != nil {
		var attrs []attribute.KeyValue
		_ = guard.Call(func() { attrs = s.Sampling(r) })
		with = with.described(attrs)
	}
	return s.begin(to, methods[methodOf(r.Method)], &with)
}

// strip returns the headers without the propagator's. A handler that passes a
// stranger's request on, such as httputil.ReverseProxy, would send them as if
// they were the service's own. It copies headers that have some.
func (s *spans) strip(h http.Header) http.Header {
	copied := false
	for _, name := range s.fields {
		if len(h[name]) == 0 {
			continue
		}
		if !copied {
			h, copied = maps.Clone(h), true
		}
		delete(h, name)
	}
	return h
}

// caller returns the context with the span and the baggage of a request's
// header. Most callers from outside send neither.
func (s *spans) caller(ctx context.Context, h http.Header) context.Context {
	if s.standard && len(h["Traceparent"])+len(h["Baggage"]) == 0 {
		return ctx
	}
	return s.extract(ctx, headerCarrier(h))
}

// extract returns the context with the caller's span, or ctx if the propagator
// panics or returns none.
func (s *spans) extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	var from context.Context
	if _ = guard.Call(func() { from = s.Propagator.Extract(ctx, carrier) }); from == nil {
		return ctx
	}
	return from
}

// extractCall is extract for a call that is not a request of net/http. Most
// callers send neither a span nor a baggage.
func (s *spans) extractCall(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	sent := true
	if s.standard {
		_ = guard.Call(func() { sent = carries(carrier, "traceparent") || carries(carrier, "baggage") })
	}
	if !sent {
		return ctx
	}
	return s.extract(ctx, carrier)
}

// carries reports whether a carrier has values of a key.
func carries(carrier propagation.TextMapCarrier, key string) bool {
	if all, ok := carrier.(propagation.ValuesGetter); ok {
		return len(all.Values(key)) > 0
	}
	return carrier.Get(key) != ""
}

// inject writes the span of ctx to the headers of a call.
func (s *spans) inject(ctx context.Context, carrier propagation.TextMapCarrier) {
	_ = guard.Call(func() { s.Propagator.Inject(ctx, carrier) })
}

// keepKey marks the span of a bad event, so that tracing.Tail keeps its trace.
const keepKey = attribute.Key("sligo.keep")

// end ends the span of a call if it is recorded. If the call is not a served
// request, e is nil, and name is the name of the span.
func (s *spans) end(span trace.Span, rec *Record, name string, e *exchange) {
	if !isRecording(span) {
		return
	}
	var final spanEnd
	attrs := final.attrs[:0]
	if e != nil {
		name = rec.Event.Operation
		attrs = s.addRequest(attrs, e, rec)
	}
	attrs = append(attrs, rec.attributes...)
	attrs = addText(attrs, "client.address", rec.Caller)
	attrs = addText(attrs, "error.type", rec.ErrorType)
	attrs = addText(attrs, "request_id", rec.RequestID)
	attrs = addText(attrs, "rpc.response.status_code", rec.Event.Code)
	if rec.Bad {
		attrs = append(attrs, keepKey.Bool(true))
	}
	final.options[0] = trace.WithTimestamp(rec.End)
	defer span.End(final.options[:]...) // also if another method panics
	defer func() {
		span.SetName(name)
		span.SetAttributes(attrs...)
		if rec.failed() {
			s.fail(span, rec)
		}
	}()
	if s.Name != nil {
		_ = guard.Call(func() { name = cmp.Or(s.Name(*rec), name) })
	}
	if s.Attributes != nil {
		_ = guard.Call(func() { attrs = append(attrs, s.Attributes(*rec)...) })
	}
}

// isRecording reports whether a span is recorded. It ends a span that cannot
// tell.
func isRecording(span trace.Span) (yes bool) {
	told := false
	defer func() {
		if !told {
			span.End()
		}
	}()
	yes = span.IsRecording()
	told = true
	return yes
}

// spanEnd is the last change to a span in one allocation. No other span gets
// it, because a provider may keep it.
type spanEnd struct {
	attrs   [15]attribute.KeyValue
	options [1]trace.SpanEndOption
}

// addText adds an attribute unless its value is empty.
func addText(attrs []attribute.KeyValue, key attribute.Key, value string) []attribute.KeyValue {
	if value == "" {
		return attrs
	}
	return append(attrs, key.String(strings.ToValidUTF8(value, "\uFFFD")))
}

// fail records why a call failed.
func (s *spans) fail(span trace.Span, rec *Record) {
	err := rec.shownError()
	text := s.errorText(err)
	span.SetStatus(codes.Error, text)
	if err == nil {
		return
	}
	attrs := []attribute.KeyValue{
		attribute.String("exception.type", strings.TrimPrefix(fmt.Sprintf("%T", err), "*")),
		attribute.String("exception.message", text),
	}
	if stack := stackOf(err); stack != "" {
		attrs = append(attrs, attribute.String("exception.stacktrace", s.redactor.Text(stack)))
	}
	span.AddEvent("exception", trace.WithAttributes(attrs...), trace.WithTimestamp(rec.End))
}

// stackOf returns the stack of a panic, and "" for any other error. Without a
// stack of its own, the panic is the one that is under way.
func stackOf(err error) string {
	panicked, ok := err.(*PanicError) //nolint:errorlint // it is never wrapped
	switch {
	case !ok:
		return ""
	case panicked.Stack != "":
		return panicked.Stack
	}
	return string(debug.Stack())
}

// maxErrorText bounds the text of an error in a span, in bytes.
const maxErrorText = 4096

// errorText returns the redacted text of an error, or "" for nil. It redacts
// before it cuts, because half a secret has no form that redact recognizes.
func (s *spans) errorText(err error) string {
	if err == nil {
		return ""
	}
	text := s.redactor.Text(guard.ErrorText(err))
	if len(text) > maxErrorText {
		text = text[:maxErrorText]
	}
	return strings.ToValidUTF8(text, "")
}

// addRequest adds the attributes of a server span by the semantic conventions.
func (s *spans) addRequest(attrs []attribute.KeyValue, e *exchange, rec *Record) []attribute.KeyValue {
	r := rec.Request
	attrs = append(attrs,
		attribute.String("http.request.method", rec.Method),
		attribute.String("http.route", rec.Route),
		attribute.String("url.scheme", e.methodScheme.scheme()),
		attribute.String("url.path", s.shown(e.path, maxPath)),
		attribute.Int("http.response.status_code", rec.Status),
		attribute.String("network.protocol.version", version(r.ProtoMajor, r.ProtoMinor)),
		attribute.String("client.address", e.in.clientAddress(r)),
		attribute.Int64("http.request.body.size", rec.RequestBytes),
		attribute.Int64("http.response.body.size", rec.ResponseBytes),
	)
	if rec.Method == otherMethod {
		attrs = append(attrs, attribute.String("http.request.method_original", s.shown(r.Method, maxHeader)))
	}
	if host, port := splitHost(e.host); host != "" {
		attrs = append(attrs, attribute.String("server.address", s.shown(host, maxHeader)))
		if port > 0 {
			attrs = append(attrs, attribute.Int("server.port", port))
		}
	}
	return addText(attrs, "user_agent.original", s.shown(userAgent(r), maxHeader))
}

// shown returns a text that a client chose as an attribute shows it.
func (s *spans) shown(text string, limit int) string { return shown(s.redactor, text, limit) }

// shown returns a text that a client chose: redacted, cut to about a limit in
// bytes, and valid UTF-8, without which the protobuf of OTLP would reject the
// whole batch. Half a secret at a cut has no form that redact recognizes, so
// twice the limit is redacted.
func shown(redactor *redact.Redactor, text string, limit int) string {
	text = redactor.Text(text[:min(len(text), 2*limit)])
	return strings.ToValidUTF8(text[:min(len(text), limit)], "\uFFFD")
}

// userAgent returns r.UserAgent(), without making the header's name canonical.
func userAgent(r *http.Request) string {
	if values := r.Header["User-Agent"]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// version returns "1.1", "2" or "3".
func version(major, minor int) string {
	switch {
	case major != 1:
		return strconv.Itoa(major)
	case minor == 0:
		return "1.0"
	}
	return "1.1"
}

// splitHost splits a Host header. The port is 0 if it has none.
func splitHost(host string) (name string, port int) {
	if strings.LastIndexByte(host, ':') <= strings.LastIndexByte(host, ']') {
		return host, 0 // SplitHostPort would allocate an error
	}
	name, text, err := net.SplitHostPort(host)
	if err != nil {
		return host, 0
	}
	port, _ = strconv.Atoi(text)
	return name, port
}

// maxPath is the longest path that a span shows, in bytes. A request may have
// one of a megabyte.
const maxPath = 4096

// maxHeader is the longest text of a client that a span or a line shows, in
// bytes.
const maxHeader = 256
