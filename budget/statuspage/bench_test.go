package statuspage_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sligo-go/sligo/budget/statuspage"
)

// BenchmarkOverview renders the overview of a number of objectives.
func BenchmarkOverview(b *testing.B) {
	for _, n := range []int{1, 20, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			page := open(b, source(reading(manyPromises(n))), statuspage.Options{})
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				page.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

// BenchmarkSheet renders the sheet of an objective.
func BenchmarkSheet(b *testing.B) {
	page := open(b, source(shop()), shopOptions())
	r := httptest.NewRequest(http.MethodGet, "/users/availability", nil)
	b.ReportAllocs()
	for b.Loop() {
		page.ServeHTTP(httptest.NewRecorder(), r)
	}
}
