package redact

import (
	"log/slog"

	"github.com/sligo-go/sligo/internal/redaction/encode"
	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// Replacement is written in place of a secret.
const Replacement = text.Replacement

// A Redactor applies one policy. Use [New] or [Default]; the zero value is not
// valid.
type Redactor struct {
	judge    *name.Judge
	finder   *text.Finder
	encoding *encode.Encoding
}

// New returns the redactor of a policy; nil is the default policy. It
// returns the error of [Policy.Validate].
func New(p *Policy) (*Redactor, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if p == nil {
		p = &Policy{}
	}
	patterns := make([]text.Pattern, len(p.Rules))
	for i, rule := range p.Rules {
		patterns[i] = rule.Pattern
	}
	return newRedactor(p, patterns), nil
}

// Default returns a redactor with the default policy.
func Default() *Redactor { return newRedactor(&Policy{}, nil) }

// newRedactor connects the parts of the engine. The policy's rules are the
// patterns. The finder leaves JSON documents to the encoding, which gives the
// strings in them back to the finder.
func newRedactor(p *Policy, patterns []text.Pattern) *Redactor {
	r := &Redactor{judge: name.NewJudge(name.Lists{Secret: p.Keys, Plain: p.Plain, Headers: p.Headers, Parameters: p.Query})}
	r.finder = text.NewFinder(text.Config{
		Judge:    r.judge,
		Patterns: patterns,
		Document: func(s string, level int) (string, bool) { return r.encoding.Document(s, level) },
	})
	r.encoding = encode.New(r.judge, r.finder, p.Types)
	return r
}

// Text returns s with the secrets in it replaced. If s is JSON, its values
// are also redacted by their names. A text beyond 64 KiB is cut.
func (r *Redactor) Text(s string) string { return r.finder.Redact(s) }

// Clean reports whether [Redactor.AppendText] writes s as it is: nothing in
// s is redacted, cut or escaped.
func (r *Redactor) Clean(s string) bool {
	t := text.Inspect(s)
	return r.finder.Clears(s, t) && !t.Escapes()
}

// AppendText appends the redacted text as a JSON string.
func (r *Redactor) AppendText(dst []byte, s string) []byte { return r.encoding.AppendText(dst, s) }

// AppendID appends an identifier of a request, a trace or a span as a JSON
// string. Identifiers are random or sequential, so the rules for numbers do
// not apply: an ID of 16 digits is not mistaken for a card. An ID with a
// character other than letters, digits and -_./| is redacted as text. IDs are
// cut after 128 bytes. It is not for users, whose IDs may be telephone or
// national numbers: [Redactor.AppendText] redacts these.
func (r *Redactor) AppendID(dst []byte, s string) []byte { return r.encoding.AppendID(dst, s) }

// Attr returns a redacted copy of an attribute. Like the attributes that
// [Redactor.NewHandler] passes on, it shares no memory with the original.
func (r *Redactor) Attr(a slog.Attr) slog.Attr { return r.encoding.Attr(a, false) }

// IsSecret reports whether values under a name are secret. Some names hide only
// some values: a text under "tokens" is secret, a number is not.
func (r *Redactor) IsSecret(key string) bool { return r.encoding.IsSecret(key) }

// ShowsHeader reports whether the values of an HTTP header may be shown.
func (r *Redactor) ShowsHeader(key string) bool { return r.judge.ShowsHeader(key) }

// NewEncoder returns an encoder that has written nothing.
func (r *Redactor) NewEncoder() *Encoder { return &Encoder{r.encoding.NewEncoder()} }
