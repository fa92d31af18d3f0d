package promtext

// The metrics of an indicator, from package sliprom. All have the labels
// LabelService and LabelSLI, except the two that count events of a service,
// which have LabelService only. A recorder with groups adds LabelGroup.
const (
	// MetricGoodEvents counts the events that count and met the criterion.
	MetricGoodEvents = "sli_good_events_total"
	// MetricValidEvents counts the events that count.
	MetricValidEvents = "sli_valid_events_total"
	// MetricIgnoredEvents counts the events that do not count, by LabelReason.
	MetricIgnoredEvents = "sli_ignored_events_total"
	// MetricOverdueEvents is the number of requests in flight whose bound passed
	// before their answer began, and that have no verdict yet.
	MetricOverdueEvents = "sli_overdue_events"
	// MetricRequestSeen is 1 if an event matched the entry of Requests in
	// LabelRequest, and 0 until then.
	MetricRequestSeen = "sli_request_seen"
	// MetricGroupOverflow is 1 if the maximum of an indicator's groups is reached.
	MetricGroupOverflow = "sli_group_overflow"
	// MetricUnmatchedEvents counts the events that no indicator of the service
	// counts.
	MetricUnmatchedEvents = "sli_unmatched_events_total"
	// MetricUnroutedRequests counts the requests without a pattern.
	MetricUnroutedRequests = "sli_unrouted_requests_total"
)

// The metrics of an objective, from package sloprom. Both have the labels
// LabelService, LabelSLI, LabelSLO and LabelWindow.
const (
	// MetricTarget is the target as a fraction.
	MetricTarget = "slo_target_ratio"
	// MetricInfo is 1. It adds the labels LabelKind, LabelJourney, LabelOwner and
	// LabelTier.
	MetricInfo = "slo_info"
)

// The labels of these metrics.
const (
	// LabelService is the indicator's Service. It is not named "service", because
	// the Prometheus Operator puts that label on every target, and Prometheus
	// then renames a scraped one to "exported_service".
	LabelService = "sli_service"
	// LabelSLI is the indicator's Name.
	LabelSLI = "sli"
	// LabelGroup is the event's group.
	LabelGroup = "sli_group"
	// LabelReason is the reason for which an event is ignored.
	LabelReason = "reason"
	// LabelRequest is an entry of the indicator's Requests.
	LabelRequest = "request"
	// LabelSLO is the objective's name.
	LabelSLO = "slo"
	// LabelWindow is the objective's window.
	LabelWindow = "window"
	// LabelKind is the indicator's Kind.
	LabelKind = "kind"
	// LabelJourney is the indicator's Journey.
	LabelJourney = "journey"
	// LabelOwner is the team that owns the objective.
	LabelOwner = "owner"
	// LabelTier says how critical the objective is.
	LabelTier = "tier"
)
