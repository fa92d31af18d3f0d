package statuspage_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// static is a source whose reading does not change.
type static status.Reading

func (s static) Read(context.Context) (status.Reading, error) { return status.Reading(s), nil }

// A page of two sources shows the objectives of both.
func ExampleJoin() {
	promise := func(service string) []status.Objective {
		return []status.Objective{{State: "healthy", Objective: slo.Objective{Indicator: sli.Indicator{Service: service, Name: "availability"}}}}
	}
	source := statuspage.Join(static{Objectives: promise("orders")}, static{Objectives: promise("users")})
	reading, err := source.Read(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range reading.Objectives {
		fmt.Println(o.ID(), o.State)
	}
	// Output:
	// orders/availability healthy
	// users/availability healthy
}

func ExampleNew() {
	objectives := []slo.Objective{{
		Indicator: sli.Indicator{
			Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}"},
			Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		},
		Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
	}}
	recorder, err := sli.NewRecorder(slo.Indicators(objectives)...)
	if err != nil {
		fmt.Println(err)
		return
	}
	books, err := status.Open(recorder, objectives, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer books.Close()
	page, err := statuspage.New(books, &statuspage.Options{Title: "Shop"})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/slo/", http.StripPrefix("/slo", page))

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/slo/overview.txt", nil))
	fmt.Print(w.Body)
	w = httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/slo/?lang=ko", nil))
	fmt.Println(w.Code, strings.Contains(w.Body.String(), `<html lang="ko">`))
	// Output:
	// The objective needs attention
	// users/availability: no data, promised 99.95 % over 30 d
	// releases of users: reviewed
	// 200 true
}
