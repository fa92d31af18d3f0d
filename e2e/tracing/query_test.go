package tracing_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// stored is a span as a query API returns it.
type stored struct{ id, parent, service, name string }

// calls counts the requests between two services, keyed by "caller -> callee".
type calls map[string]int

// trace returns the spans of a trace in Jaeger.
func (j *jaeger) trace(id string) ([]stored, error) {
	answer, err := get[jaegerTraces](j.query + "/api/traces/" + id)
	return answer.spans(), err
}

// spans returns the spans of a service in Jaeger.
func (j *jaeger) spans(service string) ([]stored, error) {
	answer, err := get[jaegerTraces](j.query + "/api/traces?limit=100000&service=" + url.QueryEscape(service))
	return answer.spans(), err
}

type jaegerTraces struct {
	Data []struct {
		Spans []struct {
			SpanID, OperationName, ProcessID string
			References                       []struct{ RefType, SpanID string }
		}
		Processes map[string]struct{ ServiceName string }
	}
}

func (a jaegerTraces) spans() []stored {
	var all []stored
	for _, trace := range a.Data {
		for _, s := range trace.Spans {
			span := stored{id: s.SpanID, service: trace.Processes[s.ProcessID].ServiceName, name: s.OperationName}
			for _, r := range s.References {
				if r.RefType == "CHILD_OF" {
					span.parent = r.SpanID
				}
			}
			all = append(all, span)
		}
	}
	return all
}

func (j *jaeger) dependencies() (calls, error) {
	answer, err := get[struct{ Data []link }](fmt.Sprintf("%s/api/dependencies?endTs=%d&lookback=3600000", j.query, time.Now().UnixMilli()))
	return count(answer.Data), err
}

type link struct {
	Parent, Child string
	CallCount     int
}

func count(links []link) calls {
	all := make(calls)
	for _, l := range links {
		all[l.Parent+" -> "+l.Child] += l.CallCount
	}
	return all
}

// of returns the calls of services whose names begin with the prefix of one
// test.
func (c calls) of(prefix string) calls {
	some := make(calls)
	for edge, n := range c {
		if strings.HasPrefix(edge, prefix) {
			some[edge] = n
		}
	}
	return some
}

// trace returns the spans of a trace in Zipkin.
func (z *zipkin) trace(id string) ([]stored, error) {
	answer, err := get[[]zipkinSpan](z.url + "/api/v2/trace/" + id)
	return zipkinSpans(answer), err
}

// spans returns the spans of a service in Zipkin.
func (z *zipkin) spans(service string) ([]stored, error) {
	answer, err := get[[][]zipkinSpan](z.url + "/api/v2/traces?limit=100000&serviceName=" + url.QueryEscape(service))
	return zipkinSpans(slices.Concat(answer...)), err
}

type zipkinSpan struct {
	ID, ParentID, Name string
	LocalEndpoint      struct{ ServiceName string }
}

func zipkinSpans(spans []zipkinSpan) []stored {
	var all []stored
	for _, s := range spans {
		all = append(all, stored{s.ID, s.ParentID, s.LocalEndpoint.ServiceName, s.Name})
	}
	return all
}

func (z *zipkin) dependencies() (calls, error) {
	answer, err := get[[]link](fmt.Sprintf("%s/api/v2/dependencies?endTs=%d&lookback=3600000", z.url, time.Now().UnixMilli()))
	return count(answer), err
}

// tree returns spans as text, each with its service and name, indented below
// its parent.
func tree(spans []stored) string { return treeBelow(spans, "") }

// treeBelow returns the spans below a parent, which need not be among them.
// Siblings are in the order of their texts.
func treeBelow(spans []stored, parent string) string {
	var children []string
	for _, s := range spans {
		if s.parent == parent {
			below := strings.ReplaceAll(treeBelow(spans, s.id), "\n", "\n  ")
			children = append(children, strings.TrimSuffix(fmt.Sprintf("%s: %s\n  %s", s.service, s.name, below), "  "))
		}
	}
	slices.Sort(children)
	return strings.Join(children, "")
}
