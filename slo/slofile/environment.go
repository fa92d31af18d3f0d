package slofile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/internal/identifier"
	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/internal/quotelist"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// checkEnvironments reports the mistakes of all environments. It checks an
// objective only if an environment changes it.
func (r *reader) checkEnvironments(f *File) {
	for _, name := range r.source.environments {
		path := below("environments", name)
		if err := identifier.Check(name); err != nil {
			r.failName(path, "%w", err)
		} else if name == "" {
			r.failName(path, "the name of the environment is empty")
		}
		env := r.doc.Environments[name]
		r.report(path+".matchers", validateMatchers(env.Matchers), "")
		r.report(path+".exclusions", validateExclusions(env.Exclusions), "")
		changed := make(map[int]string, len(env.Objectives))
		for _, key := range slices.Sorted(maps.Keys(env.Objectives)) {
			at := below(path+".objectives", key)
			i, found := r.objective(key)
			switch {
			case !found && !r.lost:
				r.failName(at, "unknown objective %q%s", key, r.suggest(key, r.ids))
			case found && changed[i] != "":
				r.failName(at, "duplicate objective: %q changes it", changed[i])
			case found:
				changed[i] = key
				r.checkOverride(&f.Objectives[i], i, at, env.Objectives[key], fmt.Sprintf(" (in environment %q)", name))
			}
		}
	}
}

// checkOverride reports the mistakes that an objective has in an environment
// only.
func (r *reader) checkOverride(o *slo.Objective, i int, path string, to override, suffix string) {
	undo := r.override(o, i, path, to)
	defer undo()
	at := fmt.Sprintf("objectives[%d]", i)
	for _, e := range sli.Mistakes(withoutDefinition(*o).Validate()) {
		if !strings.HasPrefix(e.Path, "Indicator") && !r.isKnown(at, e) {
			r.report(at, e, suffix)
		}
	}
}

// isKnown reports whether a mistake is one of the file without an environment.
func (r *reader) isKnown(path string, e *sli.FieldError) bool {
	at := r.source.path(path + "." + e.Path)
	place := r.source.place(at)
	known := &Error{File: r.file, Line: place.line, Column: place.column, Path: at, Err: reword(e.Err)}
	return r.seen[known.Error()]
}

// objective returns the index of the objective that an environment changes.
func (r *reader) objective(key string) (int, bool) {
	if r.ids == nil {
		r.ids = make(map[string]int, len(r.doc.Objectives))
		for i, o := range r.doc.Objectives {
			if _, known := r.ids[o.ID()]; !known && o.Indicator.Name != "" {
				r.ids[o.ID()] = i
			}
		}
	}
	i, found := r.ids[r.id(key)]
	return i, found
}

// override changes an objective, and returns a function that takes the change
// back.
func (r *reader) override(o *slo.Objective, i int, path string, to override) (undo func()) {
	before := *o
	window, target := fmt.Sprintf("objectives[%d].window", i), fmt.Sprintf("objectives[%d].target", i)
	if to.Target.IsValid() {
		o.Target = to.Target
		r.source.moved[target] = path + ".target"
	}
	if to.Window.IsValid() {
		o.Window = to.Window
		r.source.moved[window] = path + ".window"
	}
	return func() {
		*o = before
		delete(r.source.moved, window)
		delete(r.source.moved, target)
	}
}

// selectEnvironment applies an environment to the file.
func (r *reader) selectEnvironment(f *File, name string) {
	if name == "" {
		return
	}
	env, known := r.doc.Environments[name]
	path := below("environments", name)
	switch {
	case !known && len(r.doc.Environments) == 0:
		r.problems.addf(mark{}, "environments", "unknown environment %q: the file has none", name)
		return
	case !known:
		r.problems.addf(r.source.place("environments"), "environments", "unknown environment %q: want one of %s", name, quotelist.Of(r.source.environments))
		return
	}
	for key, to := range env.Objectives {
		if i, found := r.objective(key); found {
			r.override(&f.Objectives[i], i, below(path+".objectives", key), to)
		}
	}
	f.Matchers = replace(r, f.Matchers, env.Matchers, "matchers", path, labelOf)
	f.Exclusions = replace(r, f.Exclusions, env.Exclusions, "exclusions", path, func(e ledger.Entry) string { return e.Name })
}

// replace returns a list in which each entry of an environment replaces the
// entry of the same name. New entries come last.
func replace[T any](r *reader, list, by []T, key, path string, name func(T) string) []T {
	list = slices.Clone(list)
	indices := make(map[string]int, len(list))
	for i, entry := range list {
		indices[name(entry)] = i
	}
	for j, entry := range by {
		i, replaced := indices[name(entry)]
		if !replaced {
			i = len(list)
			list = append(list, entry)
		}
		list[i] = entry
		r.source.moved[fmt.Sprintf("%s[%d]", key, i)] = fmt.Sprintf("%s.%s[%d]", path, key, j)
	}
	return list
}

// labelOf returns the label of a matcher, and the matcher itself if it is
// invalid.
func labelOf(matcher string) string {
	if m, err := promtext.ParseMatcher(matcher); err == nil {
		return m.Label
	}
	return matcher
}
