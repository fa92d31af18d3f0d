package otlpgrpc_test

import (
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
)

// TestEnvironmentChoosesTransport links both transports of OTLP.
func TestEnvironmentChoosesTransport(t *testing.T) {
	tests := []struct {
		env      []string
		viaGRPC  bool
		mistakes bool
	}{
		{nil, false, false},
		{[]string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, true, false},
		{[]string{"OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"}, false, false},
		{[]string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf"}, false, false},
		{[]string{"OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc"}, true, false},
		{[]string{"OTEL_EXPORTER_OTLP_PROTOCOL=thrift"}, false, true},
	}
	for _, test := range tests {
		viaGRPC, viaHTTP := &receiver{}, new(requests)
		address, _ := serve(t, viaGRPC, "127.0.0.1:0")
		grpcExporter := otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: "http://" + address})
		httpExporter := otlp.Exporter(&otlp.Options{Transport: viaHTTP})
		for _, opts := range []tracing.Options{
			{Exporters: []tracing.Exporter{httpExporter}, Selectable: []tracing.Exporter{grpcExporter}},
			{Exporters: []tracing.Exporter{httpExporter, grpcExporter}},
		} {
			opts.LookupEnv = environment(test.env...)
			tr, err := tracing.Start(t.Context(), "users", &opts)
			if (err != nil) != test.mistakes {
				t.Errorf("%v: error %v", test.env, err)
			}
			spans(tr, 1, 1)
			if err := tr.Shutdown(patient(t)); err != nil {
				t.Errorf("%v: %v", test.env, err)
			}
		}
		if got := [2]int{viaGRPC.tries, int(*viaHTTP)}; got != map[bool][2]int{true: {2, 0}, false: {0, 2}}[test.viaGRPC] {
			t.Errorf("%v: %d requests by gRPC, %d by HTTP", test.env, got[0], got[1])
		}
	}
}

// requests counts and accepts requests by HTTP.
type requests int

func (r *requests) RoundTrip(*http.Request) (*http.Response, error) {
	*r++
	return httptest.NewRecorder().Result(), nil
}

// TestTargets sends a span to each form of an endpoint.
func TestTargets(t *testing.T) {
	plain, socket := &receiver{}, &receiver{}
	address, _ := serve(t, plain, "127.0.0.1:0")
	_, port, _ := net.SplitHostPort(address)
	path := filepath.Join(t.TempDir(), "otlp.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, socket, listener)
	encrypted := &receiver{}
	secure, certificate := serveTLS(t, encrypted)
	for _, test := range []struct {
		endpoint string
		env      string
		receiver *receiver
	}{
		{"http://" + address, "", plain},
		{address, "", plain},
		{"localhost:" + port, "OTEL_EXPORTER_OTLP_INSECURE=true", plain},
		{"dns:///" + address, "", plain},
		{"passthrough:///" + address, "OTEL_EXPORTER_OTLP_INSECURE=true", plain},
		{"unix://" + path, "", socket},
		{"unix:" + path, "OTEL_EXPORTER_OTLP_INSECURE=true", socket},
		{"https://" + secure, "OTEL_EXPORTER_OTLP_CERTIFICATE=" + certificate, encrypted},
		{secure, "OTEL_EXPORTER_OTLP_CERTIFICATE=" + certificate, encrypted},
		{"dns:///" + secure, "OTEL_EXPORTER_OTLP_CERTIFICATE=" + certificate, encrypted},
	} {
		before := test.receiver.spans
		tr := start(t, nil, "OTEL_EXPORTER_OTLP_ENDPOINT="+test.endpoint, test.env)
		spans(tr, 1, 1)
		if err := tr.Shutdown(patient(t)); err != nil || test.receiver.spans != before+1 {
			t.Errorf("%s %s: %d spans arrived, error %v", test.endpoint, test.env, test.receiver.spans-before, err)
		}
	}
}

// FuzzEndpoint checks that there is an exporter whatever the endpoint is, and
// that gRPC accepts each target that is no mistake.
func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{"", "collector:4317", "unix:///a", "dns:///[::1]:1", "http://a:1", "passthrough:///a", "unix:", "://", "a%zz:1", "[::1%25eth0]:1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, endpoint string) {
		e, err := otlpgrpc.Exporter(nil).New(environment("OTEL_EXPORTER_OTLP_ENDPOINT=" + endpoint))
		if e == nil {
			t.Fatalf("no exporter: %v", err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "OTEL_EXPORTER_OTLP_ENDPOINT: ") {
			t.Errorf("%q: %v", endpoint, err)
		}
		_ = e.Shutdown(t.Context())
	})
}

// serveOn starts a server.
func serveOn(t *testing.T, r *receiver, listener net.Listener, opts ...grpc.ServerOption) *grpc.Server {
	t.Helper()
	server := grpc.NewServer(opts...)
	collectorpb.RegisterTraceServiceServer(server, r)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return server
}

// serveTLS starts a server that accepts encrypted connections only. It returns
// its address and the file of its certificate.
func serveTLS(t *testing.T, r *receiver) (address, file string) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	server.Close()
	file = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, r, listener, grpc.Creds(credentials.NewServerTLSFromCert(&server.TLS.Certificates[0])))
	return listener.Addr().String(), file
}
