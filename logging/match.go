package logging

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/statuslist"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/sli"
)

// A Match selects lines. A line must meet every field that is set; the zero
// value selects all lines.
type Match struct {
	// MinLevel and MaxLevel bound the level, both inclusive. Nil means no bound.
	MinLevel, MaxLevel slog.Leveler

	// Messages lists the messages that the line may have. A * at the end of an
	// entry matches any ending.
	Messages []string

	// Routes lists the routes that the line may have. A * at the end of an entry
	// matches any ending. The route of a line is its field http.route, or else
	// route, or else endpoint. If it is a pattern of http.ServeMux, such as
	// "GET /healthz" or "GET example.com/healthz", an entry may also be its path,
	// "/healthz".
	Routes []string

	// Status lists the statuses that response_code may have: codes "404", classes
	// "5xx" and ranges "500-504". A leading ! excludes. If all entries exclude,
	// the list starts from all statuses except 1xx.
	Status []string

	// Fields maps dotted names of fields to the text of the value that the line
	// must have. The text "*" matches any value.
	Fields map[string]string

	// Func is an additional condition. It must be safe for concurrent use. If it
	// panics, the line does not match.
	Func func(*Line) bool
}

// Validate reports all mistakes in the match at once, as joined
// [*sli.FieldError] values.
func (m *Match) Validate() error {
	var errs sli.FieldErrors
	if m.MinLevel != nil && m.MaxLevel != nil && m.MinLevel.Level() > m.MaxLevel.Level() {
		errs.Addf("MinLevel", "invalid level %v: want at most MaxLevel, %v", m.MinLevel.Level(), m.MaxLevel.Level())
	}
	statuslist.Parse(m.Status, func(i int, err error) {
		path := "Status"
		if i >= 0 {
			path = fmt.Sprintf("Status[%d]", i)
		}
		errs.Add(path, err)
	})
	return errs.Err()
}

