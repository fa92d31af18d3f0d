package middleware_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
)

// stub is a ResponseWriter that does not allocate. The types below add each
// combination of optional interfaces.
type stub struct {
	header http.Header
	status int
	calls  []string // of the optional interfaces
	notify chan bool
}

func newStub() *stub { return &stub{header: make(http.Header), notify: make(chan bool)} }

func (s *stub) Header() http.Header         { return s.header }
func (s *stub) WriteHeader(status int)      { s.status = status }
func (s *stub) Write(p []byte) (int, error) { return len(p), nil }

func (s *stub) called(method string) error {
	s.calls = append(s.calls, method)
	return nil
}

func (s *stub) readFrom(src io.Reader) (int64, error) {
	_ = s.called("ReadFrom")
	return io.Copy(io.Discard, src)
}

func (s *stub) closeNotify() <-chan bool {
	_ = s.called("CloseNotify")
	return s.notify
}

// offered returns the optional interfaces of a writer as the letters that
// name the stubs.
func offered(w http.ResponseWriter) string {
	_, flusher := w.(http.Flusher)
	_, hijacker := w.(http.Hijacker)
	_, readerFrom := w.(io.ReaderFrom)
	_, pusher := w.(http.Pusher)
	_, notifier := w.(http.CloseNotifier) //nolint:staticcheck // still in use
	var all []byte
	for i, has := range []bool{flusher, hijacker, readerFrom, pusher, notifier} {
		if has {
			all = append(all, "FHRPN"[i])
		}
	}
	return string(all)
}

type (
	stubF     struct{ *stub }
	stubH     struct{ *stub }
	stubFH    struct{ stubF }
	stubR     struct{ *stub }
	stubFR    struct{ stubF }
	stubHR    struct{ stubH }
	stubFHR   struct{ stubFH }
	stubP     struct{ *stub }
	stubFP    struct{ stubF }
	stubHP    struct{ stubH }
	stubFHP   struct{ stubFH }
	stubRP    struct{ stubR }
	stubFRP   struct{ stubFR }
	stubHRP   struct{ stubHR }
	stubFHRP  struct{ stubFHR }
	stubN     struct{ *stub }
	stubFN    struct{ stubF }
	stubHN    struct{ stubH }
	stubFHN   struct{ stubFH }
	stubRN    struct{ stubR }
	stubFRN   struct{ stubFR }
	stubHRN   struct{ stubHR }
	stubFHRN  struct{ stubFHR }
	stubPN    struct{ stubP }
	stubFPN   struct{ stubFP }
	stubHPN   struct{ stubHP }
	stubFHPN  struct{ stubFHP }
	stubRPN   struct{ stubRP }
	stubFRPN  struct{ stubFRP }
	stubHRPN  struct{ stubHRP }
	stubFHRPN struct{ stubFHRP }
)

func (w stubF) Flush() { _ = w.called("Flush") }

func (w stubH) Hijack() (net.Conn, *bufio.ReadWriter, error)  { return nil, nil, w.called("Hijack") }
func (w stubFH) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, w.called("Hijack") }

func (w stubR) ReadFrom(src io.Reader) (int64, error)   { return w.readFrom(src) }
func (w stubFR) ReadFrom(src io.Reader) (int64, error)  { return w.readFrom(src) }
func (w stubHR) ReadFrom(src io.Reader) (int64, error)  { return w.readFrom(src) }
func (w stubFHR) ReadFrom(src io.Reader) (int64, error) { return w.readFrom(src) }

func (w stubP) Push(string, *http.PushOptions) error    { return w.called("Push") }
func (w stubFP) Push(string, *http.PushOptions) error   { return w.called("Push") }
func (w stubHP) Push(string, *http.PushOptions) error   { return w.called("Push") }
func (w stubFHP) Push(string, *http.PushOptions) error  { return w.called("Push") }
func (w stubRP) Push(string, *http.PushOptions) error   { return w.called("Push") }
func (w stubFRP) Push(string, *http.PushOptions) error  { return w.called("Push") }
func (w stubHRP) Push(string, *http.PushOptions) error  { return w.called("Push") }
func (w stubFHRP) Push(string, *http.PushOptions) error { return w.called("Push") }

func (w stubN) CloseNotify() <-chan bool     { return w.closeNotify() }
func (w stubFN) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w stubHN) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w stubFHN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w stubRN) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w stubFRN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w stubHRN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w stubFHRN) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w stubPN) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w stubFPN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w stubHPN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w stubFHPN) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w stubRPN) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w stubFRPN) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w stubHRPN) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w stubFHRPN) CloseNotify() <-chan bool { return w.closeNotify() }

func (s *stub) all() []http.ResponseWriter {
	return slices.Concat(s.withoutPush(), s.withPush())
}

func (s *stub) withoutPush() []http.ResponseWriter {
	return []http.ResponseWriter{
		s,
		stubF{s},
		stubH{s},
		stubFH{stubF{s}},
		stubR{s},
		stubFR{stubF{s}},
		stubHR{stubH{s}},
		stubFHR{stubFH{stubF{s}}},
		stubN{s},
		stubFN{stubF{s}},
		stubHN{stubH{s}},
		stubFHN{stubFH{stubF{s}}},
		stubRN{stubR{s}},
		stubFRN{stubFR{stubF{s}}},
		stubHRN{stubHR{stubH{s}}},
		stubFHRN{stubFHR{stubFH{stubF{s}}}},
	}
}

func (s *stub) withPush() []http.ResponseWriter {
	return []http.ResponseWriter{
		stubP{s},
		stubFP{stubF{s}},
		stubHP{stubH{s}},
		stubFHP{stubFH{stubF{s}}},
		stubRP{stubR{s}},
		stubFRP{stubFR{stubF{s}}},
		stubHRP{stubHR{stubH{s}}},
		stubFHRP{stubFHR{stubFH{stubF{s}}}},
		stubPN{stubP{s}},
		stubFPN{stubFP{stubF{s}}},
		stubHPN{stubHP{stubH{s}}},
		stubFHPN{stubFHP{stubFH{stubF{s}}}},
		stubRPN{stubRP{stubR{s}}},
		stubFRPN{stubFRP{stubFR{stubF{s}}}},
		stubHRPN{stubHRP{stubHR{stubH{s}}}},
		stubFHRPN{stubFHRP{stubFHR{stubFH{stubF{s}}}}},
	}
}
