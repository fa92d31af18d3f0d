// Package telemetry accounts for telemetry itself. Log lines and spans can be
// lost, and an operator must know how many.
//
// Every package of this module that delivers lines or spans counts them with
// the same words, in [Counts]. For any writer, queue or exporter, at any time,
//
//	Accepted = Done + Queued + Dropped + Failed
//
// Methods that flush or close report losses with one error, [LossError]:
//
//	var loss *telemetry.LossError
//	if errors.As(err, &loss) {
//		slog.Warn("telemetry was lost", "name", loss.Name, "counts", loss.Counts)
//	}
//
// The types are plain values without locks.
package telemetry