// String returns the conditions of the match: "level from WARN, status 5xx". A
// Func is its name. The zero Match is "all lines".
func (m Match) String() string {
	var parts []string
	if m.MinLevel != nil {
		parts = append(parts, "level from "+m.MinLevel.Level().String())
	}
	if m.MaxLevel != nil {
		parts = append(parts, "level to "+m.MaxLevel.Level().String())
	}
	for _, list := range []struct {
		noun   string
		values []string
	}{{"message", m.Messages}, {"route", m.Routes}, {"status", m.Status}} {
		if len(list.values) > 0 {
			parts = append(parts, list.noun+" "+strings.Join(list.values, " or "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Fields)) {
		parts = append(parts, name+" "+m.Fields[name])
	}
	if name := m.funcName(); name != "" {
		parts = append(parts, "func "+name)
	}
	if len(parts) == 0 {
		return "all lines"
	}
	return strings.Join(parts, ", ")
}

func (m Match) funcName() string {
	if m.Func == nil {
		return ""
	}
	return runtime.FuncForPC(reflect.ValueOf(m.Func).Pointer()).Name()
}

// matchJSON is the JSON form of a Match.
type matchJSON struct {
	MinLevel *slog.Level       `json:"min_level,omitempty"`
	MaxLevel *slog.Level       `json:"max_level,omitempty"`
	Messages []string          `json:"messages,omitempty"`
	Routes   []string          `json:"routes,omitempty"`
	Status   []string          `json:"status,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
	Func     string            `json:"func,omitempty"`
}

// MarshalJSON returns an object with the fields that are set. A level is its
// text at this moment, and Func is its name.
func (m Match) MarshalJSON() ([]byte, error) {
	level := func(l slog.Leveler) *slog.Level {
		if l == nil {
			return nil
		}
		text := l.Level()
		return &text
	}
	return json.Marshal(matchJSON{
		level(m.MinLevel), level(m.MaxLevel), m.Messages, m.Routes, m.Status, m.Fields, m.funcName(),
	})
}

// UnmarshalJSON reads the object that MarshalJSON writes. It refuses unknown
// fields and a Func, which text cannot hold.
func (m *Match) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	var in matchJSON
	if err := strictjson.Unmarshal(text, &in); err != nil {
		return err
	}
	if in.Func != "" {
		return fmt.Errorf("logging: the function %q cannot be read back: set Match.Func in Go", in.Func)
	}
	*m = Match{Messages: in.Messages, Routes: in.Routes, Status: in.Status, Fields: in.Fields}
	if in.MinLevel != nil {
		m.MinLevel = *in.MinLevel
	}
	if in.MaxLevel != nil {
		m.MaxLevel = *in.MaxLevel
	}
	return nil
}

// Matches reports whether the line meets the match.
func (m *Match) Matches(l *Line) bool {
	c := newMatcher(m)
	return c.matches(l)
}

// A matcher is a valid Match prepared for many lines.
type matcher struct {
	*Match
	all    bool // the match selects all lines
	status statuslist.Set
}

func newMatcher(m *Match) matcher {
	all := m.MinLevel == nil && m.MaxLevel == nil && m.Func == nil &&
		len(m.Messages)+len(m.Routes)+len(m.Status)+len(m.Fields) == 0
	return matcher{m, all, statuslist.Parse(m.Status, func(int, error) {})}
}

func (m *matcher) matches(l *Line) bool { return m.all || m.meets(l) }

func (m *matcher) meets(l *Line) bool {
	switch {
	case !m.meetsLevel(l.Level),
		len(m.Messages) > 0 && !anyPattern(m.Messages, l.Message),
		len(m.Routes) > 0 && !m.meetsRoutes(l),
		len(m.Status) > 0 && !m.meetsStatus(l),
		len(m.Fields) > 0 && !m.meetsFields(l):
		return false
	}
	return m.Func == nil || m.meetsFunc(l)
}

func (m *Match) meetsLevel(level slog.Level) bool {
	if m.MinLevel != nil && level < m.MinLevel.Level() {
		return false
	}
	return m.MaxLevel == nil || level <= m.MaxLevel.Level()
}

func (m *Match) meetsRoutes(l *Line) bool {
	for _, name := range [...]string{"http.route", "route", "endpoint"} {
		if v, ok := l.Value(name); ok {
			route := v.String()
			return anyPattern(m.Routes, route) || anyPattern(m.Routes, pathOf(route))
		}
	}
	return false
}

// pathOf returns the path of a route that is a pattern of http.ServeMux, with a
// method, a host or both in front: "GET example.com/healthz". It returns other
// routes as they are.
func pathOf(route string) string {
	rest := route
	method := strings.IndexAny(route, " \t")
	has := method > 0 && isMethod(route[:method])
	if has {
		rest = strings.TrimLeft(route[method:], " \t")
	}
	host, _, ok := strings.Cut(rest, "/")
	if !ok || strings.ContainsAny(host, " \t") {
		return route
	}
	if has || host == "" || isHost(host) {
		return rest[len(host):]
	}
	return route
}

func isMethod(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c < 'A' || c > 'Z' })
}

// isHost reports whether the text in front of a path is a host and not a
// segment.
func isHost(s string) bool { return s == "localhost" || strings.Contains(s, ".") }

func (m *Match) meetsFields(l *Line) bool {
	for name, want := range m.Fields {
		v, ok := l.Value(name)
		if !ok || want != "*" && v.String() != want {
			return false
		}
	}
	return true
}

func (m *Match) meetsFunc(l *Line) bool {
	ok := false
	panicked := guard.Call(func() { ok = m.Func(l) }) != nil
	return ok && !panicked
}

// meetsStatus looks up response_code. A line without a number there has no
// status and meets no list.
func (m *matcher) meetsStatus(l *Line) bool {
	v, ok := l.Value(field.KeyResponseCode)
	if !ok {
		return false
	}
	code := uint64(0)
	switch v.Kind() {
	case slog.KindInt64:
		code = uint64(v.Int64()) // negative ones become huge, which is as invalid
	case slog.KindUint64:
		code = v.Uint64()
	default:
		return false
	}
	return m.status.Has(int(min(code, 600))) // 600 represents all above it
}

// anyPattern reports whether a text equals a pattern, or begins with one that
// ends with a *.
func anyPattern(patterns []string, s string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if prefix, ok := strings.CutSuffix(p, "*"); ok {
			return strings.HasPrefix(s, prefix)
		}
		return p == s
	})
}
