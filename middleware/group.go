package middleware

import (
	"net/http"

	"github.com/sligo-go/sligo/internal/guard"
)

// SetGroup sets the group of the request that is answered on w, for indicators
// with [sli.Groups]: a tenant, say, or a class of requests. It must come from
// the program, because the group becomes a label. The last call wins, also
// over [Options.Group]. If an indicator judges a request that hangs before its
// group is set, it counts for the group "other".
//
// SetGroup finds the instrument, must be called, and reports whether it found
// the instrument, like [SetRoute].
func SetGroup(w http.ResponseWriter, group string) bool {
	return each(w, func(e *exchange) {
		e.mu.Lock()
		e.group = group
		e.mu.Unlock()
	})
}

// groupNow returns the group of a request whose handler may run.
func (e *exchange) groupNow() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.group
}

// groupOf returns the group by the function of the options. A panic of the
// function leaves the request without a group.
func (in *Instrument) groupOf(r *http.Request) (group string) {
	if in.opts.Group != nil {
		_ = guard.Call(func() { group = in.opts.Group(r) })
	}
	return group
}
