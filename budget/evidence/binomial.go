package evidence

import "math"

// logBinomial returns the logarithm of the probability of x successes in n
// trials of probability p each, with q = 1-p. It subtracts no large numbers
// from each other, so its precision does not depend on n.
//
// Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities,
// 2000.
func logBinomial(x, n, p, q float64) float64 {
	switch {
	case x < 0 || x > n:
		return math.Inf(-1)
	case x == 0:
		return -deviance(n, n*q) - n*p
	case x == n:
		return -deviance(n, n*p) - n*q
	}
	return stirlingError(n) - stirlingError(x) - stirlingError(n-x) -
		deviance(x, n*p) - deviance(n-x, n*q) + math.Log(n/(x*(n-x)))/2 - logRoot2Pi
}

// logRoot2Pi is the logarithm of the square root of 2π.
var logRoot2Pi = math.Log(2*math.Pi) / 2

// stirlingError returns log n! minus Stirling's approximation of it, for n > 0.
func stirlingError(n float64) float64 {
	if n <= 15 { // the series below is for large n
		factorial, _ := math.Lgamma(n + 1)
		return factorial - (n+0.5)*math.Log(n) + n - logRoot2Pi
	}
	square := n * n
	return (1./12 - (1./360-(1./1260-(1./1680-1./1188/square)/square)/square)/square) / n
}

// deviance returns x log(x/mean) + mean - x, for x > 0.
func deviance(x, mean float64) float64 {
	if math.Abs(x-mean) >= 0.1*(x+mean) {
		return x*math.Log(x/mean) + mean - x
	}
	// Near the mean, the terms nearly cancel out. With v = (x-mean)/(x+mean),
	// log(x/mean) is 2 (v + v³/3 + v⁵/5 + …).
	v := (x - mean) / (x + mean)
	sum, power := (x-mean)*v, 2*x*v
	for i := 3.; i < 20; i += 2 { // reaches a float64's precision for |v| < 0.1
		power *= v * v
		sum += power / i
	}
	return sum
}
