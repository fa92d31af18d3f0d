package evidence

import (
	"math"

	"github.com/sligo-go/sligo/sli"
)

// exactLimit is the size of the smallest margin of a table up to which [Fisher] adds up the exact
// distribution. Above, all four margins are so large that the normal distribution is as good.
const exactLimit = 10_000

// Fisher returns the p-value of the one-sided test of whether the canary is worse than its baseline:
// how likely it would have at least as many of the bad events of both if it were just as good, from 0
// to 1. It returns false when either had no valid event.
//
// The test is exact where it matters: it adds up the hypergeometric distribution if there were at most
// 10 000 bad events, or good ones, or events of either. Above, it is the normal approximation with
// continuity correction, and a p-value below 1e-6 then is right in its order of magnitude only.
//
// Source: R. A. Fisher, The Logic of Inductive Inference, Journal of the Royal Statistical Society
// 98, 1935.
func Fisher(canary, baseline sli.Counts) (p float64, ok bool) {
	if canary.Valid == 0 || baseline.Valid == 0 {
		return 0, false
	}
	t := table{
		a: float64(canary.Bad()), b: float64(canary.Valid - canary.Bad()),
		c: float64(baseline.Bad()), d: float64(baseline.Valid - baseline.Bad()),
	}
	if u := t.urn(); u.drawn <= exactLimit {
		return u.atLeast(), true
	}
	return t.normal(), true
}

// table is how many events were bad and good, of the canary and of the baseline.
type table struct{ a, b, c, d float64 }

// urn is the question in terms of an urn: some of its balls are marked and the others plain; of those
// drawn, so many are marked.
type urn struct{ marked, plain, drawn, hit float64 }

// urn returns the urn of the fewest draws. The table has four margins, of which any can be what is
// drawn; a bad canary always means more hits.
func (t table) urn() urn {
	urns := [...]urn{
		{marked: t.a + t.b, plain: t.c + t.d, drawn: t.a + t.c, hit: t.a}, // draw the bad events, mark the canary's
		{marked: t.c + t.d, plain: t.a + t.b, drawn: t.b + t.d, hit: t.d}, // draw the good, mark the baseline's
		{marked: t.a + t.c, plain: t.b + t.d, drawn: t.a + t.b, hit: t.a}, // draw the canary's, mark the bad
		{marked: t.b + t.d, plain: t.a + t.c, drawn: t.c + t.d, hit: t.d}, // draw the baseline's, mark the good
	}
	fewest := urns[0]
	for _, u := range urns[1:] {
		if u.drawn < fewest.drawn {
			fewest = u
		}
	}
	return fewest
}

// atLeast returns the probability of as many hits or more. It adds up from the nearer end, so that a
// small probability is not what rounding leaves of a large one.
func (u urn) atLeast() float64 {
	mean := u.drawn * (u.marked / (u.marked + u.plain))
	if u.hit > mean {
		return min(u.sum(u.hit, +1), 1)
	}
	return min(max(1-u.sum(u.hit-1, -1), 0), 1)
}

// sum adds up the probabilities of x hits and of all further on in a direction away from the mean,
// where they fall until they do not matter, at the latest to 0 beyond the number of hits there can
// be.
func (u urn) sum(x, step float64) float64 {
	term := math.Exp(u.logProbability(x))
	sum := term
	for term > sum*1e-17 {
		term *= u.quotient(x, step)
		sum += term
		x += step
	}
	return sum
}

// quotient returns the probability of x+step hits over that of x.
func (u urn) quotient(x, step float64) float64 {
	if step < 0 {
		return 1 / u.quotient(x-1, +1)
	}
	return (u.marked - x) / (x + 1) * ((u.drawn - x) / (u.plain - u.drawn + x + 1))
}

// logProbability returns the logarithm of the probability of x hits, drawing one ball after the
// other: the hits first, and then the others, times the number of orders. Factorials of the numbers
// of balls would lose all digits for large ones.
func (u urn) logProbability(x float64) float64 {
	log := logChoose(u.drawn, x)
	for i := range int(u.drawn) {
		i := float64(i)
		left := u.marked - i
		if i >= x {
			left = u.plain - (i - x)
		}
		log += math.Log(left / (u.marked + u.plain - i))
	}
	return log
}

func logChoose(n, k float64) float64 {
	all, _ := math.Lgamma(n + 1)
	some, _ := math.Lgamma(k + 1)
	others, _ := math.Lgamma(n - k + 1)
	return all - some - others
}

// normal returns the probability of as many bad events of the canary or more, by the normal
// distribution of the same mean and variance.
func (t table) normal() float64 {
	canary, baseline, bad, good := t.a+t.b, t.c+t.d, t.a+t.c, t.b+t.d
	all := canary + baseline
	mean := canary * (bad / all)
	deviation := math.Sqrt(mean * (good / all) * (baseline / (all - 1)))
	return math.Erfc((t.a-0.5-mean)/deviation/math.Sqrt2) / 2
}
