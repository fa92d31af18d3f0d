package middleware

import (
	"net/http"
	"strings"

	"github.com/sligo-go/sligo/internal/cowmap"
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
	return each(w, func(e *exchange) { e.setGroup(group) })
}

func (e *exchange) setGroup(group string) { e.group.Store(e.in.groups.find(group)) }

// groupNow returns the group of a request whose handler may run.
func (e *exchange) groupNow() string {
	if group := e.group.Load(); group != nil {
		return *group
	}
	return ""
}

// groups are the groups of an instrument, so that a request need not allocate
// its own.
type groups struct{ known cowmap.Map[string, *string] }

// find returns a pointer to the group. Only maxRoutes groups are remembered.
func (gs *groups) find(group string) *string {
	known := gs.known.Load()
	if found := known[group]; found != nil {
		return found
	}
	added := strings.Clone(group)
	if len(known) < maxRoutes {
		gs.known.TryEdit(func(next map[string]*string) { next[added] = &added })
	}
	return &added
}

// groupOf returns the group by the function of the options. A panic of the
// function leaves the request without a group.
func (in *Instrument) groupOf(r *http.Request) (group string) {
	_ = guard.Call(func() { group = in.opts.Group(r) })
	return group
}
