package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/logging"
)

// TestRepeatedGroups checks that groups of the same name become one.
func TestRepeatedGroups(t *testing.T) {
	method, status := slog.Group("http", "method", "GET"), slog.Group("http", "status", 200)
	ctx := context.Background()
	for name, tt := range map[string]struct {
		want string
		log  func(l *slog.Logger)
	}{
		"bound and of the call": {`{"http":{"method":"GET","status":200}}`,
			func(l *slog.Logger) { l.With(method).Info("m", status) }},
		"bound twice": {`{"http":{"method":"GET","status":200},"a":1}`,
			func(l *slog.Logger) { l.With(method).With(status).Info("m", "a", 1) }},
		"in one call": {`{"a":1,"http":{"method":"GET","status":200},"b":2}`,
			func(l *slog.Logger) { l.Info("m", "a", 1, method, status, "b", 2) }},
		"bound, then opened": {`{"http":{"method":"GET","status":200}}`,
			func(l *slog.Logger) { l.With(method).WithGroup("http").Info("m", "status", 200) }},
		"bound, then opened and bound": {`{"http":{"method":"GET","status":200,"n":1}}`,
			func(l *slog.Logger) { l.With(method).WithGroup("http").With("status", 200).Info("m", "n", 1) }},
		"bound, then opened without members": {`{"http":{"method":"GET"}}`,
			func(l *slog.Logger) { l.With(method).WithGroup("http").Info("m") }},
		"opened below another": {`{"g":{"http":{"method":"GET","status":200}}}`,
			func(l *slog.Logger) { l.WithGroup("g").With(method).WithGroup("http").Info("m", "status", 200) }},
		"the last member counts": {`{"http":{"status":500,"method":"PUT"}}`,
			func(l *slog.Logger) {
				l.With(method, slog.Group("http", "status", 500)).Info("m", slog.Group("http", "method", "PUT"))
			}},
		"nested": {`{"a":{"b":{"x":1,"y":2},"c":3}}`,
			func(l *slog.Logger) {
				l.With(slog.Group("a", slog.Group("b", "x", 1))).Info("m", slog.Group("a", slog.Group("b", "y", 2), "c", 3))
			}},
		"nested in one group": {`{"a":{"b":{"x":1,"y":2}}}`,
			func(l *slog.Logger) { l.Info("m", slog.Group("a", slog.Group("b", "x", 1), slog.Group("b", "y", 2))) }},
		"of the context and bound": {`{"http":{"method":"GET","status":200}}`,
			func(l *slog.Logger) { l.With(status).InfoContext(logging.With(ctx, method), "m") }},
		"of the context and opened": {`{"http":{"method":"GET","status":200}}`,
			func(l *slog.Logger) {
				l.WithGroup("http").With("status", 200).InfoContext(logging.With(ctx, method), "m")
			}},
		"of the context and opened by the call": {`{"http":{"method":"GET","status":200}}`,
			func(l *slog.Logger) { l.WithGroup("http").InfoContext(logging.With(ctx, method), "m", "status", 200) }},
		"a value, then a group": {`{"http":{"status":200}}`,
			func(l *slog.Logger) { l.With("http", 7).Info("m", status) }},
		"a value, then opened": {`{"http":{"status":200}}`,
			func(l *slog.Logger) { l.With("http", 7).WithGroup("http").Info("m", "status", 200) }},
		"a group, then a value": {`{"http":7}`,
			func(l *slog.Logger) { l.With(method, status).Info("m", "http", 7) }},
		"a map, then a group": {`{"http":{"method":"GET","status":200}}`,
			func(l *slog.Logger) { l.With("http", map[string]string{"method": "GET"}).Info("m", status) }},
		"additional_info": {`{"http":{"method":"GET","status":200}}`,
			func(l *slog.Logger) {
				l.With(slog.Group("additional_info", method)).Info("m", slog.Group("additional_info", status))
			}},
		"secrets": {`{"http":{"token":"REDACTED","password":"REDACTED"}}`,
			func(l *slog.Logger) {
				l.With(slog.Group("http", "token", "x1")).Info("m", slog.Group("http", "password", "x2"))
			}},
		"secrets told by a sibling in another group": {`{"jwk":{"kty":"EC","d":"REDACTED"}}`,
			func(l *slog.Logger) {
				l.With(slog.Group("jwk", "kty", "EC")).Info("m", slog.Group("jwk", "d", "x1"))
			}},
		"secrets told by a sibling, opened": {`{"jwk":{"kty":"EC","d":"REDACTED"}}`,
			func(l *slog.Logger) { l.With(slog.Group("jwk", "kty", "EC")).WithGroup("jwk").Info("m", "d", "x1") }},
		"a secret group": {`{"credentials":{"a":"REDACTED","b":"REDACTED"}}`,
			func(l *slog.Logger) {
				l.With(slog.Group("credentials", "a", "x1")).WithGroup("credentials").Info("m", "b", "x2")
			}},
		"names that are escaped": {`{"a\"b":{"x":1,"y":2}}`,
			func(l *slog.Logger) { l.With(slog.Group(`a"b`, "x", 1)).Info("m", slog.Group(`a"b`, "y", 2)) }},
		"braces in texts": {`{"g":{"x":"}{\",[","y":[{"z":1}]}}`,
			func(l *slog.Logger) {
				l.With(slog.Group("g", "x", `}{",[`)).Info("m", slog.Group("g", "y", []map[string]int{{"z": 1}}))
			}},
	} {
		t.Run(name, func(t *testing.T) {
			h, buf := newHandler(t, nil)
			tt.log(slog.New(h))
			tt.log(slog.New(h)) // with a used entry
			for line := range bytes.Lines(buf.Bytes()) {
				_, info, _ := bytes.Cut(line, []byte(`"additional_info":`))
				if got := string(bytes.TrimSuffix(info, []byte("}\n"))); got != tt.want {
					t.Errorf("got  %s\nwant %s", got, tt.want)
				}
			}
		})
	}
}

