package logissue_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// errorOf returns the error of a call.
func errorOf[T any](_ T, err error) error { return err }

// TestErrors groups errors of the standard library and formatted texts.
func TestErrors(t *testing.T) {
	type order struct {
		Total int `json:"total"`
		Count int `json:"count"`
	}
	op := func(ip string, port int, err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.ParseIP(ip), Port: port}, Err: &os.SyscallError{Syscall: "connect", Err: err}}
	}
	jsonErr := func(s string) error { return json.Unmarshal([]byte(s), new(order)) }
	csvErr := func(s string) error { return errorOf(csv.NewReader(strings.NewReader(s)).ReadAll()) }
	xmlErr := func(s string) error { return xml.Unmarshal([]byte(s), new(order)) }
	urlErr := func(s string) error { return errorOf(url.Parse(s)) }
	regexpErr := func(s string) error { return errorOf(regexp.Compile(s)) }
	text := func(f string, a ...any) error { return fmt.Errorf(f, a...) }
	for _, tt := range []struct {
		want int
		a, b error
	}{
		{1, op("10.0.0.1", 80, syscall.ECONNREFUSED), op("2001:db8::1", 81, syscall.ECONNREFUSED)},
		{2, op("10.0.0.1", 80, syscall.ECONNREFUSED), op("10.0.0.1", 80, syscall.EHOSTUNREACH)},
		{1, errorOf(time.Parse("2006-01-02", "x1")), errorOf(time.Parse("2006-01-02", "abc"))},
		{2, errorOf(time.Parse("2006-01-02", "x1")), errorOf(time.Parse(time.RFC3339, "2026-01-01"))},
		{1, urlErr("http://[::1"), urlErr("http://[fe80::2")},
		{1, urlErr("http://a b.com/"), urlErr("http://c d.org/")},
		{1, jsonErr(`{"total":"x"}`), jsonErr(`  {"total":"yy"}`)},
		{2, jsonErr(`{"total":"x"}`), jsonErr(`{"count":"x"}`)},
		{2, jsonErr(`{"total":"x"}`), jsonErr(`{"total":1.5}`)},
		{1, jsonErr(`{x`), jsonErr(`{y`)},
		{2, jsonErr(`{`), jsonErr(`{y`)},
		{1, csvErr("a,b\nc\n"), csvErr("a,b\nc,d\ne\n")},
		{1, csvErr("a\"b\n"), csvErr("ab\nc\"\n")},
		{1, xmlErr("<a>"), xmlErr("<a>\n\n<b>")},
		{2, xmlErr("<a></b>"), xmlErr("<a")},
		{1, errorOf(os.Open("/nonexistent/a")), errorOf(os.Open("nope"))},
		{1, errorOf(os.Open("nope-1.txt")), errorOf(os.Open("other file.txt"))},
		{1, os.Remove("/nonexistent/x y"), os.Remove("/nonexistent/z")},
		{1, errorOf(netip.ParseAddr("1.2.3")), errorOf(netip.ParseAddr("5.6"))},
		{1, errorOf(net.ResolveTCPAddr("tcp", "1.2.3.4:x")), errorOf(net.ResolveTCPAddr("tcp", "1.2.3.5:yy"))},
		{2, regexpErr("("), regexpErr("[")},
		{1, regexpErr("(a"), regexpErr("(bc")},
		{1, text("user %v has roles %v", 7, []int{1, 2}), text("user %v has roles %v", 8, []int{3})},
		{1, text("%+v", struct{ ID, N int }{1, 2}), text("%+v", struct{ ID, N int }{3, 4})},
		{1, text("bad point %v", struct{ X, Y float64 }{1.5, 2}), text("bad point %v", struct{ X, Y float64 }{3, -4})},
		{1, text("ids %v", []string{"a-1", "b-2"}), text("ids %v", []string{"c-3"})},
		{1, text("ids %q", []string{"a", "b"}), text("ids %q", []string{"c"})},
		{1, text("bytes %x", []byte("hello")), text("bytes %x", []byte("world!"))},
		{1, text("ptr %p", new(int)), text("ptr %p", new(int))},
		{1, text("at %v", time.Now()), text("at %v", time.Now().UTC().Add(time.Hour*700))},
		{1, text("took %v", time.Second), text("took %v", 90*time.Minute)},
		{1, text("since %s", time.Now().Format(time.RFC1123Z)), text("since %s", time.Now().AddDate(0, 3, 2).Format(time.RFC1123Z))},
		{1, text("since %s", time.Now().Format(time.ANSIC)), text("since %s", time.Now().AddDate(0, 3, 2).Format(time.ANSIC))},
		{1, text("since %s", time.Now().Format(time.RFC850)), text("since %s", time.Now().AddDate(0, 3, 2).Format(time.RFC850))},
		{1, text("since %s", time.Now().Format(time.Kitchen)), text("since %s", time.Now().Add(13*time.Hour).Format(time.Kitchen))},
		{1, errors.Join(text("a %w", op("10.0.0.1", 80, syscall.ECONNREFUSED)), os.ErrNotExist), errors.Join(os.ErrNotExist, text("a %w", op("::1", 81, syscall.ECONNREFUSED)))},
		{2, text("payment declined: status %d", 402), text("payment declined: status %d", 409)},
		{2, text("HTTP %d", 502), text("HTTP %d", 503)},
		{2, text("unexpected HTTP status: %d", 502), text("unexpected HTTP status: %d", 503)},
		{2, text("bad response: %d %s", 502, "x"), text("bad response: %d %s", 503, "x")},
		{2, text("server error %d", 502), text("server error %d", 503)},
		{2, text("http error: %d", 502), text("http error: %d", 503)},
		{2, text("got HTTP response %d from upstream", 502), text("got HTTP response %d from upstream", 503)},
		{2, text("GET /users/17 -> 404"), text("GET /users/18 -> 500")},
		{2, text("GET /users/17 = 404"), text("GET /users/18 = 500")},
		{2, text("api: 404 not found"), text("api: 500 not found")},
		{2, text("POST https://x.example/y: 404"), text("POST https://x.example/y: 500")},
		{2, text("upstream status code is %d", 404), text("upstream status code is %d", 500)},
		{2, text("expected status 200, got 404"), text("expected status 200, got 500")},
		{2, text("expected 200 but got 404"), text("expected 200 but got 500")},
		{2, text("status: 404 Not Found"), text("status: 405 Method Not Allowed")},
		{2, text("[404] missing"), text("[500] missing")},
		{2, text("mysql: 1062: dup"), text("mysql: 1213: dup")},
		{2, text("duplicate key: users_email_key"), text("duplicate key: users_name_key")},
		{2, text("duplicate key value violates unique constraint \u201cusers_email_key\u201d"), text("duplicate key value violates unique constraint \u201cusers_name_key\u201d")},
		{2, text("violates constraint users_email_key1"), text("violates constraint users_email_key2")},
		{2, text("index idx_1 is corrupt"), text("index idx_2 is corrupt")},
		{1, text("host %s is down", "web01"), text("host %s is down", "db-primary")},
		{1, text("no such host: %s", "api.example.com"), text("no such host: %s", "cache")},
		{1, text("connect to redis-master: refused"), text("connect to redis-replica: refused")},
		{1, text("connect to redis-master:6379: refused"), text("connect to 10.0.0.1:6379: refused")},
		{1, text("pod payments-abcde-fghij is gone"), text("pod payments-7d4f9-xk2vz is gone")},
		{1, text("pod/web-0: crash"), text("pod/api-7d4f9-xk2vz: crash")},
		{1, text("server web-a.eu.example.com:443 timed out"), text("server [2001:db8::1]:443 timed out")},
		{1, text("node gke-prod-pool-a is not ready"), text("node ip-10-0-0-1.ec2.internal is not ready")},
	} {
		if got := issues(t, tt.a, tt.b); len(got) != tt.want {
			t.Errorf("%q and %q: got %d groups, want %d: %v", tt.a, tt.b, len(got), tt.want, got)
		}
	}
}
