package forecast_test

import (
	"math"
	"testing"

	"github.com/sligo-go/sligo/budget/forecast"
)

// TestStudentQuantile has values of the usual statistical tables.
func TestStudentQuantile(t *testing.T) {
	for _, tt := range []struct {
		probability float64
		freedom     int
		want        float64
	}{
		{0.50, 10, 0.6998}, {0.90, 1, 6.3138}, {0.95, 1, 12.7062}, {0.95, 2, 4.3027},
		{0.90, 3, 2.3534}, {0.99, 4, 4.6041}, {0.90, 9, 1.8331}, {0.95, 10, 2.2281},
		{0.90, 29, 1.6991}, {0.999, 30, 3.6460}, {0.95, 1000, 1.9623},
	} {
		if got := forecast.StudentQuantile(tt.probability, tt.freedom); math.Abs(got-tt.want) > 5e-5 {
			t.Errorf("probability %v, %d degrees of freedom: got %v, want %v", tt.probability, tt.freedom, got, tt.want)
		}
	}
}
