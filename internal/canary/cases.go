package canary

import (
	"encoding/json"
	"log/slog"
)

// A Case is one log call. Kind is "must": none of Secrets may be shown;
// "keep": every one of Keep must be shown unchanged; or "policy": it depends on
// the policy, and is not checked.
type Case struct {
	// ID names the case; its letter is that of its kind of place.
	ID string
	// Cat is what the secret stands in: key, text, url.
	Cat string
	// Desc says what is logged.
	Desc string
	// Kind is must, keep or policy.
	Kind string
	// Secrets must not be shown.
	Secrets []string
	// Keep must be shown.
	Keep []string
	// Log makes the call.
	Log func(l *slog.Logger)
}

// Cases returns all cases.
func Cases() []Case {
	var s set
	for _, add := range []func(*set){
		keys, nested, serialised, urls, headers, text, failures, interfaces, structure, lookalikes, fidelity, policies,
		spellings, shapes, documents, credentials, persons, ordinary, variety,
	} {
		add(&s)
	}
	return s
}

// A set collects cases.
type set []Case

func (s *set) must(id, cat, desc, secret string, log func(*slog.Logger)) {
	*s = append(*s, Case{ID: id, Cat: cat, Desc: desc, Kind: "must", Secrets: []string{secret}, Log: log})
}

func (s *set) keep(id, cat, desc, shown string, log func(*slog.Logger)) {
	*s = append(*s, Case{ID: id, Cat: cat, Desc: desc, Kind: "keep", Keep: []string{shown}, Log: log})
}

func (s *set) policy(id, desc string, secrets []string, log func(*slog.Logger)) {
	*s = append(*s, Case{ID: id, Cat: "policy", Desc: desc, Kind: "policy", Secrets: secrets, Log: log})
}

const (
	pw  = "hunter2-Zx91"
	jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
	pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----"
)

func any1(k string, v any) func(*slog.Logger) {
	return func(l *slog.Logger) { l.Info("m", slog.Any(k, v)) }
}
func str1(k, v string) func(*slog.Logger) {
	return func(l *slog.Logger) { l.Info("m", slog.String(k, v)) }
}
func msg(m string) func(*slog.Logger) { return func(l *slog.Logger) { l.Info(m) } }

func deep(n int) any {
	var v any = map[string]any{"password": pw}
	for range n {
		v = map[string]any{"c": v}
	}
	return v
}
func strp(s string) *string { return &s }

func mustJSON(v any) []byte { return must1(json.Marshal(v)) }
func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
func must2[T any](v T, _ bool) T { return v }