// TestNoNameTwice logs random attributes and compares the line with a model in
// which groups are maps.
func TestNoNameTwice(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		h, buf := newHandler(t, nil)
		l, steps := slog.New(h), ""
		var outer []slog.Attr
		mixed := i%2 == 0 // a name is both a group and a text
		if !mixed {
			outer = randomAttrs(r, 2, mixed)
		}
		bound, path := map[string]any{}, []string(nil)
		for range r.IntN(4) {
			if r.IntN(2) == 0 {
				g := string(rune('a' + r.IntN(3)))
				l, path = l.WithGroup(g), append(path, g)
				steps += " WithGroup " + g
				continue
			}
			attrs := randomAttrs(r, 2, mixed)
			l = slog.New(l.Handler().WithAttrs(attrs))
			add(bound, path, attrs)
			steps += fmt.Sprint(" With", attrs)
		}
		attrs := randomAttrs(r, 3, mixed)
		l.LogAttrs(logging.With(context.Background(), outer...), slog.LevelInfo, "m", attrs...)
		model := map[string]any{}
		add(model, nil, outer)
		overlay(model, bound)
		add(model, path, attrs)
		var line struct {
			Info json.RawMessage `json:"additional_info"`
		}
		if err := json.Unmarshal(buf.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if twice := repeatedName(line.Info); twice != "" {
			t.Fatalf("%d: the name %q occurs twice: %s", i, twice, line.Info)
		}
		got := map[string]any{}
		if len(line.Info) > 0 {
			if err := json.Unmarshal(line.Info, &got); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(model, got); diff != "" {
			t.Fatalf("%d: context %v,%s, call %v (-want +got):\n%s%s", i, outer, steps, attrs, diff, line.Info)
		}
	}
}

// randomAttrs returns attributes with few different names. A group has at least
// one member. Unless mixed, groups and texts have different names.
func randomAttrs(r *rand.Rand, depth int, mixed bool) (attrs []slog.Attr) {
	for range r.IntN(4) {
		name := string(rune('a' + r.IntN(3)))
		var members []slog.Attr
		if depth > 0 && r.IntN(3) > 0 {
			members = randomAttrs(r, depth-1, mixed)
		}
		switch {
		case len(members) > 0:
			attrs = append(attrs, slog.Attr{Key: name, Value: slog.GroupValue(members...)})
		case mixed:
			attrs = append(attrs, slog.String(name, "v"+strconv.Itoa(r.IntN(100))))
		default:
			attrs = append(attrs, slog.String("t"+name, "v"+strconv.Itoa(r.IntN(100))))
		}
	}
	return attrs
}

// add adds attributes to an object at a path of groups: groups join, and any
// other member replaces.
func add(into map[string]any, path []string, attrs []slog.Attr) {
	if len(attrs) == 0 {
		return
	}
	for _, g := range path {
		inner, ok := into[g].(map[string]any)
		if !ok {
			inner = map[string]any{}
			into[g] = inner
		}
		into = inner
	}
	for _, a := range attrs {
		if a.Value.Kind() != slog.KindGroup {
			into[a.Key] = a.Value.String()
			continue
		}
		group := map[string]any{}
		add(group, nil, a.Value.Group())
		overlay(into, map[string]any{a.Key: group})
	}
}

// overlay joins the objects of over with objects of the same name in into.
func overlay(into, over map[string]any) {
	for name, v := range over {
		group, isGroup := v.(map[string]any)
		if inner, ok := into[name].(map[string]any); ok && isGroup {
			overlay(inner, group)
		} else {
			into[name] = v
		}
	}
}

// repeatedName returns a name that occurs twice in an object, or "".
func repeatedName(text []byte) string {
	dec := json.NewDecoder(bytes.NewReader(text))
	type level struct {
		names map[string]bool // nil for an array
		value bool            // a value follows
	}
	var levels []level
	for {
		token, err := dec.Token()
		if err != nil {
			return ""
		}
		top := len(levels) - 1
		switch token {
		case json.Delim('}'), json.Delim(']'):
			levels = levels[:top]
			continue
		}
		if top >= 0 && levels[top].names != nil {
			if !levels[top].value {
				name := token.(string)
				if levels[top].names[name] {
					return name
				}
				levels[top].names[name], levels[top].value = true, true
				continue
			}
			levels[top].value = false
		}
		switch token {
		case json.Delim('{'):
			levels = append(levels, level{names: map[string]bool{}})
		case json.Delim('['):
			levels = append(levels, level{})
		}
	}
}
