package canary

import (
	"fmt"
	"strings"
)

// credentials adds credentials with a form of their own, and connection strings.
// They are put together here so that no scanner of repositories takes them for
// real ones.
func credentials(s *set) {
	hex := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	word := "Zk3vQ9xT7mW2pL8sB4nR6yH1cJ5dF0gAaEeUu"
	for i, c := range []string{
		"eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EifQ.c2lnbmF0dXJl", "gh" + "p_" + word, "gh" + "o_" + word,
		"github_" + "pat_11ABCDEFG0" + word, "gl" + "pat-" + word[:20], "xox" + "b-12345678901-" + word[:24], "xox" + "p-1-2-" + hex[:32],
		"xapp-" + "1-A0B1-2-" + hex[:30],
		"AK" + "IA2E0A8F3B244C9986", "AS" + "IA2E0A8F3B244C9986", "AI" + "zaSy" + word[:33], "ya29" + ".a0Af" + word, "GOC" + "SPX-" + word[:28],
		"sk_" + "live_" + word[:24], "sk_" + "test_" + word[:24], "rk_" + "live_" + word[:24], "wh" + "sec_" + word[:32], "sk-" + "proj-" + word,
		"sk-" + "ant-api03-" + word, "SG." + word[:22] + "." + word + "abc",
		"key-" + hex[:32], "SK" + hex[:32], "np" + "m_" + word[:36], "pypi-" + "AgEIcHlwaS5vcmc" + word, "dop_" + "v1_" + hex, "hvs." + word,
		"hf_" + word[:34], "dckr_" + "pat_" + word[:27], "shp" + "at_" + hex[:32], "AT" + "ATT3xFfGF0" + word, "glsa_" + word[:32] + "_1a2b3c4d",
		"sq0" + "atp-" + word[:22], "sq0" + "csp-" + word + "abcdefg", "EAAA" + word + word[:30], "lin_" + "api_" + word[:36] + "abcd",
		"PMAK-" + hex[:24] + "-" + hex[:34], "dd" + "p_" + word[:36], "figd_" + word, "sntryu_" + hex, "nfp_" + word, "tfp_" + word,
		"rnd_" + word[:28], "xai-" + word + word, "gsk_" + word, "r8_" + word, "ntn_" + word, "secret_" + word,
		"pk.eyJ1IjoiYSIsImEiOiJjIn0.abcdefghijklmnop", "vercel_" + word, "CFPAT-" + word, "ATCTT3x" + word, "ops_eyJzaWduSW5BZGRyZXNzIjoi" + word,
		"EZAK" + word + word, "duffel_" + "test_" + word, "ATBB" + word[:32],
		"https://hooks.slack.com/services/T00000000/B00000000/" + word[:24], "https://discord.com/api/webhooks/123456789012345678/" + word + word,
		"https://outlook.office.com/webhook/11111111-1111-1111-1111-111111111111@2/IncomingWebhook/" + hex[:32],
		"https://api.telegram.org/bot123456789:AAH" + word[:32] + "/sendMessage", "123456789:AAH" + word[:32],
	} {
		secret := c
		if k := strings.LastIndex(c, word[:20]); strings.HasPrefix(c, "http") || strings.HasPrefix(c, "1234") {
			secret = c[max(k, strings.LastIndexAny(c, "/")+1):]
			if k > 0 {
				secret = word[:20]
			}
		}
		s.must(fmt.Sprintf("SC%02d", i+1), "credential", c, secret, str1("note", "upstream answered to "+c+" with 401"))
	}
	for i, c := range []string{
		"postgres://u:%s@h/d?sslmode=disable", "postgresql://u:%s@h1:1,h2:2/d", "mysql://u:%s@h/d", "u:%s@tcp(h:3306)/d?parseTime=true",
		"u:%s@unix(/tmp/s.sock)/d", "u:%s@/d", "mongodb://u:%s@h1,h2/d?replicaSet=r", "mongodb+srv://u:%s@h/d", "redis://:%s@h:6379/0",
		"rediss://u:%s@h:6380", "amqp://u:%s@h:5672/", "nats://u:%s@h:4222", "nats://%s@h:4222", "kafka://u:%s@h",
		"sqlserver://u:%s@h:1433?database=d", "server=h;user id=u;password=%s;database=d", "Data Source=h;User Id=u;Password=%s;",
		"oracle://u:%s@h:1521/s", "u/%s@h:1521/orcl", "host=h port=5432 user=u password='%s' dbname=d", "clickhouse://u:%s@h:9000/d",
		"tcp://h:9000?username=u&password=%s", "cockroachdb://u:%s@h/d", "snowflake://u:%s@acct/d", "u:%s@acct.snowflakecomputing.com/d",
		"smtp://u:%s@mail.h:587", "ldap://cn=a:%s@h", "elasticsearch https://elastic:%s@h:9200", "jdbc:postgresql://h/d?user=u&password=%s",
		"jdbc:mysql://u:%s@h/d", "jdbc:sqlserver://h;user=u;password=%s", "jdbc:oracle:thin:u/%s@h:1521:x",
		"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%s;EndpointSuffix=core.windows.net",
		"Endpoint=sb://h/;SharedAccessKeyName=k;SharedAccessKey=%s", "Driver={ODBC};Server=h;UID=u;PWD=%s", "https://%s@sentry.example/1",
		"cassandra://u:%s@h/k", "couchbase://u:%s@h", "influxdb://u:%s@h", "etcd://u:%s@h",
	} {
		c = fmt.Sprintf(c, pw)
		s.must(fmt.Sprintf("SX%02d", i+1), "dsn", c, pw, str1("note", "cannot open "+c+": refused"))
	}
	for i, kind := range []string{"RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"} {
		body := "MIIEow" + hex
		for j, t := range []string{"-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----", `{"k":"-----BEGIN ` + kind + `-----\n` + body + `\n-----END ` + kind + `-----\n"}`, "-----BEGIN " + kind + "-----\\n" + body, "x -----BEGIN " + kind + "----- " + body} {
			s.must(fmt.Sprintf("SP%d%d", i+1, j+1), "pem", kind, body, str1("note", t))
		}
	}
}
