package text_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

// hostile are fragments that make a matcher read ahead in vain.
var hostile = []string{
	"eyJhb.", "eyJ.", "sk-", "xoxe.xoxb-1-", "SG.", "glpat-a.", "sntrys_eyJpYXQiO", "abc8Q~", "MTk4NjIyNDgzNDcxOTI1MjQ4.", "00D5g00000A1b2C!",
	"datadog=0123456789abcdef", "discord:", "$2b$12$", "{SSHA}", "pbkdf2_sha256$1$", "md5:", "sha256$", "{SHA}", "cpf is no number ", "DE89 ", "db:5432:", "sqlplus scott/", "personnummer 1-", "a:b:c:d:", "GB82WEST", "123-45-", "(415) 555-", "+1 ",
	"password=${", "password=crypt(", "password='", "token: {{", "password=<", "cpf: 123.", "ssn ", "scott/tiger", "a/b@", "Cookie: a=b;", "password ",
	"password=$a$", "kind: Secret\n", `"kty":1,{`, `}"kty":1,`, `["token","`, "password=[]a{", "password=(string)", "<key>password</key>", "(a)=(",
	"VALUES (", "password->", "<a ", "name=password ", "secret: |\n ", "%7B", "\\\"", "at@", "://a:", "private key 0", "1 2 3 ", "12-", "PESEL ",
}

// TestLinear compares one text with 16 texts of a sixteenth of its length,
// which cost as much together. With a quadratic matcher they cost a sixteenth.
// Other programs on the machine disturb many of the rounds, but not all.
func TestLinear(t *testing.T) {
	const fewest, most = 3, 60
	f := newFinder()
	for _, fragment := range hostile {
		long := strings.Repeat(fragment, text.MaxText/len(fragment))
		parts, whole := time.Hour, time.Hour
		for round := 0; round < fewest || round < most && whole > 6*parts; round++ {
			parts = min(parts, timeOf(f, long[:len(long)/16], 16))
			whole = min(whole, timeOf(f, long, 1))
		}
		if whole > 6*parts {
			t.Errorf("%q: %d bytes take %v at once, %v in 16 parts", fragment, len(long), whole, parts)
		}
	}
}

// timeOf returns the time that n calls take.
func timeOf(f *text.Finder, s string, n int) time.Duration {
	start := time.Now()
	for range n {
		f.Redact(s)
	}
	return time.Since(start)
}
