package evidence

import (
	"math"

	"github.com/sligo-go/sligo/sli"
)

// exactLimit is the variance of the number of bad events up to which [pValue]
// adds up the exact distribution. The sum then has about as many terms as nine
// standard deviations. Above, the distribution's skewness is less than
// 1/10,000. Large counts do not suffice for the approximation: of 20,000
// canary events with one bad in 10,000, two are expected to be bad, which is
// far from a normal distribution.
const exactLimit = 1e8

// pValue returns the p-value of Fisher's one-sided test; see [Comparison] for
// the method and its source. It returns false if either side has no valid
// event.
func pValue(canary, baseline sli.Counts) (p float64, ok bool) {
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

// table holds the bad and good events of the canary (a, b) and of the baseline
// (c, d).
type table struct{ a, b, c, d float64 }

// urn states the problem as an urn: it holds marked and plain balls, and hit
// of the drawn balls are marked.
type urn struct{ marked, plain, drawn, hit float64 }

// urn returns the urn with the fewest draws, so that a float64 counts the
// hits exactly wherever they are added up. Each of the table's four margins
// can be the drawn balls. A worse canary always means more hits.
func (t table) urn() urn {
	urns := [...]urn{
		// Draw the bad events, mark the canary's.
		{marked: t.a + t.b, plain: t.c + t.d, drawn: t.a + t.c, hit: t.a},
		// Draw the good events, mark the baseline's.
		{marked: t.c + t.d, plain: t.a + t.b, drawn: t.b + t.d, hit: t.d},
		// Draw the canary's events, mark the bad ones.
		{marked: t.a + t.c, plain: t.b + t.d, drawn: t.a + t.b, hit: t.a},
		// Draw the baseline's events, mark the good ones.
		{marked: t.b + t.d, plain: t.a + t.c, drawn: t.c + t.d, hit: t.d},
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

// atLeast returns the probability of at least as many hits as observed. It
// adds up the smaller tail, because subtracting the larger one from 1 would
// round a small probability away.
func (u urn) atLeast() float64 {
	if u.hit > u.mean() {
		return min(u.sum(u.hit, +1), 1)
	}
	return min(max(1-u.sum(u.hit-1, -1), 0), 1)
}

// sum adds up the probabilities of x, x+step, x+2·step … hits, away from the
// mean. It stops when they no longer change the sum, at the latest beyond the
// possible number of hits, where they are 0.
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

// quotient returns the probability of x+step hits divided by the probability
// of x.
func (u urn) quotient(x, step float64) float64 {
	if step < 0 {
		return 1 / u.quotient(x-1, +1)
	}
	return (u.marked - x) / (x + 1) * ((u.drawn - x) / (u.plain - u.drawn + x + 1))
}

// logProbability returns the logarithm of the probability of x hits. It draws
// each ball independently with the same probability: x marked and drawn-x
// plain balls, given that the total is drawn. Factorials of large numbers of
// balls would lose all digits.
func (u urn) logProbability(x float64) float64 {
	p, q := u.drawn/u.all(), (u.all()-u.drawn)/u.all()
	return logBinomial(x, u.marked, p, q) + logBinomial(u.drawn-x, u.plain, p, q) - logBinomial(u.drawn, u.all(), p, q)
}

// normal returns the same probability as atLeast, by the normal distribution
// with the urn's mean and variance.
func (u urn) normal() float64 {
	return math.Erfc((u.hit-0.5-u.mean())/math.Sqrt(2*u.variance())) / 2
}
