package middleware_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// newPayments returns the payments service, whose answers have the statuses in
// turn, and a client of it that counts calls by the indicator.
func newPayments(ind sli.Indicator, statuses ...int) (*sli.Recorder, *httptest.Server, *http.Client) {
	server := httptest.NewServer(answersInTurn(statuses...))
	rec, err := sli.NewRecorder(ind)
	if err != nil {
		panic(err)
	}
	in, err := middleware.New(rec, nil)
	if err != nil {
		panic(err)
	}
	return rec, server, &http.Client{Transport: in.Transport(nil)}
}

// charge sends a request and reads the answer.
func charge(ctx context.Context, client *http.Client, url string) int {
	r, err := http.NewRequestWithContext(ctx, "POST", url+"/charges/17?card=4111", nil)
	if err != nil {
		panic(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func ExampleInstrument_Transport() {
	rec, server, client := newPayments(sli.Indicator{
		Service: "shop", Name: "payments", Requests: []string{"POST //127.0.0.1"},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}, 201, 402, 503)
	for range 3 {
		charge(context.Background(), client, server.URL)
	}
	server.Close()
	charge(context.Background(), client, server.URL) // is refused
	for ind, counts := range rec.All() {
		fmt.Println(ind.Name, counts)
	}
	// Output:
	// payments 2/4 (50.00%)
}

// The event of a call that is retried has the outcome of the last attempt.
func ExampleWithCall() {
	rec, server, client := newPayments(sli.Indicator{
		Service: "shop", Name: "payments", Requests: []string{"POST //127.0.0.1"},
		Good: sli.Condition{Status: []string{"2xx"}},
	}, 503, 503, 201)
	defer server.Close()

	ctx, end := middleware.WithCall(context.Background())
	for charge(ctx, client, server.URL) != http.StatusCreated {
	}
	end()
	for ind, counts := range rec.All() {
		fmt.Println(ind.Name, counts)
	}
	// Output:
	// payments 1/1 (100.00%)
}

// A template replaces the path, which may hold IDs.
func ExampleWithURLTemplate() {
	rec, server, client := newPayments(sli.Indicator{
		Service: "shop", Name: "charges", Requests: []string{"POST //127.0.0.1/charges/{id}"},
		Good: sli.Condition{Status: []string{"2xx"}},
	}, 201)
	defer server.Close()

	charge(middleware.WithURLTemplate(context.Background(), "/charges/{id}"), client, server.URL)
	for ind, counts := range rec.All() {
		fmt.Println(ind.Name, counts)
	}
	// Output:
	// charges 1/1 (100.00%)
}
