package slitest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slitest"
)

// users answers after the duration in the path. The id "broken" gets a 500,
// and "panic" panics in the middle of the response.
func users() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		switch id := r.PathValue("userid"); id {
		case "broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "panic":
			_, _ = w.Write([]byte("half"))
			panic("no such user")
		default:
			took, _ := time.ParseDuration(id)
			time.Sleep(took)
			_, _ = w.Write([]byte(id))
		}
	})
	return mux
}

// newHandler returns users wrapped by the middleware under test.
func newHandler(t testing.TB, rec *slitest.Recorder) http.Handler {
	t.Helper()
	in, err := middleware.New(rec.SLI(), &middleware.Options{
		Done: func(r middleware.Record) { rec.Observe(r.Event) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return in.Handler(users())
}

// serve answers one request, and survives a panic of the handler, like
// net/http.
func serve(handler http.Handler, path string) (status int) {
	w := httptest.NewRecorder()
	defer func() {
		_ = recover()
		status = w.Code
	}()
	handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Code
}

func TestMiddlewareCountsExactDurations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := slitest.New(t, availability, latency)
		handler := newHandler(t, rec)
		var got []int
		for _, path := range []string{"/users/100ms", "/users/100.000001ms", "/users/broken", "/users/panic", "/elsewhere"} {
			got = append(got, serve(handler, path))
		}
		rec.Want("availability", sli.Counts{Good: 2, Valid: 4})
		rec.Want("latency", sli.Counts{Good: 1, Valid: 2})
		if diff := cmp.Diff([]int{200, 200, 500, 200, 404}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMiddlewareInAServer(t *testing.T) {
	rec := slitest.New(t, availability)
	server := httptest.NewServer(newHandler(t, rec))
	resp, err := http.Get(server.URL + "/users/1ms")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	server.Close() // waits for the handler
	rec.Want("availability", sli.Counts{Good: 1, Valid: 1})
}

// A team tests its handlers behind the middleware.
func ExampleRecorder_SLI() {
	var t testing.TB = printing{} // in a test, its *testing.T
	rec := slitest.New(t, availability)
	in, err := middleware.New(rec.SLI(), &middleware.Options{
		Done: func(r middleware.Record) { rec.Observe(r.Event) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := in.Handler(users())
	for _, path := range []string{"/users/0s", "/users/broken"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	rec.Want("availability", sli.Counts{Good: 1, Valid: 2})
	fmt.Println(rec.Counts("availability"))
	// Output: 1/2 (50.00%)
}
