package routers

import (
	"net/http"

	"github.com/quic-go/quic-go/http3"

	"github.com/sligo-go/sligo/middleware"
)

// HTTP3 returns a server for HTTP/3.
func HTTP3(in *middleware.Instrument, handle http.HandlerFunc) *http3.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{id}", handle)
	return &http3.Server{Handler: in.Handler(mux)}
}
