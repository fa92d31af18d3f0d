// Package promtext holds the names of the metrics and labels of indicators and
// objectives. Collectors expose them, rules and dashboards query them, so that
// each name is written once. The contract is docs/metrics.md.
package promtext
