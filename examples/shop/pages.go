package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/logging"
)

type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type order struct {
	ID     int    `json:"id"`
	Item   string `json:"item"`
	Parcel string `json:"parcel"` // where it is
}

// validID matches the IDs of users, which need no escapes in a URL. Other bytes
// might be no UTF-8, which gRPC does not send.
var validID = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// usersMux serves the user profiles.
func usersMux() *http.ServeMux {
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

// ordersMux serves the orders of users. The tracker finds their parcels.
func ordersMux(t *tracker) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /orders/users/{userid}", faulty(func(w http.ResponseWriter, r *http.Request) {
		parcel, err := t.track(r.Context(), r.PathValue("userid"))
		switch {
		case status.Code(err) == codes.NotFound:
			http.Error(w, "no such user", http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusBadGateway)
		default:
			answer(w, []order{{1, "umbrella", parcel.GetPlace()}, {2, "raincoat", parcel.GetPlace()}})
		}
	}))
	return mux
}

// pagesMux serves the pages.
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
	mux.Handle("GET /profile/{userid}", faulty(profilePage(usersURL, ordersURL, c)))
	return mux
}

// profilePage serves the page that calls two other services.
func profilePage(usersURL, ordersURL string, c *client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("userid")
		if !validID.MatchString(id) {
			http.Error(w, "no such user", http.StatusNotFound)
			return
		}
		logging.SetUser(r.Context(), id)
		profile, errUser := c.get(r.Context(), call{service: "users", indicator: "availability", url: usersURL + "/users/" + id})
		orders, errOrders := c.get(r.Context(), call{service: "orders", indicator: "availability", url: ordersURL + "/orders/users/" + id})
		switch err := errors.Join(errUser, errOrders); {
		case errors.Is(errUser, errNotFound):
			http.Error(w, "no such user", http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusBadGateway)
		default:
			answer(w, map[string]json.RawMessage{"profile": profile, "orders": orders})
		}
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // fails only if the client disconnected
}

// faultHeader makes a service fail. It is a header of HTTP and a key of gRPC's
// metadata. The client sends it, because only a client that knows which calls
// fail can check how they were counted.
const faultHeader = "Shop-Fault"

// The values of faultHeader.
const (
	faultError      = "error"       // the handler sends 500, or Internal
	faultSlow       = "slow"        // it misses the latency bound, or the deadline
	faultPanicEarly = "panic-early" // it panics before its response
	faultPanicLate  = "panic-late"  // it panics when its response has begun
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
