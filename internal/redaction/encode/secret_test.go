package encode_test

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
)

type (
	// The names of these types say that their values are secret.
	token        int64
	pin          [4]byte
	secrets      []string
	apiKeys      map[string]string
	rate         float64
	cardToken    [16]byte
	secretOf     [2]string
	boxed[T any] struct {
		SecretKey T
	}

	// The names of these types do not.
	tokenCount int64
	sessionID  struct{ ID string }
	tokenKind  string

	// masked has a form for logs of its own, also as a key.
	masked string

	// identity is a private key under another name.
	identity rsa.PrivateKey
	vault    struct {
		*rsa.PrivateKey
		KeyID string `json:"kid"`
	}
	holder struct {
		account
		Note string
	}
	Account  account
	embedder struct {
		Account
		Note string
	}
)

func (masked) LogValue() slog.Value            { return slog.StringValue("m***") }
func (cardToken) MarshalText() ([]byte, error) { return []byte("4111-clear"), nil }

func privateKeys(t *testing.T) map[string]any {
	rsaKey, err1 := rsa.GenerateKey(rand.Reader, 2048)
	ecdsaKey, err2 := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, edKey, err3 := ed25519.GenerateKey(rand.Reader)
	ecdhKey, err4 := ecdh.P256().GenerateKey(rand.Reader)
	small, err5 := mlkem.GenerateKey768()
	large, err6 := mlkem.GenerateKey1024()
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"rsa": rsaKey, "rsa value": *rsaKey, "rsa's precomputed values": rsaKey.Precomputed, "rsa renamed": (*identity)(rsaKey),
		"ecdsa": ecdsaKey, "ed25519": edKey, "pointer to ed25519": &edKey, "ecdh": ecdhKey,
		"mlkem 768": small, "mlkem 1024": large, "pointer to pointer": &rsaKey,
	}
}

func TestPrivateKeys(t *testing.T) {
	c := newEncoding()
	for name, key := range privateKeys(t) {
		for within, tt := range map[string]struct {
			value any
			want  string
		}{
			"itself":    {key, `"REDACTED"`},
			"list":      {[]any{key, 1}, `["REDACTED",1]`},
			"map":       {map[string]any{"kid": key}, `{"kid":"REDACTED"}`},
			"struct":    {struct{ Signer crypto.PrivateKey }{key}, `{"Signer":"REDACTED"}`},
			"pointer":   {&struct{ K any }{key}, `{"K":"REDACTED"}`},
			"group":     {slog.GroupValue(slog.Any("k", key)), `{"k":"REDACTED"}`},
			"deep":      {map[int][]map[string]any{1: {{"a": key}}}, `{"1":[{"a":"REDACTED"}]}`},
			"attribute": {slog.Any("k", key), `{"k":"REDACTED"}`},
		} {
			if got, want := object(c, slog.Any("v", tt.value)), `{"v":`+tt.want+`}`; got != want {
				t.Errorf("%s in %s: got %.200s, want %s", name, within, got, want)
			}
		}
	}
	rsaKey, _ := privateKeys(t)["rsa"].(*rsa.PrivateKey)
	if got, want := object(c, slog.Any("v", vault{rsaKey, "k1"})), `{"v":{"PrivateKey":"REDACTED","kid":"k1"}}`; got != want {
		t.Errorf("embedded: got %.200s, want %s", got, want)
	}
	got := object(c, slog.Any("v", []tls.Certificate{{PrivateKey: rsaKey}}))
	if !strings.Contains(got, `"PrivateKey":"REDACTED"`) {
		t.Errorf("tls.Certificate: got %.200s", got)
	}
	if got := object(c, slog.Any("v", rsaKey.Public())); !strings.HasPrefix(got, `{"v":{"N":`) {
		t.Errorf("public key: got %.200s, want its members", got)
	}
	if got := object(c, slog.Any("v", (*rsa.PrivateKey)(nil))); got != `{"v":null}` {
		t.Errorf("nil key: got %s", got)
	}
}

