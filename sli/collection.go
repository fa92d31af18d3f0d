package sli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Collection is the part of the template that says where and how events are
// collected.
type Collection struct {
	// Where is the place in words, such as "client", "load balancer", "mesh" or
	// "the Korean cluster". Empty means the server.
	Where string
	// How is the source of the data. Empty means this process; see
	// [SourceProcess].
	How Source
	// Field names the data at the source in words, such as "the response-time
	// field". It is optional.
	Field string
	// Every is the interval between collections, such as 10 seconds. Zero means
	// Prometheus' scrape interval.
	Every time.Duration
}

// Source is where the data of an indicator come from.
type Source string

const (
	// SourceProcess is a [Recorder] in the service, fed by middleware or by hand.
	// The empty Source means the same.
	SourceProcess Source = "process"
	// SourceLog is a Recorder fed with the lines of the server's log.
	SourceLog Source = "log"
	// SourceMesh is the metrics of a service mesh's proxies.
	SourceMesh Source = "mesh"
	// SourceOpenTelemetry is the metrics of OpenTelemetry's instrumentation.
	SourceOpenTelemetry Source = "opentelemetry"
	// SourceQuery is a query that the user writes.
	SourceQuery Source = "query"
)

var sources = []Source{SourceProcess, SourceLog, SourceMesh, SourceOpenTelemetry, SourceQuery}

// recorded reports whether a Recorder counts the events of the source.
func (s Source) recorded() bool { return s == "" || s == SourceProcess || s == SourceLog }

func (c Collection) validate() error {
	var errs FieldErrors
	checkKnown("How", "source", c.How, sources, &errs)
	checkDuration("Every", c.Every, &errs)
	return errs.Err()
}

// String returns the collection on one line, such as "load balancer, from log:
// the status field, every 10s".
func (c Collection) String() string {
	where, how := c.Where, c.How
	if where == "" {
		where = "server"
	}
	if how == "" {
		how = SourceProcess
	}
	text := fmt.Sprintf("%s, from %s", where, how)
	if c.Field != "" {
		text += ": " + c.Field
	}
	if c.Every != 0 {
		text += fmt.Sprintf(", every %v", strictjson.Duration(c.Every))
	}
	return text
}

// collectionJSON is the JSON form of a Collection.
type collectionJSON struct {
	Where string              `json:"where,omitempty"`
	How   Source              `json:"how,omitempty"`
	Field string              `json:"field,omitempty"`
	Every strictjson.Duration `json:"every,omitempty"`
}

// MarshalJSON returns an object with the fields that are not zero.
func (c Collection) MarshalJSON() ([]byte, error) {
	return json.Marshal(collectionJSON{c.Where, c.How, c.Field, strictjson.Duration(c.Every)})
}

// UnmarshalJSON reads the form that MarshalJSON writes, and refuses unknown
// fields.
func (c *Collection) UnmarshalJSON(text []byte) error {
	var wire collectionJSON
	if err := strictjson.Unmarshal(text, &wire); err != nil || isNull(text) {
		return err
	}
	*c = Collection{wire.Where, wire.How, wire.Field, time.Duration(wire.Every)}
	return nil
}
