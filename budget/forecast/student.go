package forecast

import "math"

// studentQuantile returns the t for which a variable with Student's
// distribution lies between -t and t with the given probability. The
// probability is less than 1.
func studentQuantile(probability float64, freedom int) float64 {
	low, high := 0.0, 1.0
	for studentWithin(high, freedom) < probability && high < 1e12 {
		low, high = high, 2*high
	}
	for range 60 { // halve the interval until a float64 holds no more digits
		middle := (low + high) / 2
		if studentWithin(middle, freedom) < probability {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// studentWithin returns the probability that a variable with Student's
// distribution lies between -t and t.
//
// Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions,
// 26.7.3 and 26.7.4, with tan θ = t/√ν and powers of the cosine up to ν-2:
//
//	sin θ (1 + ½ cos² θ + ½ ¾ cos⁴ θ + …)        for an even ν
//	2/π (θ + sin θ (cos θ + ⅔ cos³ θ + …))       for an odd ν above 1
//	2/π θ                                        for ν = 1
func studentWithin(t float64, freedom int) float64 {
	angle := math.Atan(t / math.Sqrt(float64(freedom)))
	sin, cos := math.Sincos(angle)
	odd := freedom%2 == 1
	term, first := 1.0, 2
	if odd {
		term, first = cos, 3
	}
	sum := 0.0
	for i := first; i <= freedom; i += 2 {
		sum += term
		term *= cos * cos * float64(i-1) / float64(i)
	}
	if odd {
		return 2 / math.Pi * (angle + sin*sum)
	}
	return sin * sum
}
