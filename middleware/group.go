package middleware

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/sligo-go/sligo/internal/cowmap"
	"github.com/sligo-go/sligo/internal/guard"
)

// SetGroup sets the group of the request that is answered on w, for indicators
// with [sli.Groups]: a tenant, say, or a class of requests. It must come from
// the program, because the group becomes a label. The last call wins, also
// over [Options.Group]. If an indicator judges a request that hangs before its
// group is set, it counts for the group "other".
//
// Like [SetRoute], it must be called before the handler returns, and reports
// whether it found the instrument.
func SetGroup(w http.ResponseWriter, group string) bool {
	return each(w, func(e *exchange) { e.setGroup(group) })
}

func (e *exchange) setGroup(group string) { e.group.Store(e.in.groups.find(group)) }

// groupNow returns the group of a request whose handler may run.
func (e *exchange) groupNow() string { return nameOfGroup(e.group.Load()) }

// groupNow returns the group of a call that may not have ended.
func (c *Call) groupNow() string { return nameOfGroup(c.group.Load()) }

// group is the group of a request. Its place is its number among the groups
// that have label values of their own, or 0 for all others.
type group struct {
	name  string
	place uint8
}

// nameOfGroup returns the name of a group, or "" for nil.
func nameOfGroup(g *group) string {
	if g == nil {
		return ""
	}
	return g.name
}

// otherGroup is the label value of groups without a value of their own, as in
// package sli.
const otherGroup = "other"

// maxGroupLabels bounds the label of Options.GroupLabel. Each value multiplies
// the series of every route.
const maxGroupLabels = 100

// maxGroupLength is the maximum length of a label value, in bytes.
const maxGroupLength = 128

// label returns the value of Options.GroupLabel. A nil group is "other".
func (g *group) label() string {
	if g == nil || g.place == 0 {
		return otherGroup
	}
	return g.name
}

// hasLabel reports whether a group may have a label value of its own. As in
// package sli, a name that is too long or no UTF-8 counts as "other".
func (g *group) hasLabel() bool {
	return g.name != "" && g.name != otherGroup && len(g.name) <= maxGroupLength && utf8.ValidString(g.name)
}

// groups are the groups of an instrument, so that a request need not allocate
// its own.
type groups struct{ known cowmap.Map[string, *group] }

// find returns the group of a name. Only maxRoutes groups are remembered.
func (gs *groups) find(name string) *group {
	known := gs.known.Load()
	if found := known[name]; found != nil {
		return found
	}
	added := &group{name: strings.Clone(name)}
	switch {
	case len(known) < maxGroupLabels:
		gs.known.Edit(func(next map[string]*group) { added = remember(next, added) })
	case len(known) < maxRoutes:
		gs.known.TryEdit(func(next map[string]*group) { added = remember(next, added) })
	}
	return added
}

// remember adds a group to the known ones, unless it is there.
func remember(known map[string]*group, added *group) *group {
	if found := known[added.name]; found != nil {
		return found
	}
	if n := len(known) + 1; n <= maxGroupLabels && added.hasLabel() {
		added.place = uint8(n)
	}
	known[added.name] = added
	return added
}

// groupOf returns the group by the function of the options. A panic of the
// function leaves the request without a group.
func (in *Instrument) groupOf(r *http.Request) (group string) {
	_ = guard.Call(func() { group = in.opts.Group(r) })
	return group
}
