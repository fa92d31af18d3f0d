// Package sloprom exposes the targets and definitions of objectives to
// Prometheus, so that alerts and dashboards need not repeat a target:
//
//	slo_target_ratio{sli_service,sli,slo,window} 0.9995
//	slo_info{sli_service,sli,slo,window,kind,journey,owner,tier} 1
//
// Label slo is the objective's name, [slo.Objective.SLO]. It differs from sli
// if the objective has a Name. Labels owner and tier are the objective's Owner
// and Tier, and empty without them. The entries of its Labels are not exposed,
// because the labels of a metric must be the same for all objectives.
//
// All other series of objectives carry sli_service, sli, slo and window only.
// Join slo_info to show the rest, so that a change of the owner breaks no rule:
//
//	slo_target_ratio
//	  * on (sli_service, slo, window) group_left (owner, tier)
//	slo_info
//
// Package sliprom exposes the counts of the indicators. Every process that
// counts events can expose its objectives, too. A query over several processes
// then aggregates first: max by (sli_service, sli, slo, window)
// (slo_target_ratio).
//
// A Collector is safe for concurrent use.
package sloprom
