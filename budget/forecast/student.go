package forecast

import "math"

// studentQuantile returns the t for which a variable of Student's distribution lies from -t to t with
// the given probability, which is less than 1.
func studentQuantile(probability float64, freedom int) float64 {
	low, high := 0.0, 1.0
	for studentWithin(high, freedom) < probability && high < 1e12 {
		low, high = high, 2*high
	}
	for range 60 { // halves the interval down to the precision of a float64
		middle := (low + high) / 2
		if studentWithin(middle, freedom) < probability {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// studentWithin returns the probability that a variable of Student's distribution lies from -t to t.
//
// Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4, with
// tan θ = t/√ν: for an even ν, sin θ (1 + ½ cos² θ + ½ ¾ cos⁴ θ + …) up to cos^(ν-2); for an odd one,
// 2/π (θ + sin θ (cos θ + ⅔ cos³ θ + …)) up to cos^(ν-2), where ν = 1 has only θ.
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
