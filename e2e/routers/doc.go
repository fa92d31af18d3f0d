// Package routers tests package middleware with the routers and RPC servers
// that services use, by the ways that the documentation of
// [github.com/sligo-go/sligo/middleware.SetRoute] gives. It is a module of its
// own, so that neither users nor the other tests depend on its requirements.
package routers
