package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sligo-go/sligo"
)

// TestService makes the requests of the package's comment.
func TestService(t *testing.T) {
	kit, err := sligo.Start(objectives, &sligo.Options{LogTo: t.Output(), LookupEnv: func(string) (string, bool) { return "", false }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kit.Shutdown(context.Background()) })
	server := httptest.NewServer(routes(kit))
	defer server.Close()
	// A client repeats a request if a connection that it has used before ends.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for path, want := range map[string]string{"/users/Lora": "Hello, Lora\n", "/users/crash": ""} {
		if got := get(client, server.URL+path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	// The client sees the end of the connection before the panic is counted.
	for kit.Status().Objectives[0].Budget.Counts().Valid < 2 {
		continue
	}
	const want = "users/availability: too early to tell, "
	if got := get(client, server.URL+"/budget"); !strings.HasPrefix(got, want) || !strings.Contains(got, "% left: 1 ") {
		t.Errorf("/budget: %q, want %q and 1 bad event", got, want)
	}
}

func get(client *http.Client, url string) string {
	res, err := client.Get(url)
	if err != nil {
		return ""
	}
	defer func() { _ = res.Body.Close() }()
	body, _ := io.ReadAll(res.Body)
	return string(body)
}
