// Package evidence says what may be concluded from counts, so that a small sample is not over-read.
//
//   - [Wilson] is the interval that an SLI lies in, given the counts of a sample.
//   - [Fisher] is how likely a canary's bad events would be if it were no worse than its baseline.
//   - A [Canary] decides upon that, and says how much traffic it takes to see a given degradation.
//
// One bad request of ten is not an SLI of 90 %:
//
//	interval, ok := evidence.Wilson(sli.Counts{Good: 9, Valid: 10}, slo.MustParseShare("95%"))
//	// from 59.6 % to 98.2 %: ten requests do not tell one from the other
//
// Intervals and probabilities are estimates from a sample and so are float64, from 0 to 1; what a caller
// chooses, a confidence or a significance, is an exact [slo.Share]. Everything assumes that events are
// independent of each other, which those of one outage are not: an interval is then too narrow.
//
// Functions are pure and safe for concurrent use. No traffic is no data, reported by false.
package evidence
