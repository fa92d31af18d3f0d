package middleware

import (
	"fmt"
	"net/http"

	"github.com/sligo-go/sligo/internal/guard"
)

// ended is the status of an exchange whose handler returned without a
// response, once the exchange is counted. It is not a status of HTTP.
const ended = -1

// noteEnd records that the exchange was counted. If the handler sent nothing,
// it was counted as net/http's implicit 200.
func (e *exchange) noteEnd() {
	if e.status.Load() == 0 {
		e.status.CompareAndSwap(0, ended)
	}
}

// awaitsLate reports whether noteLate can still log.
func (in *Instrument) awaitsLate() bool { return in.opts.Logger != nil && !in.late.Load() }

// noteLate logs the first response that begins after its handler returned and
// differs from the 200 that was counted. Some routers answer a handler's error
// when their middlewares have returned.
func (in *Instrument) noteLate(status int) {
	if !in.awaitsLate() || status == http.StatusOK || in.late.Swap(true) {
		return
	}
	_ = guard.Call(func() {
		in.opts.Logger.Warn(fmt.Sprintf("middleware: a response with status %d began after its handler had returned, "+
			"and was counted as 200: the router answers errors after its middlewares; wrap the whole router in Handler", status))
	})
}
