package statuspage

import (
	"net/http"
	"sync"
)

// endings knows which servers shut down. Their Shutdown would otherwise wait
// for open streams.
type endings struct {
	mu      sync.Mutex // guards servers
	servers map[*http.Server]chan struct{}
}

// of returns a channel that is closed when the Shutdown of a request's server
// begins. It is nil if the server is not an [http.Server].
func (e *endings) of(r *http.Request) <-chan struct{} {
	server, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.servers == nil {
		e.servers = map[*http.Server]chan struct{}{}
	}
	begun := e.servers[server]
	if begun == nil {
		begun = make(chan struct{})
		e.servers[server] = begun
		server.RegisterOnShutdown(sync.OnceFunc(func() { close(begun) }))
	}
	return begun
}
