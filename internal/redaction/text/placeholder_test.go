package text_test

import (
	"testing"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

// TestPlaceholdersStay has values that reveal nothing of the secret which
// their name promises.
func TestPlaceholdersStay(t *testing.T) {
	f := newFinder()
	for _, s := range []string{
		// marks of parameters
		"UPDATE users SET password = $1 WHERE id = $2", "WHERE password = :pw AND id = :id", "password = ?", "password=@p1", "WHERE password = $1::text",
		"WHERE token = @token", "password=%s", "api_key=%v", "password=%(password)s", "INSERT INTO users (name, password) VALUES (:name, :password)",
		"INSERT INTO u (id, secret) VALUES ($1, crypt($2, gen_salt(8)))", "password = crypt($1, gen_salt(8))", "secret = :db_secret2",
		// references
		"DB_PASSWORD=${DB_PASSWORD}", "password: ${env:DB_PASSWORD}", "password=${DB_PASSWORD:-}", "token: {{ .Values.token }}",
		`token: "{{ .Values.token }}"`, "password: ${{ secrets.DB_PASSWORD }}", `pass: {{ lookup('env', 'DB_PASSWORD') }}`,
		"password: vault:kv/app#password", "api_key=op://prod/mail/api_key", "secretKeyRef: {name: db}", "secretKeyRef:\n  name: db\n  key: url",
		"password=$DB_PASSWORD", "password=%DB_PASSWORD%", "password=#{db_password}", "token: process.env.API_TOKEN",
		`password: os.Getenv("DB_PASSWORD")`, "password: arn:aws:secretsmanager:eu-west-1:1:secret:db", "password=/run/secrets/db",
		"postgres://app:${DB_PASSWORD}@db/app", "mysql -u root -p$MYSQL_PASSWORD shop", "login --password ${PW} now",
		"--password <password>", "api_key: <your-api-key>", "Authorization: Bearer {{token}}", `curl -H "Authorization: Bearer $TOKEN"`,
		"<password>${db.password}</password>", "/x?token=${TOKEN}&page=1", "password is '{password}'", "password={0}",
		// masks
		"password=****", "password=[FILTERED]", "password=<sensitive>", "+ password = (sensitive value)", "password: REDACTED",
		"token: xxxxxxxx", "api_key=sk_live_****4242", "password=••••••••", "secret: [secret hidden]", "postgres://app:xxxxx@db/app",
		"cvv: match", "secret: aws-sm://prod/db", "password: !vault kv/app", "api_key=YOUR_API_KEY", "token: <insert-token-here>", "password=:pw",
		"Authorization: Bearer ****", "password: (known after apply)", "token=<masked>",
		// states and sizes
		"otp=sent", "api_key=missing", "signature=valid", "token: not_set", `{"otp": "expired"`, "secret=unset", "csrf_token=mismatch",
		"tls.key: 1704 bytes", "password: 12 characters", "private_key: 2.4 kB", "secret: 32 bytes",
		"password=", `password=""`, "password=null", "password=false", "token=<nil>", `"max_tokens":"4096"`, "total_tokens='17'",
	} {
		if got := f.Redact(s); got != s {
			t.Errorf("Redact(%q) = %q, want it unchanged", s, got)
		}
	}
}

// TestSecretsLikePlaceholders has secrets that resemble a placeholder, and
// placeholders with a secret inside.
func TestSecretsLikePlaceholders(t *testing.T) {
	f := newFinder()
	for s, want := range map[string]string{
		"password=$ecret":                         "password=REDACTED",
		"password=$Passw0rd1":                     "password=REDACTED",
		"password=@dmin123":                       "password=REDACTED",
		"password=xyz(abc)":                       "password=REDACTED",
		"password=${DB_PASSWORD:-hunter2}":        "password=REDACTED",
		"password=${PREFIX}hunter2":               "password=REDACTED",
		`pw: {{ .pw | default "hunter2" }}`:       "pw: REDACTED",
		"password = :hunter2x":                    "password = REDACTED",
		"password: {{User:bob Password:hunter2}}": "password: REDACTED",
		"password=yourhunter2key":                 "password=REDACTED",
		"password=missing1":                       "password=REDACTED",
		"password=hunter***2hunter":               "password=REDACTED",
		"pin=4831 bytes=7":                        "pin=REDACTED bytes=7",
		"password: 1704":                          "password: REDACTED",
		"password=env":                            "password=REDACTED",
		"postgres://app:hunter2@db/app":           "postgres://app:REDACTED@db/app",
		"password = crypt('x', gen_salt($1))":     "password = crypt('REDACTED', gen_salt($1))",
		"SET password = SHA2('x', 256), a = 1":    "SET password = SHA2('REDACTED', 256), a = 1",
		"password = PASSWORD('x''y')":             "password = PASSWORD('REDACTED')",
		"secret=digest(\"x\")":                    "secret=digest(\"REDACTED\")",
		"INSERT INTO u (id, password) VALUES (1, crypt('x', gen_salt(8))), (2, md5('y'))": "INSERT INTO u (id, password) VALUES (1, crypt('REDACTED', gen_salt(8))), (2, md5('REDACTED'))",
		`"tokens":"4096"`: `"tokens":"REDACTED"`,
	} {
		if got := f.Redact(s); got != want {
			t.Errorf("Redact(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestIsPlaceholder(t *testing.T) {
	for v, want := range map[string]bool{
		"": true, "****": true, "[FILTERED]": true, "${DB_PASSWORD}": true, "vault:kv/app#password": true, "missing": true,
		"hunter2": false, "{zqxjkvwpl}": false, "value": false, "x": false, "default": false, "changeme": false, "%d41d8": false,
	} {
		if got := text.IsPlaceholder(v); got != want {
			t.Errorf("IsPlaceholder(%q) = %t, want %t", v, got, want)
		}
	}
}
