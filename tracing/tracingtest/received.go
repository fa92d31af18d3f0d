package tracingtest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/openzipkin/zipkin-go/model"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Received is a span as it arrived. IDs are lower-case hexadecimal digits.
type Received struct {
	// Service is the name of the service that sent the span.
	Service string
	// Name is the span's name. Zipkin's exporters send it in lower case.
	Name string
	// TraceID has 32 digits.
	TraceID string
	// SpanID has 16 digits.
	SpanID string
	// ParentID has 16 digits. It is empty for the first span of a trace.
	ParentID string
}

// decode reads the spans of a request.
func decode(request *http.Request) ([]Received, error) {
	body, err := readBody(request)
	if err != nil {
		return nil, err
	}
	path, contentType := request.URL.Path, request.Header.Get("Content-Type")
	switch {
	case strings.HasSuffix(path, "/v1/traces") && contentType == "application/x-protobuf":
		return decodeOTLP(body)
	case strings.HasSuffix(path, "/api/v2/spans") && contentType == "application/json":
		return decodeZipkin(body)
	}
	return nil, fmt.Errorf("no receiver accepts %s at %s", contentType, path)
}

// readBody returns the body of a request, decompressed.
func readBody(request *http.Request) ([]byte, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil || request.Header.Get("Content-Encoding") != "gzip" {
		return body, err
	}
	zipped, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zipped)
}

func decodeOTLP(body []byte) ([]Received, error) {
	var data tracepb.TracesData
	if err := proto.Unmarshal(body, &data); err != nil {
		return nil, err
	}
	var spans []Received
	for _, ofResource := range data.ResourceSpans {
		var service string
		for _, kv := range ofResource.GetResource().GetAttributes() {
			if kv.Key == "service.name" {
				service = kv.Value.GetStringValue()
			}
		}
		for _, ofScope := range ofResource.ScopeSpans {
			for _, s := range ofScope.Spans {
				spans = append(spans, Received{service, s.Name,
					fmt.Sprintf("%x", s.TraceId), fmt.Sprintf("%x", s.SpanId), fmt.Sprintf("%x", s.ParentSpanId)})
			}
		}
	}
	return spans, nil
}

func decodeZipkin(body []byte) ([]Received, error) {
	var models []model.SpanModel
	if err := json.Unmarshal(body, &models); err != nil {
		return nil, err
	}
	var spans []Received
	for _, m := range models {
		s := Received{Name: m.Name, TraceID: m.TraceID.String(), SpanID: m.ID.String()}
		if m.LocalEndpoint != nil {
			s.Service = m.LocalEndpoint.ServiceName
		}
		if m.ParentID != nil {
			s.ParentID = m.ParentID.String()
		}
		spans = append(spans, s)
	}
	return spans, nil
}