func TestSecretTypes(t *testing.T) {
	five := token(5)
	c := newEncoding(reflect.TypeFor[account](), reflect.TypeFor[Account](), reflect.TypeFor[rate](), reflect.TypeFor[time.Month]())
	for _, tt := range []struct {
		value any
		want  string
	}{
		{token(5), `"REDACTED"`},
		{&five, `"REDACTED"`},
		{[]token{5, 6}, `["REDACTED","REDACTED"]`},
		{[2]*token{&five}, `["REDACTED",null]`},
		{map[string]token{"a": 5}, `{"a":"REDACTED"}`},
		{map[string][]token{"a": {5}}, `{"a":["REDACTED"]}`},
		{struct{ Value any }{five}, `{"Value":"REDACTED"}`},
		{struct {
			N token `json:"n,string"`
		}{5}, `{"n":"REDACTED"}`},
		{pin{1, 2, 3, 4}, `"REDACTED"`},
		{secrets{"a"}, `"REDACTED"`},
		{secrets(nil), `null`},
		{apiKeys{"a": "b"}, `"REDACTED"`},
		{cardToken{1}, `"REDACTED"`},
		{secretOf{"a", "b"}, `"REDACTED"`},
		{boxed[string]{"a"}, `{"SecretKey":"REDACTED"}`},
		{password("a"), `"REDACTED"`},
		{[]password{"a"}, `["REDACTED"]`},

		{map[token]int{5: 1}, `{"REDACTED":1}`},
		{map[token]int{5: 1, 6: 2}, `{"REDACTED":1,"REDACTED-2":2}`},
		{map[password]int{"a": 1}, `{"REDACTED":1}`},
		{map[any]int{password("a"): 1, "b": 2}, `{"REDACTED":1,"b":2}`},
		{map[cardToken]int{{1}: 1}, `{"REDACTED":1}`},
		{map[masked]masked{"a": "b"}, `{"m***":"m***"}`},

		{rate(5), `"REDACTED"`},
		{map[string][]rate{"a": {5}}, `{"a":["REDACTED"]}`},
		{map[time.Month]int{5: 1}, `{"REDACTED":1}`},
		{embedder{Account{"bob", "1"}, "n"}, `{"Account":"REDACTED","Note":"n"}`},
		{holder{account{"bob", "1"}, "n"}, `{"Note":"n"}`},

		{tokenCount(5), `5`},
		{[]tokenCount{5}, `[5]`},
		{map[tokenCount]int{5: 1}, `{"5":1}`},
		{sessionID{"a"}, `{"ID":"a"}`},
		{tokenKind("ident"), `"ident"`},
	} {
		if got, want := object(c, slog.Any("v", tt.value)), `{"v":`+tt.want+`}`; got != want {
			t.Errorf("%#v: got %s, want %s", tt.value, got, want)
		}
		if got, want := c.Attr(slog.Any("v", tt.value), false).Value.String(), strings.Trim(tt.want, `"`); got != want && want != "5" && want != "null" {
			t.Errorf("copy of %#v: got %s, want %s", tt.value, got, want)
		}
	}
}

func TestListsUnderSecretNames(t *testing.T) {
	c := newEncoding()
	for _, name := range []string{"pin_codes", "pins", "otps", "cvvs", "passwords", "auth", "session", "password", "api_keys"} {
		for _, value := range []any{
			[]int{1234, 5678}, [2]uint16{1234, 5678}, []float64{1.5}, []string{"a"}, []any{1234, "a"}, []*int{new(int)}, []token{5}, [][]int{{1234}},
		} {
			if got, want := object(c, slog.Any(name, value)), `{"`+name+`":"REDACTED"}`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			within := map[string]any{name: value}
			if got, want := object(c, slog.Any("v", within)), `{"v":{"`+name+`":"REDACTED"}}`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
	for _, name := range []string{"pin_codes", "pins", "passwords", "pin"} {
		if got, want := object(c, slog.Any(name, map[string]int{"kim": 1234})), `{"`+name+`":"REDACTED"}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, a := range []slog.Attr{
		slog.Int("pins", 3), slog.Any("tokens", map[string]int{"input": 812}), slog.Any("session", map[string]int{"hits": 3}),
		slog.Any("passwords", []string(nil)),
	} {
		if got := object(c, a); strings.Contains(got, "REDACTED") {
			t.Errorf("got %s, want the value", got)
		}
	}
}
