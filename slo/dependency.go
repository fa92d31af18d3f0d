package slo

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/internal/identifier"
	"github.com/sligo-go/sligo/sli"
)

// validateDependsOn reports IDs that are invalid, repeated, or the
// objective's own.
func (o Objective) validateDependsOn() error {
	var errs sli.FieldErrors
	known := make(map[string]bool, len(o.DependsOn))
	for i, id := range o.DependsOn {
		path := fmt.Sprintf("[%d]", i)
		switch {
		case checkID(id) != nil:
			errs.Addf(path, "invalid ID %q: %w", id, checkID(id))
		case id == o.ID():
			errs.Addf(path, "invalid ID %q: an objective cannot depend on itself", id)
		case known[id]:
			errs.Addf(path, "duplicate ID %q", id)
		}
		known[id] = true
	}
	return errs.Err()
}

// checkID accepts the syntax of [Objective.ID].
func checkID(id string) error {
	service, name, two := strings.Cut(id, "/")
	if !two || service == "" || name == "" {
		return errors.New(`want a service and a name such as "users/availability"`)
	}
	return errors.Join(identifier.Check(service), identifier.Check(name))
}

// cycles finds objectives that depend on themselves through others. It visits
// each objective once, depth first. An entry of DependsOn that leads back to
// an objective on the present path closes a cycle.
type cycles struct {
	objectives []Objective
	ids        map[string]int // the first objective of each ID
	done       []bool
	path       []int
	place      []int // of each objective in path, from 1, or 0
	errs       *sli.FieldErrors
}

func newCycles(objectives []Objective, ids map[string]int, errs *sli.FieldErrors) *cycles {
	n := len(objectives)
	return &cycles{objectives: objectives, ids: ids, done: make([]bool, n), place: make([]int, n), errs: errs}
}

func (c *cycles) visit(i int) {
	if c.done[i] {
		return
	}
	c.done[i] = true
	c.path = append(c.path, i)
	c.place[i] = len(c.path)
	for j, id := range c.objectives[i].DependsOn {
		next, known := c.ids[id]
		if !known || next == i {
			continue // in another file, or reported by validateDependsOn
		}
		if c.place[next] > 0 {
			c.errs.Addf(fmt.Sprintf("objectives[%d].DependsOn[%d]", i, j), "cycle: %s", cycleText(c.path[c.place[next]-1:], c.objectives))
		}
		c.visit(next)
	}
	c.path = c.path[:len(c.path)-1]
	c.place[i] = 0
}

// maxCycle is the number of objectives of a cycle that its text shows.
const maxCycle = 10

// cycleText returns the cycle of objectives, such as `"users/a" depends on
// "users/b" depends on "users/a"`.
func cycleText(cycle []int, objectives []Objective) string {
	var text strings.Builder
	for _, i := range cycle[:min(len(cycle), maxCycle)] {
		fmt.Fprintf(&text, "%q depends on ", objectives[i].ID())
	}
	if more := len(cycle) - maxCycle; more > 0 {
		fmt.Fprintf(&text, "%d others, which depend on ", more)
	}
	fmt.Fprintf(&text, "%q", objectives[cycle[0]].ID())
	return text.String()
}
