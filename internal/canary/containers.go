package canary

import (
	"database/sql"
	"encoding/xml"
	"sync/atomic"
	"time"
)

// secretKeys returns values under secret names.
func secretKeys() map[string]call {
	text := pw
	return map[string]call{
		"K21":  info("passwords", []string{pw, pw}),
		"K23":  info("password", &text),
		"K24":  info("password", sql.NullString{String: pw, Valid: true}),
		"K25":  info("password", []byte(pw)),
		"K26":  info("password", pw, "password", pw+"b"),
		"N26":  info(jwt, 1),
		"SG05": info([]any{"password=" + pw}...),
		"SG06": info("token="+pw, 1),
	}
}

type account struct {
	User     string
	Password string
}

type jsonNamed struct {
	User string
	P    string `json:"password"`
}

type goNamed struct {
	User     string
	Password string `json:"p"`
}

type tagged struct {
	ID   string
	Note string `json:"note" log:"redact"`
}

type embedded struct {
	account
	Role string
}

type holder struct{ Any any }

type unexported struct {
	name  string
	inner *account
}

type box[T any] struct{ V T }

type deepest struct{ P *[]map[string]any }

type mapKey string

type node struct {
	Name     string
	Password string
	Next     *node
}

// structs returns structs.
func structs() map[string]call {
	cycle := &node{Name: "a", Password: pw}
	cycle.Next = cycle
	token := new(atomic.Pointer[string])
	token.Store(&cycle.Password)
	return map[string]call{
		"N03":  info("req", account{"bob", pw}),
		"N04":  info("req", jsonNamed{"bob", pw}),
		"N05":  info("req", goNamed{"bob", pw}),
		"N06":  info("req", tagged{"1", "private-note-77"}),
		"N07":  info("req", &account{"bob", pw}),
		"N14":  info("h", holder{&account{"b", pw}}),
		"N15":  info("e", embedded{account{"b", pw}, "r"}),
		"I18":  v(&unexported{"x", &account{"b", pw}}),
		"X01":  info("n", cycle),
		"SV01": v(deepest{&[]map[string]any{{"api_key": pw}}}),
		"SV15": v(struct{ Token *atomic.Pointer[string] }{token}),
		"SV71": v(box[account]{account{"b", pw}}),
		"WV17": v(struct{ Secret struct{ A, B string } }{struct{ A, B string }{"x", pw}}),
	}
}

// taggedStructs returns structs whose tags and pointers decide about the name.
func taggedStructs() map[string]call {
	bob := &account{"bob", pw}
	boxed := any(bob)
	return map[string]call{
		"SV02": v(&bob),
		"SV03": v(&boxed),
		"SV09": v(struct {
			*account
			N int
		}{bob, 1}),
		"SV10": v(struct {
			Pin string `json:"pin,string"`
		}{pw}),
		"SV11": v(struct {
			X string `json:"access_token,omitempty"`
		}{pw}),
		"SV12": v(struct {
			DBPassword string `yaml:"x"`
		}{pw}),
		"SV63": v(struct {
			XMLName xml.Name
			Text    string
		}{xml.Name{Local: "a"}, "<apiKey>" + pw + "</apiKey>"}),
	}
}

// lists returns slices and arrays.
func lists() map[string]call {
	return map[string]call{
		"N08":  info("reqs", []account{{"a", "x"}, {"bob", pw}}),
		"N09":  info("reqs", []any{1, map[string]any{"password": pw}}),
		"N16":  info("a", [2]account{{}, {"b", pw}}),
		"SV07": v([]*map[string]string{{"secret": pw}}),
		"SV08": v([2]map[string]string{{"a": "b"}, {"passwd": pw}}),
		"SV18": v([]string{"PATH=/bin", "DB_PASSWORD=" + pw}),
		"SV74": v([][]any{{[]any{map[string]any{"otp": pw}}}}),
		"WV02": v([]any{"--token", pw}),
		"WV03": v(map[string][]string{"args": {"-storepass", pw}}),
		"WV04": v(struct{ Args []string }{[]string{"login", "--password=" + pw}}),
	}
}

type nameValue struct{ Name, Value string }

// pairs returns values that hold a name beside its value.
func pairs() map[string]call {
	return map[string]call{
		"N28":  info("env", []nameValue{{"DB_PASSWORD", pw}}),
		"SV19": v([]struct{ Name, Value string }{{"JWT_SECRET", pw}}),
		"SV20": v([]map[string]string{{"key": "stripe_secret_key", "val": pw}}),
		"SV21": v([]map[string]string{{"name": "X-Api-Key", "value": pw}}),
		"SV22": v([]map[string]string{{"aValue": "x", "value": pw, "key": "password"}}),
		"WV16": v(struct {
			Name  string `json:"name"`
			Value any    `json:"value"`
		}{"client_secret", pw}),
		"WV18": v([]map[string]any{{"Key": "Authorization", "Value": []string{pw}}}),
	}
}

// mapValues returns maps.
func mapValues() map[string]call {
	bob := &account{"bob", pw}
	return map[string]call{
		"N01":  info("body", map[string]any{"user": map[string]any{"password": pw}}),
		"N02":  info("form", map[string]string{"password": pw}),
		"N10":  info("h", map[string][]string{"X-Api-Key": {pw}}),
		"N12":  info("d", deep(40)),
		"N13":  info("m", map[int]account{7: {"b", pw}}),
		"N17":  info("m", map[mapKey]string{"password": pw}),
		"N24":  info("m", map[string]any{"token": map[string]any{"value": pw}}),
		"N27":  info("m", map[string]int{"hong@example.com": 1}),
		"X02":  info("n", cyclicMap()),
		"SV04": v(map[string]*account{"a": bob}),
		"SV05": v(map[string][]account{"a": {*bob}}),
		"SV06": v(map[mapKey]any{"ApiKey": pw}),
		"SV16": v(map[string][]string{"tokens": {pw, "b"}}),
		"SV17": v(map[string]any{"tokens": map[string]any{"a": pw}}),
		"SV64": v(map[string]any{"at": time.Unix(0, 0), "accessToken": pw}),
		"SV65": v(map[string]any{"c": make(chan int), "f": func() {}, "password": pw}),
		"SV66": v(map[string]any{"c": complex(1, 2), "password": pw}),
		"SV73": v(map[string]any{"credentials": map[string]any{"user": "b", "value": pw}}),
	}
}

// deep returns a password within n maps.
func deep(n int) any {
	value := any(map[string]any{"password": pw})
	for range n {
		value = map[string]any{"c": value}
	}
	return value
}

// cyclicMap returns a map that contains itself and a password.
func cyclicMap() map[string]any {
	m := map[string]any{"password": pw}
	m["self"] = m
	return m
}
