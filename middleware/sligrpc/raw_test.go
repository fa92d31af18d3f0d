package sligrpc_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sligo-go/sligo/middleware/sligrpc"
)

// rawCall is a request that no gRPC client sends.
type rawCall struct {
	name   string
	path   string // of get if empty
	header http.Header
	body   []byte
	status string // grpc-status, or the HTTP status
	record string // summary, empty if the call reaches no stats handler
	events exact
}

// prefixed is a message of gRPC's protocol.
func prefixed(flags byte, payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{flags}, uint32(len(payload))), payload...)
}

func gzipped(payload []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, _ = w.Write(payload)
	_ = w.Close()
	return buf.Bytes()
}

func rawCalls() []rawCall {
	order, _ := proto.Marshal(text("Lora"))
	whole := prefixed(0, order)
	ok, internal := get+" OK", get+" INTERNAL INTERNAL"
	unimplemented := "_OTHER UNIMPLEMENTED UNIMPLEMENTED"
	header := func(pairs ...string) http.Header {
		h := make(http.Header)
		for i := 0; i < len(pairs); i += 2 {
			h[pairs[i]] = append(h[pairs[i]], pairs[i+1])
		}
		return h
	}
	good, bad, none := exact{good: 1}, exact{bad: 1}, exact{}
	all := []rawCall{
		{name: "whole", body: whole, status: "0", record: ok, events: good},
		{name: "another codec", header: header("Content-Type", "application/grpc+thrift"), body: whole, status: "0", record: ok, events: good},
		{name: "no gRPC", header: header("Content-Type", "application/json"), body: []byte("{}"), status: "3", events: none},
		{name: "unknown encoding", header: header("Grpc-Encoding", "snappy"), body: prefixed(1, order), status: "12", record: get + " UNIMPLEMENTED UNIMPLEMENTED", events: bad},
		{name: "compressed without an encoding", body: prefixed(1, order), status: "13", record: internal, events: bad},
		{name: "garbage in gzip", header: header("Grpc-Encoding", "gzip"), body: prefixed(1, []byte("garbage")), status: "13", record: internal, events: bad},
		{name: "bomb in gzip", header: header("Grpc-Encoding", "gzip"), body: prefixed(1, gzipped(make([]byte, 10<<20))), status: "8", record: get + " RESOURCE_EXHAUSTED", events: bad},
		{name: "garbage", body: prefixed(0, []byte("\xff\xff\xff")), status: "13", record: internal, events: bad},
		{name: "broken-off message", body: whole[:len(whole)-1], status: "2", record: get + " UNKNOWN UNKNOWN", events: bad},
		{name: "broken-off prefix", body: whole[:3], status: "2", record: get + " UNKNOWN UNKNOWN", events: bad},
		{name: "message of 4 GiB", body: []byte{0, 0xff, 0xff, 0xff, 0xff}, status: "8", record: get + " RESOURCE_EXHAUSTED", events: bad},
		{name: "two messages", body: append(bytes.Clone(whole), whole...), status: "0", record: ok, events: good},
		{name: "unknown flags", body: prefixed(6, order), status: "13", record: internal, events: bad},
		{name: "deadline of 11,000 years", header: header("Grpc-Timeout", "99999999H"), body: whole, status: "0", record: ok, events: good},
		{name: "deadline that has passed", header: header("Grpc-Timeout", "0n"), body: whole, status: "4", events: none},
		{name: "deadline of garbage", header: header("Grpc-Timeout", "soon"), body: whole, status: "13", events: none},
		{name: "hostile metadata", header: header("X-Request-Id", "\xff\xfe", "X-Request-Id", "b", "Traceparent", "00-\xff", "Traceparent", "00-", "X-Forwarded-For", "\xff, 1.2.3.4",
			"User-Agent", strings.Repeat("a", 10_000), "Tracestate", strings.Repeat("a=b,", 1000), "Tenant", "\xff"), body: whole, status: "0", record: ok, events: good},
		{name: "binary metadata of garbage", header: header("Key-Bin", "!!!"), body: whole, status: "13", events: none},
	}
	for _, path := range []string{"/shop.Orders/", "/shop.Orders//Get", "/shop.Orders/Get/", "/shop.Orders/Get?a=b", "/shop.Orders/get", "/_OTHER/", "/%ff%00/%0a", "/" + strings.Repeat("a", 10_000) + "/b"} {
		all = append(all, rawCall{name: "path " + path[:min(len(path), 30)], path: path, body: whole, status: "12", record: unimplemented, events: bad})
	}
	for _, path := range []string{"/", "/Get", "/_OTHER"} {
		all = append(all, rawCall{name: "path " + path, path: path, body: whole, status: "12"})
	}
	return all
}

// send sends a request and describes the response.
func (c *rawCall) send(t *testing.T, addr string) (status, response string) {
	t.Helper()
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	path := c.path
	if path == "" {
		path = get
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/", bytes.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	req.URL.Opaque = path
	req.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
	for key, values := range c.header {
		req.Header[key] = values
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return "none", err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	for _, h := range []http.Header{res.Header, res.Trailer} {
		h.Del("X-Request-Id")
		if s := h.Get("Grpc-Status"); s != "" {
			status = s
		}
	}
	return status, fmt.Sprintf("%s header %v body %q %v trailer %v", res.Status, res.Header, body, err, res.Trailer)
}

// TestRawCalls sends what no client of gRPC sends, to a plain server too.
func TestRawCalls(t *testing.T) {
	service := &shop{get: echoed, open: echo}
	plain := start(t, config{service: service, plain: true})
	for _, c := range rawCalls() {
		t.Run(c.name, func(t *testing.T) {
			_, want := c.send(t, plain.addr)
			for _, omit := range []bool{false, true} {
				s := start(t, config{service: service, opts: &sligrpc.Options{OmitStatsHandler: omit}})
				status, got := c.send(t, s.addr)
				if got != want {
					t.Errorf("the client sees\n%s, without us\n%s", got, want)
				}
				if status != c.status {
					t.Errorf("got status %s, want %s: %s", status, c.status, got)
				}
				if omit {
					continue // the code that fails before the handler is not seen
				}
				var records []string
				if c.record != "" {
					records = []string{c.record}
				}
				s.server.verify(t, "rpc_server", records, c.events)
			}
		})
	}
}
