package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
)

type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type order struct {
	ID   int    `json:"id"`
	Item string `json:"item"`
}

// usersMux serves the user profiles.
func usersMux(*middleware.Instrument) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /users/{userid}", faulty(func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("userid")
		if id == "nobody" {
			http.Error(w, "no such user", http.StatusNotFound)
			return
		}
		answer(w, user{ID: id, Name: id})
	}))
	return mux
}

// ordersMux serves the orders of users.
func ordersMux(*middleware.Instrument) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /orders/users/{userid}", faulty(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, []order{{1, "umbrella"}, {2, "raincoat"}})
	}))
	return mux
}

// shopMux returns the mux of the pages. The profile page calls the other
// services with the connections of the customers, through the instrument.
func shopMux(usersURL, ordersURL string, customers *client) func(*middleware.Instrument) *http.ServeMux {
	return func(in *middleware.Instrument) *http.ServeMux {
		return pagesMux(usersURL, ordersURL, customers.through(in))
	}
}

func pagesMux(usersURL, ordersURL string, c *client) *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, title := range map[string]string{
		"GET /{$}":                   "Home",
		"GET /search":                "Search",
		"GET /categories/{category}": "Category",
		"GET /products/{product}":    "Detail",
	} {
		mux.Handle(pattern, faulty(func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]string{"page": title}) }))
	}
	mux.Handle("GET /profile/{userid}", faulty(func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("userid")
		logging.SetUser(r.Context(), id)
		profile, errUser := c.get(r.Context(), call{service: "users", indicator: "availability", url: usersURL + "/users/" + id})
		orders, errOrders := c.get(r.Context(), call{service: "orders", indicator: "availability", url: ordersURL + "/orders/users/" + id})
		if err := errors.Join(errUser, errOrders); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		answer(w, map[string]json.RawMessage{"profile": profile, "orders": orders})
	}))
	return mux
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // fails only if the client disconnected
}

// faultHeader makes a service fail. The client sends it, because only a client
// that knows which calls fail can check how they were counted.
const faultHeader = "Shop-Fault"

// The values of faultHeader.
const (
	faultError      = "error"       // the handler sends 500
	faultSlow       = "slow"        // the response comes after the latency bound
	faultPanicEarly = "panic-early" // the handler panics before its response
	faultPanicLate  = "panic-late"  // the handler panics after a part of its 200
	faultHangup     = "hangup"      // the client disconnects
)

// faulty applies the fault in faultHeader to a request.
func faulty(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get(faultHeader) {
		case faultError:
			http.Error(w, "out of order", http.StatusInternalServerError)
		case faultSlow:
			time.Sleep(latencyBound + 20*time.Millisecond)
			next(w, r)
		case faultPanicEarly:
			panic("no such shelf")
		case faultPanicLate:
			_, _ = w.Write([]byte(`{"page":`))
			_ = http.NewResponseController(w).Flush()
			panic("no such shelf")
		case faultHangup:
			// Tell the client that the request has arrived.
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		default:
			next(w, r)
		}
	})
}
