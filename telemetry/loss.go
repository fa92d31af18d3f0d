package telemetry

import "fmt"

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
