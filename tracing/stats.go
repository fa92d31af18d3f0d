package tracing

// Stats is what became of the spans that an exporter was given, since the start. They are read
// together, so that at every moment
//
//	Ended = Exported + Failed + Dropped + Queued
type Stats struct {
	// Exporter is the exporter's name.
	Exporter string
	// Ended counts the spans that ended and were to be exported: those that are sampled, and those
	// that [Tail] kept.
	Ended uint64
	// Exported counts the spans that the receiver accepted.
	Exported uint64
	// Failed counts the spans that the receiver refused, or that could not be sent in time.
	Failed uint64
	// Dropped counts the spans that found the queue full, or that ended after the shutdown or were
	// still in the queue when its time was over.
	Dropped uint64
	// Queued is the number of spans that wait or are being sent.
	Queued uint64
}

// Lost returns the number of spans that will never be delivered: Failed and Dropped.
func (s Stats) Lost() uint64 { return s.Failed + s.Dropped }

// loss returns the error for n spans that were not delivered, nil for none.
func (s Stats) loss(n uint64, last error) error {
	if n == 0 {
		return nil
	}
	return &LossError{Exporter: s.Exporter, Lost: n, Ended: s.Ended, Err: last}
}
