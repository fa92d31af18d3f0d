package canary

import (
	"database/sql"
	"net/http"
	"net/url"
	"strings"
)

type parameter struct{ ParameterKey, ParameterValue string }

// namedValues returns values that hold a secret beside its name.
func namedValues() map[string]call {
	type tag struct{ Key, Value string }
	return map[string]call{
		"TG50": info("tags", []tag{{"Stage", "prod"}, {"DbPassword", "Pair-Reed-50"}}),
		"TG51": info("header", []string{"X-Api-Key", "Pair-Reed-51"}),
		"TG52": info("header", [][]string{{"accept", "x"}, {"access_token", "Pair-Reed-52"}}),
		"TG53": info("args", []any{sql.Named("password", "Pair-Reed-53")}),
		"TG54": info("v", []parameter{{"MasterUserPassword", "Pair-Reed-54"}}),
		"TG55": info("v", map[string]any{"name": "API_TOKEN", "value": []byte("Pair-Reed-55")}),
	}
}

// exchanges returns requests, responses and their headers.
func exchanges() map[string]call {
	request := must(http.NewRequest(http.MethodGet, "http://a.example/", nil))
	request.Header.Set("Authorization", "Bearer Head-Pine-610")
	request.AddCookie(&http.Cookie{Name: "sid", Value: "Head-Pine-611"})
	response := http.Response{Header: http.Header{"Set-Cookie": {"sid=Head-Pine-612; Path=/"}}}
	return map[string]call{
		"TG60": info("request", request),
		"TG61": info("response", &response),
		"TG62": info("cookies", []http.Cookie{{Name: "sid", Value: "Head-Pine-613"}}),
		"TG63": info("metadata", map[string][]string{"authorization": {"Head-Pine-614"}}),
	}
}

// queries returns URLs and forms.
func queries() map[string]call {
	form := must(http.NewRequest(http.MethodPost, "http://a.example/", strings.NewReader("otp=Query-Moss-78")))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := form.ParseForm(); err != nil {
		panic(err)
	}
	return map[string]call{
		"TG70": info("u", must(url.Parse("https://amir:Query-Moss-75@a.example/?api_key=Query-Moss-76"))),
		"TG71": info("form", url.Values{"client_secret": {"Query-Moss-77"}}),
		"TG72": info("form", form.PostForm),
		"TG73": info("request", must(http.NewRequest(http.MethodGet, "http://a.example/?remark="+
			url.QueryEscape("met Amir at the clinic"), nil))),
	}
}
