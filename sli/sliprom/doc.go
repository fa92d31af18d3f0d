// Package sliprom exposes the counts of an [sli.Recorder] to Prometheus.
//
// Each indicator has these series, labeled with its service and its name:
//
//	sli_valid_events_total{sli="availability",sli_service="users"}
//	sli_good_events_total{sli="availability",sli_service="users"}
//	sli_ignored_events_total{reason="client_left",…}
//	sli_overdue_events{sli="availability",sli_service="users"}
//	sli_request_seen{request="GET /users/{userid}",…}
//
// The first two are the SLI. The others show events that are in neither, and
// definitions that match nothing. docs/metrics.md describes every metric.
//
// All series exist at zero from the first scrape, so that Prometheus sees the
// increase of the first event. Counters carry the time from which they count.
// The counts of good and valid events come from one reading, in which good is
// never more than valid. An error ratio computed from one scrape is therefore
// never negative.
//
// # Groups
//
// If an indicator of the collector has groups, the label sli_group is added to
// the metrics of events. It is empty for indicators without groups. The groups
// of [sli.Groups].Values exist from the start. A group that begins later is
// exposed as zero for its first two minutes, because Prometheus does not see
// the increase of a counter that appears with its first events.
//
// A Collector is safe for concurrent use.
package sliprom
