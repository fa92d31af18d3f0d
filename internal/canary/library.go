package canary

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
)

// header returns a call that logs the header of a request.
func header(name, value string) call {
	return info("headers", http.Header{"Accept": {"x"}, name: {value}})
}

// headers returns headers of requests.
func headers() map[string]call {
	return map[string]call{
		"H01":  header("Authorization", "Bearer "+pw),
		"H02":  header("Cookie", "sid="+pw+"; theme=dark"),
		"H03":  header("Set-Cookie", "sid="+pw+"; HttpOnly"),
		"H04":  header("Proxy-Authorization", "Basic "+pw),
		"H05":  header("X-Api-Key", pw),
		"H07":  header("X-Amz-Security-Token", pw),
		"SV28": v(struct{ H http.Header }{http.Header{"X-Auth-Token": {pw}}}),
		"SV29": v(map[string]any{"headers": http.Header{"Cookie": {"a=" + pw}}}),
		"WV06": v(http.Header{"X-Forwarded-Authorization": {"Bearer " + pw}}),
		"WV07": v(map[string]any{
			"request": map[string]any{"headers": map[string]string{"authorization": "Bearer " + pw}},
		}),
		"WV08": v(map[string]any{"set-cookie": []string{"a=" + pw}}),
		"WV11": v(map[string]any{"Authorization": []any{"Bearer " + pw}}),
	}
}

// messages returns requests, responses and cookies.
func messages() map[string]call {
	r := must(http.NewRequest("GET", "http://a.example/?token="+pw, nil))
	r.Header.Set("Authorization", "Bearer "+pw)
	setCookie := http.Header{"Set-Cookie": {"s=" + pw}}
	return map[string]call{
		"H08":  info("req", r),
		"H09":  info("c", &http.Cookie{Name: "session", Value: pw}),
		"SV30": v(&http.Response{Status: "200 OK", StatusCode: 200, Header: setCookie}),
		"SV31": v([]*http.Cookie{{Name: "theme", Value: pw}}),
	}
}

// urls returns URLs and forms.
func urls() map[string]call {
	return map[string]call{
		"N11":  info("form", url.Values{"password": {pw}}),
		"U03":  info("url", must(url.Parse("https://a.example/p?access_token="+pw))),
		"SV25": v(must(url.Parse("ftp://bob:" + pw + "@h/x"))),
		"SV26": v(*must(url.Parse("https://h/x?api_key=" + pw))),
		"SV27": v(struct{ Endpoint *url.URL }{must(url.Parse("https://h/x?client_secret=" + pw))}),
		"WV05": v(url.Values{"code": {pw}}),
	}
}

// databases returns values of database/sql.
func databases() map[string]call {
	return map[string]call{
		"SV13": v(map[string]any{"password": sql.NullString{String: pw, Valid: true}}),
		"SV14": v(struct{ Password sql.Null[string] }{sql.Null[string]{V: pw, Valid: true}}),
		"WV01": v(driver.NamedValue{Name: "password", Value: pw}),
	}
}

// systems returns values of the packages exec, os and mail.
func systems() map[string]call {
	const address = "bob.secret@example.com"
	return map[string]call{
		"SV23": v(exec.Command("mysql", "-u", "root", "--password="+pw).Args),
		"SV24": v(exec.Command("curl", "--password", pw).Args),
		"SV60": v(&os.PathError{Op: "open", Path: "/x?token=" + pw, Err: os.ErrNotExist}),
		"SV61": v(&mail.Address{Name: "B", Address: address}),
		"SV62": v(struct{ To mail.Address }{mail.Address{Name: "B", Address: address}}),
	}
}

// rawBytes returns bytes that contain a document.
func rawBytes() map[string]call {
	return map[string]call{
		"S02":  info("body", []byte(`{"user":"bob","password":"`+pw+`","n":1}`)),
		"I17":  v([]byte("Bearer " + pw)),
		"SV32": v(bytes.NewBufferString("password=" + pw)),
		"SV35": v(map[string]any{"raw": []byte(`{"token":"` + pw + `"}`)}),
		"SV36": v(map[string]any{"raw": []byte("a=1&password=" + pw)}),
	}
}

// rawJSON returns JSON within values.
func rawJSON() map[string]call {
	message := json.RawMessage(`{"pwd":"` + pw + `"}`)
	return map[string]call{
		"N29":  info("m", map[string]json.RawMessage{"x": json.RawMessage(`{"password":"` + pw + `"}`)}),
		"SV33": v(struct{ R json.RawMessage }{json.RawMessage(`{"a":[{"secretKey":"` + pw + `"}]}`)}),
		"SV34": v(&message),
		"SV37": v(struct{ Body string }{`{"a":{"password":"` + pw + `"}}`}),
		"SV38": v(map[string]any{"p": quoted(quoted(`{"password":"` + pw + `"}`))}),
		"WV10": v([]json.RawMessage{json.RawMessage(`{"x":{"pin":"` + pw + `"}}`)}),
	}
}
