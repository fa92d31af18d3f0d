package otlp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
)

// partial returns a response in protobuf that begins with an unknown field.
func partial(rejected uint64, message string) string {
	inner := protowire.AppendTag(nil, 1, protowire.VarintType)
	inner = protowire.AppendVarint(inner, rejected)
	inner = protowire.AppendTag(inner, 2, protowire.BytesType)
	inner = protowire.AppendString(inner, message)
	response := protowire.AppendTag(nil, 7, protowire.Fixed32Type)
	response = protowire.AppendFixed32(response, 1)
	response = protowire.AppendTag(response, 1, protowire.BytesType)
	return string(protowire.AppendBytes(response, inner))
}

func TestAnswers(t *testing.T) {
	refusal := protowire.AppendTag(nil, 1, protowire.VarintType)
	refusal = protowire.AppendVarint(refusal, 3)
	refusal = protowire.AppendTag(refusal, 2, protowire.BytesType)
	refusal = protowire.AppendString(refusal, "no such tenant")
	long := strings.Repeat("x", 100_000)
	const page = "<!DOCTYPE html><html><head><title>Log in</title></head></html>"
	accepted, lost := tracing.ExportError{Accepted: true}, tracing.ExportError{}
	rejected := func(n int) tracing.ExportError { return tracing.ExportError{Rejected: n} }
	tests := []struct {
		name        string
		status      int
		contentType string
		body        string
		want        tracing.ExportError // without Err
		text        string              // "" if there is no error
	}{
		{"accepted", 200, "application/x-protobuf", "", lost, ""},
		{"accepted, no content", 204, "", "", lost, ""},
		{"accepted, with JSON", 200, "application/json", "{}", lost, ""},
		{"accepted, with an empty partial success", 200, "application/x-protobuf", partial(0, ""), lost, ""},
		{"accepted, with an empty partial success in JSON", 200, "application/json", `{"partialSuccess":{}}`, lost, ""},
		{"accepted, with white space", 200, "application/json", " \r\n", lost, ""},

		{"partial success", 200, "application/x-protobuf", partial(3, "too old"), rejected(3), "the receiver rejected 3 spans: too old"},
		{"partial success without a message", 200, "", partial(3, ""), rejected(3), "rejected 3 spans"},
		{"partial success with a long message", 200, "application/x-protobuf", partial(3, long), rejected(3), "rejected 3 spans: xxx"},
		{"partial success above every limit", 200, "application/x-protobuf", partial(3, strings.Repeat(long, 50)), rejected(3), "rejected 3 spans: xxx"},
		{"partial success in JSON", 200, "application/json; charset=utf-8", `{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}`, rejected(3), "3 spans: too old"},
		{"partial success in JSON with a number", 200, "", `{"partialSuccess":{"rejectedSpans":3}}`, rejected(3), "3 spans"},
		{"a long partial success in JSON", 200, "application/json", `{"partialSuccess":{"errorMessage":"` + long + `","rejectedSpans":3}}`, rejected(3), "3 spans"},
		{"more rejected than a number has room for", 200, "", partial(1<<62, "too old"), rejected(1 << 30), "too old"},
		{"a negative number rejected", 200, "", partial(1<<63, "too old"), accepted, "the receiver warns: too old"},

		{"a warning", 200, "application/x-protobuf", partial(0, "old version"), accepted, "the receiver warns: old version"},
		{"a long warning", 200, "application/x-protobuf", partial(0, long), accepted, "the receiver warns: xxx"},
		{"a warning in JSON", 200, "application/json", `{"partialSuccess":{"errorMessage":"old version"}}`, accepted, "the receiver warns: old version"},
		{"a malformed response", 200, "application/x-protobuf", "\xff\xff", accepted, "unexpected response: malformed protobuf"},
		{"JSON of a gateway", 200, "application/json", `{"message":"Unauthorized"}`, accepted, `unexpected response: JSON of something else: {"message":"Unauthorized"}`},
		{"malformed JSON", 200, "application/json", `{"partialSuccess":`, accepted, "unexpected response: malformed JSON"},
		{"text", 200, "text/plain", "Please log in", accepted, "unexpected response: malformed protobuf: Please log in"},
		{"text in the type of pages", 200, "text/html; charset=utf-8", "OK", accepted, "unexpected response: malformed protobuf: OK"},

		{"a page", 200, "text/html; charset=utf-8", page, lost, "200 OK with a page for browsers, which no receiver sends: <!DOCTYPE html>"},
		{"a page without a type", 200, "", "\r\n " + page, lost, "a page for browsers"},
		{"a page with a mark of its encoding", 200, "text/plain", "\uFEFF<html>", lost, "a page for browsers"},
		{"a page with a wrong type", 200, "application/x-protobuf", page, lost, "a page for browsers"},
		{"a page in XHTML", 200, "application/xhtml+xml", `<?xml version="1.0"?><html/>`, lost, "a page for browsers"},
		{"a part of a page", 200, "Text/HTML", `Please <a href="/login">log in</a>`, lost, "a page for browsers"},
		{"a page with status 202", 202, "text/html", page, lost, "202 Accepted with a page for browsers"},
		{"XML", 200, "application/xml", "<Error><Code>AccessDenied</Code></Error>", lost, "a page for browsers"},

		{"refused with a status", 400, "application/x-protobuf", string(refusal), lost, "400 Bad Request: no such tenant"},
		{"refused with text", 404, "text/plain", "404 page not found", lost, "404 Not Found: 404 page not found"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := recorded{answer: func(w http.ResponseWriter) {
				w.Header()["Content-Type"] = []string{test.contentType}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}}
			e, err := otlp.Exporter(&otlp.Options{Transport: &r}).New(nil)
			if err != nil {
				t.Fatal(err)
			}
			err = e.ExportSpans(t.Context(), spans(5))
			if test.text == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var got *tracing.ExportError
			if !errors.As(err, &got) || !strings.Contains(err.Error(), test.text) || len(err.Error()) > 500 {
				t.Fatalf("got %v", err)
			}
			got.Err = nil
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCountsOfPartialSuccess sends ten spans of which the receiver rejects
// three, with a message above 64 kB.
func TestCountsOfPartialSuccess(t *testing.T) {
	for name, test := range map[string]struct {
		response string
		want     telemetry.Counts
	}{
		"3 rejected": {partial(3, strings.Repeat("x", 100_000)), telemetry.Counts{Done: 7, Failed: 3}},
		"a warning":  {partial(0, strings.Repeat("x", 100_000)), telemetry.Counts{Done: 10}},
		"a page":     {"<html>", telemetry.Counts{Failed: 10}},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			r := recorded{answer: func(w http.ResponseWriter) { _, _ = io.WriteString(w, test.response) }}
			tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
				Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: &r})},
				Logger:    slog.New(slog.NewTextHandler(&log, nil)),
				LookupEnv: environment(),
			})
			if err != nil {
				t.Fatal(err)
			}
			for range 10 {
				_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a")
				s.End()
			}
			err = tr.Shutdown(context.WithoutCancel(t.Context()))
			if got := tr.Stats()[0].Counts; got != test.want || (err != nil) != (test.want.Failed > 0) {
				t.Errorf("got %v, error %v", got, err)
			}
			if strings.Count(log.String(), "\n") != 1 || log.Len() > 1000 {
				t.Errorf("the log is %s", log.String())
			}
		})
	}
}
