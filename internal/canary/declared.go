package canary

import (
	"encoding/json"
	"log/slog"
)

// tableShapes returns the calls of the form go in the table, by ID. It panics
// if two calls have the same ID.
func tableShapes() map[string]call {
	all := map[string]call{}
	for _, part := range []map[string]call{
		boundSecrets(), secretFields(), secretContainers(), declaredTexts(), declaredNumbers(),
		privateKeys(), keysWithin(), secretMethods(), namedValues(), exchanges(), queries(),
	} {
		for id, c := range part {
			if all[id] != nil {
				panic("two calls have the ID " + id)
			}
			all[id] = c
		}
	}
	return all
}

// boundSecrets returns calls of loggers with groups and bound attributes.
func boundSecrets() map[string]call {
	return map[string]call{
		"TG01": info(slog.Group("database", "host", "db", "password", "Group-Bolt-11")),
		"TG02": info(slog.Group("credentials", "kind", "x", "value", "Group-Bolt-12")),
		"TG03": func(l *slog.Logger) {
			l.WithGroup("oauth").With("client_secret", "Group-Bolt-13").Info("m", "n", 1)
		},
		"TG04": func(l *slog.Logger) { l.WithGroup("secrets").Info("m", "first", "Group-Bolt-14") },
		"TG05": info("auth_tokens", []slog.Attr{slog.String("first", "Group-Bolt-15")}),
	}
}

type dbConfig struct {
	Host       string
	DBPassword string
}

type oauthClient struct {
	ID           string
	ClientSecret string
}

type oauthReply struct {
	Scope string
	R     string `json:"refreshToken"`
}

type patient struct {
	ID      int
	Finding string `json:"finding" log:"redact"`
}

// secretFields returns structs with a secret field.
func secretFields() map[string]call {
	key := "Struct-Fern-27"
	pointer := &key
	return map[string]call{
		"TG10": info("client", oauthClient{"web", "Struct-Fern-20"}),
		"TG11": info("reply", &oauthReply{"openid", "Struct-Fern-21"}),
		"TG12": info("ward", map[string][]patient{"a": {{7, "Struct-Fern-22"}}}),
		"TG13": info("config", struct {
			*dbConfig
			Port int
		}{&dbConfig{"db", "Struct-Fern-23"}, 5432}),
		"TG17": info("config", struct{ APIKey **string }{&pointer}),
		"TG18": info("config", struct{ Password any }{"Struct-Fern-28"}),
	}
}

// secretContainers returns structs with lists, arrays and maps under a secret
// name.
func secretContainers() map[string]call {
	return map[string]call{
		"TG14": info("user", struct{ RecoveryCodes []string }{[]string{"rc-51-Aspen", "rc-52-Birch"}}),
		"TG15": info("user", struct{ PinCodes []int }{[]int{4831773, 9052665}}),
		"TG16": info("login", struct{ Credentials map[string]string }{map[string]string{"a": "Struct-Fern-26"}}),
		"TG19": info("v", struct{ Secret [1]struct{ A string } }{[1]struct{ A string }{{"Struct-Fern-29"}}}),
	}
}

type (
	// A Secret is a text whose type has a secret name.
	Secret string
	// A Token is a number whose type has a secret name.
	Token int64
	// An APIKey is a text whose type has a secret name.
	APIKey string
	// A SessionSecret is a list of bytes whose type has a secret name.
	SessionSecret []byte
)

// declaredTexts returns texts that their type declares secret.
func declaredTexts() map[string]call {
	key := APIKey("Typed-Iris-38")
	return map[string]call{
		"TG20": info("note", Secret("Typed-Iris-30")),
		"TG21": info("seen", map[Secret]int{"Typed-Iris-31": 2}),
		"TG22": info("v", struct{ All []Secret }{[]Secret{"Typed-Iris-32"}}),
		"TG26": info("by_tenant", map[string]APIKey{"acme": "Typed-Iris-36"}),
		"TG27": info("uses", map[APIKey]int{"Typed-Iris-37": 3}),
		"TG28": info("v", []any{any(&key)}),
		"TG29": info("v", SessionSecret("Typed-Iris-39-session")),
	}
}

// declaredNumbers returns numbers that their type declares secret.
func declaredNumbers() map[string]call {
	return map[string]call{
		"TG23": info("v", struct{ V Token }{5550341871}),
		"TG24": info("v", []Token{5550341872, 5550341873}),
		"TG25": info("v", map[string]Token{"a": 5550341874}),
	}
}

type mapValuer struct{ key string }

func (m mapValuer) LogValue() slog.Value { return slog.AnyValue(map[string]string{"api_key": m.key}) }

type jsonList struct{ key string }

func (l jsonList) MarshalJSON() ([]byte, error) {
	return json.Marshal([]map[string]string{{"clientSecret": l.key}})
}

type textValue struct{ key string }

func (t textValue) MarshalText() ([]byte, error) { return []byte(t.key), nil }

// secretMethods returns values whose methods show a secret under its name.
func secretMethods() map[string]call {
	return map[string]call{
		"TG40": v(mapValuer{"Method-Oak-40"}),
		"TG41": v(jsonList{"Method-Oak-41"}),
		"TG42": v(struct{ Body json.RawMessage }{json.RawMessage(`{"token":"Method-Oak-42"}`)}),
		"TG43": v(map[string][]byte{"body": []byte(`{"password":"Method-Oak-43"}`)}),
		"TG44": info(slog.Group("g", "all", []any{mapValuer{"Method-Oak-44"}})),
		"TG45": info("refresh_token", textValue{"Method-Oak-45"}),
	}
}
