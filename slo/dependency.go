package slo

import (
	"errors"
	"fmt"
	"slices"
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
	errs       *sli.FieldErrors
}

func (c *cycles) visit(i int) {
	if c.done[i] {
		return
	}
	c.done[i] = true
	c.path = append(c.path, i)
	for j, id := range c.objectives[i].DependsOn {
		next, known := c.ids[id]
		if !known || next == i {
			continue // in another file, or reported by validateDependsOn
		}
		if start := slices.Index(c.path, next); start >= 0 {
			c.errs.Addf(fmt.Sprintf("objectives[%d].DependsOn[%d]", i, j), "cycle: %s", c.text(start))
		}
		c.visit(next)
	}
	c.path = c.path[:len(c.path)-1]
}

// text returns the cycle from a place of the path to its end, such as
// `"users/a" depends on "users/b" depends on "users/a"`.
func (c *cycles) text(start int) string {
	var text strings.Builder
	for _, i := range c.path[start:] {
		fmt.Fprintf(&text, "%q depends on ", c.objectives[i].ID())
	}
	fmt.Fprintf(&text, "%q", c.objectives[c.path[start]].ID())
	return text.String()
}
