package evidence

import (
	"math"

	"github.com/sligo-go/sligo/sli"
)

// exactLimit is the variance of the number of bad events up to which [Fisher] adds up the exact
// distribution, in as many steps as nine standard deviations are events. Above, its skewness is less
// than 1/10 000. Large counts are not enough for that: 20 000 events of a canary with a bad one in
// 10 000 expect two, which is no normal distribution.
const exactLimit = 1e8

// Fisher returns the p-value of the one-sided test of whether the canary is worse than its baseline:
// how likely it would have at least as many of the bad events of both if it were just as good, from 0
// to 1. It returns false when either had no valid event.
//
// It adds up the hypergeometric distribution if the standard deviation of the canary's bad events is
// at most 10 000, however large the counts are. Above, it is the normal approximation with continuity
// correction, which is off by less than a hundredth for a p-value of 1e-12 or more.
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
	u := t.urn()
	if u.variance() <= exactLimit {
		return u.atLeast(), true
	}
	return u.normal(), true
}

// table is how many events were bad and good, of the canary and of the baseline.
type table struct{ a, b, c, d float64 }

// urn is the question in terms of an urn: some of its balls are marked and the others plain; of those
// drawn, so many are marked.
type urn struct{ marked, plain, drawn, hit float64 }

// urn returns the urn of the fewest draws, whose hits a float64 counts exactly where they are added up. The
// table has four margins, of which any can be what is drawn; a bad canary always means more hits.
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

func (u urn) all() float64  { return u.marked + u.plain }
func (u urn) mean() float64 { return u.drawn * (u.marked / u.all()) }

func (u urn) variance() float64 {
	return u.mean() * (u.plain / u.all()) * ((u.all() - u.drawn) / (u.all() - 1))
}

// atLeast returns the probability of as many hits or more. It adds up from the nearer end, so that a
// small probability is not what rounding leaves of a large one.
func (u urn) atLeast() float64 {
	if u.hit > u.mean() {
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

// logProbability returns the logarithm of the probability of x hits: that each ball is drawn on its own
// with the same probability, and x of the marked and the rest of the plain are, given that so many are
// in all. Factorials of the numbers of balls would lose all digits for large ones.
func (u urn) logProbability(x float64) float64 {
	p, q := u.drawn/u.all(), (u.all()-u.drawn)/u.all()
	return logBinomial(x, u.marked, p, q) + logBinomial(u.drawn-x, u.plain, p, q) - logBinomial(u.drawn, u.all(), p, q)
}

// normal returns the probability of as many hits or more, by the normal distribution of the same mean
// and variance.
func (u urn) normal() float64 {
	return math.Erfc((u.hit-0.5-u.mean())/math.Sqrt(2*u.variance())) / 2
}
