package telemetry

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// LossError reports that items were lost, or were still queued when a flush or
// close had to end.
type LossError struct {
	// Name is the name of the sink, route or exporter that lost them. It is
	// empty if that has no name.
	Name string

	// Items is the plural of the items' noun, such as "lines" or "spans". Empty
	// means "items".
	Items string

	// Counts accounts for the items. Items still queued may yet be delivered.
	Counts Counts

	// Err is the reason why waiting ended, or else the last delivery error. It is
	// nil if there is neither, for example if a full queue dropped the items.
	Err error
}

// Error returns a text such as "telemetry: audit: 3 of 100 lines lost (2
// dropped, 1 failed), 5 still queued: context deadline exceeded".
func (e *LossError) Error() string {
	name, items := e.Name, e.Items
	if name != "" {
		name += ": "
	}
	if items == "" {
		items = "items"
	}
	c := e.Counts
	text := fmt.Sprintf("telemetry: %s%d of %d %s lost (%d dropped, %d failed)",
		name, c.Lost(), c.Accepted(), items, c.Dropped, c.Failed)
	if c.Queued > 0 {
		text += fmt.Sprintf(", %d still queued", c.Queued)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns Err.
func (e *LossError) Unwrap() error { return e.Err }

// lossErrorJSON is the JSON form of a LossError.
type lossErrorJSON struct {
	Name   string  `json:"name,omitempty"`
	Items  string  `json:"items,omitempty"`
	Counts Counts  `json:"counts"`
	Err    *string `json:"err,omitempty"`
}

// MarshalJSON returns an object with the fields that are set and the text of
// Err.
func (e *LossError) MarshalJSON() ([]byte, error) {
	wire := lossErrorJSON{e.Name, e.Items, e.Counts, nil}
	if e.Err != nil {
		text := e.Err.Error()
		wire.Err = &text
	}
	return json.Marshal(wire)
}

// UnmarshalJSON reads the object that MarshalJSON writes. Err then has the same
// text and no other type. It refuses unknown fields, and null changes nothing.
func (e *LossError) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	var wire lossErrorJSON
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return err
	}
	*e = LossError{Name: wire.Name, Items: wire.Items, Counts: wire.Counts}
	if wire.Err != nil {
		e.Err = errors.New(*wire.Err)
	}
	return nil
}
