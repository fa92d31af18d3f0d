package encode_test

import (
	"encoding/json"
	"log/slog"
	"testing"
)

func TestListPairs(t *testing.T) {
	c := newEncoding()
	for in, want := range map[string]string{
		`["token","abc"]`:                                       `["token","REDACTED"]`,
		`["X-Api-Key","abcdef"]`:                                `["X-Api-Key","REDACTED"]`,
		`["DB_PASSWORD","hunter"]`:                              `["DB_PASSWORD","REDACTED"]`,
		`["password","hunter2-Zx91","user","bob"]`:              `["password","REDACTED","user","bob"]`,
		`["user","bob","password","hunter2 x"]`:                 `["user","bob","password","REDACTED"]`,
		`["Accept","*/*","Authorization","abcdef","X-A","b"]`:   `["Accept","*/*","Authorization","REDACTED","X-A","b"]`,
		`[["token","abc"],["page","2"]]`:                        `[["token","REDACTED"],["page","2"]]`,
		`[[":path","/"],["cookie","a=b"]]`:                      `[[":path","/"],["cookie","REDACTED"]]`,
		`["pin",4831]`:                                          `["pin","REDACTED"]`,
		`["password",["a","b"]]`:                                `["password","REDACTED"]`,
		`["credentials",{"a":"b"}]`:                             `["credentials","REDACTED"]`,
		`["apiKey","abc","n",1]`:                                `["apiKey","REDACTED","n",1]`,
		`["mysql","--password","abc","-h","db"]`:                `["mysql","--password","REDACTED","-h","db"]`,
		`["curl","--token","abc","--password","--verbose","x"]`: `["curl","--token","REDACTED","--password","--verbose","x"]`,

		`["password","email"]`:                ``,
		`["email","password"]`:                ``,
		`["password","first_name"]`:           ``,
		`["id","password","created_at"]`:      ``,
		`["password","name","role","id"]`:     ``,
		`["Authorization","Content-Type"]`:    ``,
		`["email","sms"]`:                     ``,
		`["password","refresh_token"]`:        ``,
		`["password","webauthn"]`:             ``,
		`["token",null]`:                      ``,
		`["token",true]`:                      ``,
		`["token",""]`:                        ``,
		`["token","${TOKEN}"]`:                ``,
		`["token"]`:                           ``,
		`["a","b"]`:                           ``,
		`["error: bad password","try again"]`: ``,
	} {
		if want == "" {
			want = in
		}
		var value any
		if err := json.Unmarshal([]byte(in), &value); err != nil {
			t.Fatal(err)
		}
		for form, a := range map[string]slog.Attr{
			"value": slog.Any("v", value), "JSON": slog.Any("v", json.RawMessage(in)), "map": slog.Any("v", map[string]any{"a": value}),
		} {
			want := `{"v":` + want + `}`
			if form == "map" {
				want = `{"v":{"a"` + want[len(`{"v"`):] + `}`
			}
			if got := object(c, a); got != want {
				t.Errorf("%s: got %s, want %s", form, got, want)
			}
		}
	}
	typed := []slog.Attr{
		slog.Any("v", []string{"token", "abc"}), slog.Any("v", [2]string{"token", "abc"}), slog.Any("v", []any{"token", "abc"}),
		slog.Any("v", &[]*string{ptr("token"), ptr("abc")}), slog.Any("v", []any{"token", 12}), slog.Any("v", []any{"token", []byte("abc")}),
	}
	for _, a := range typed {
		if got, want := object(c, a), `{"v":["token","REDACTED"]}`; got != want {
			t.Errorf("%#v: got %s, want %s", a.Value.Any(), got, want)
		}
	}
}

func ptr(s string) *string { return &s }
