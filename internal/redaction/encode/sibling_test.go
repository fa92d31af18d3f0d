package encode_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/redaction/encode"
)

func TestSiblings(t *testing.T) {
	c := newEncoding()
	for in, want := range map[string]string{
		`{"kty":"EC","crv":"P-256","x":"aa","y":"bb","d":"cc"}`: `{"kty":"EC","crv":"P-256","x":"aa","y":"bb","d":"REDACTED"}`,
		`{"d":"cc","crv":"Ed25519","kty":"OKP","x":"aa"}`:       `{"d":"REDACTED","crv":"Ed25519","kty":"OKP","x":"aa"}`,
		`{"kty":"oct","k":"cc","kid":"1"}`:                      `{"kty":"oct","k":"REDACTED","kid":"1"}`,
		`{"kty":"RSA","n":"a","e":"b","d":"c","p":"d","q":"e","dp":"f","dq":"g","qi":"h","oth":[{"r":"i"}]}`: `{"kty":"RSA","n":"a","e":"b","d":"REDACTED",` +
			`"p":"REDACTED","q":"REDACTED","dp":"REDACTED","dq":"REDACTED","qi":"REDACTED","oth":"REDACTED"}`,
		`{"keys":[{"kty":"EC","d":"cc"}]}`: `{"keys":[{"kty":"EC","d":"REDACTED"}]}`,

		`{"apiVersion":"v1","data":{"a":"YWJj"},"kind":"Secret"}`:                   `{"apiVersion":"v1","data":"REDACTED","kind":"Secret"}`,
		`{"kind":"Secret","stringData":{"a":"b"},"type":"Opaque"}`:                  `{"kind":"Secret","stringData":"REDACTED","type":"Opaque"}`,
		`{"kind":"List","items":[{"kind":"Secret","data":{"a":"YWJj"}}]}`:           `{"kind":"List","items":[{"kind":"Secret","data":"REDACTED"}]}`,
		`{"kind":"SecretList","items":[{"data":{"a":"YWJj"}}]}`:                     `{"kind":"SecretList","items":"REDACTED"}`,
		`{"kind":"ConfigMap","data":{"a":"b"}}`:                                     ``,
		`{"kind":"Secret","metadata":{"name":"a"}}`:                                 ``,
		`{"sensitive":true,"type":"string","value":"abc"}`:                          `{"sensitive":true,"type":"string","value":"REDACTED"}`,
		`{"value":[1,2],"sensitive":true}`:                                          `{"value":"REDACTED","sensitive":true}`,
		`{"key":"A","value":"abc","masked":true,"protected":false}`:                 `{"key":"A","value":"REDACTED","masked":true,"protected":false}`,
		`{"A":{"isSecret":true,"value":"abc"}}`:                                     `{"A":{"isSecret":true,"value":"REDACTED"}}`,
		`{"name":"A","default":"abc","secret":true}`:                                `{"name":"A","default":"REDACTED","secret":true}`,
		`{"sensitive":false,"value":"abc"}`:                                         ``,
		`{"value":null,"isSecret":true}`:                                            ``,
		`{"Name":"/a","Type":"SecureString","Value":"abc"}`:                         `{"Name":"/a","Type":"SecureString","Value":"REDACTED"}`,
		`{"name":"code","type":"password","value":"abc"}`:                           `{"name":"code","type":"password","value":"REDACTED"}`,
		`{"name":"DB_PASSWORD","value":"abc"}`:                                      `{"name":"DB_PASSWORD","value":"REDACTED"}`,
		`{"value":"abc","name":"DB_PASSWORD"}`:                                      `{"value":"REDACTED","name":"DB_PASSWORD"}`,
		`{"ParameterKey":"MasterUserPassword","ParameterValue":"abc"}`:              `{"ParameterKey":"MasterUserPassword","ParameterValue":"REDACTED"}`,
		`{"k":"token","v":12}`:                                                      `{"k":"token","v":"REDACTED"}`,
		`{"name":"DB_PASSWORD","value":"${DB_PASSWORD}"}`:                           ``,
		`{"name":"DB_PASSWORD","value":null}`:                                       ``,
		`{"type":"email","data":{"a":1}}`:                                           ``,
		`{"n":1,"d":2,"p":3}`:                                                       ``,
		`{"g":1,"x":2,"y":3}`:                                                       ``,
		`{"k":"a","v":"b"}`:                                                         ``,
		`{"name":"a","value":"b","kind":"Secret2"}`:                                 ``,
		`{"data":` + strings.Repeat(`{"data":`, 20) + `1` + strings.Repeat(`}`, 21): ``,
	} {
		if want == "" {
			want = in
		}
		if got := object(c, slog.Any("v", json.RawMessage(in))); got != `{"v":`+want+`}` {
			t.Errorf("JSON: got %s, want %s", got, want)
		}
		var value map[string]any
		if err := json.Unmarshal([]byte(in), &value); err != nil {
			t.Fatal(err)
		}
		attrs := make([]slog.Attr, 0, len(value))
		for k, v := range value {
			attrs = append(attrs, slog.Any(k, v))
		}
		wantValue := compact(t, want)
		copied := c.Attr(slog.Any("v", slog.GroupValue(attrs...)), false)
		for form, got := range map[string]string{
			"map":     object(c, slog.Any("v", value)),
			"group":   object(c, slog.Any("v", slog.GroupValue(attrs...))),
			"copy":    object(c, copied),
			"members": `{"v":` + closed(c, attrs) + `}`,
			"opened":  opened(c, attrs),
		} {
			var members struct{ V json.RawMessage }
			if err := json.Unmarshal([]byte(got), &members); err != nil {
				t.Fatalf("%s: %v in %s", form, err, got)
			}
			if got := compact(t, string(members.V)); got != wantValue {
				t.Errorf("%s: got %s, want %s", form, got, wantValue)
			}
		}
	}
}

// closed writes attributes as the members of a whole object.
func closed(c *encode.Encoding, attrs []slog.Attr) string {
	e := c.NewEncoder()
	e.Attrs(nil, attrs)
	return "{" + string(e.Bytes()) + "}"
}

// opened writes attributes into an open group.
func opened(c *encode.Encoding, attrs []slog.Attr) string {
	e := c.NewEncoder()
	e.Attr(slog.String("name", "password"), 0)
	e.Open("v")
	for _, a := range attrs {
		e.Attr(a, 0)
	}
	e.Close()
	e.Attr(slog.String("value", "abc"), 0)
	e.Close()
	if !strings.HasSuffix(string(e.Bytes()), `"value":"REDACTED"`) {
		return "the members around the group are not related: " + string(e.Bytes())
	}
	return "{" + string(e.Bytes()) + "}"
}

// compact returns JSON with its members in order.
func compact(t *testing.T, s string) string {
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPrivateKeysInJSON(t *testing.T) {
	rsaKey, err1 := rsa.GenerateKey(rand.Reader, 2048)
	ecdsaKey, err2 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	c := newEncoding()
	for _, key := range []any{rsaKey, ecdsaKey} {
		b, err := json.Marshal(map[string]any{"signer": key})
		if err != nil {
			t.Fatal(err)
		}
		got := object(c, slog.String("body", string(b)))
		for _, secret := range []string{ecdsaKey.D.String(), rsaKey.D.String(), rsaKey.Primes[1].String(), rsaKey.Precomputed.Dp.String()} {
			if strings.Contains(got, secret) {
				t.Errorf("%T: got %s", key, got)
			}
		}
	}
}
