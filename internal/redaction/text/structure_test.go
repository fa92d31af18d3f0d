package text_test

import (
	"strings"
	"testing"
)

// TestStructures has secrets that the structure around them tells. Each secret
// must go whole, because half a secret is a leak.
func TestStructures(t *testing.T) {
	f := newFinder()
	for _, marked := range []string{
		// literals with a prefix
		`password = N'«open sesame»'`, `password = E'«open\n it''s»'`, `SET password=U&'«open sesame»' WHERE`, `password = X'«aabb cc»'`,
		`password = _utf8'«open sesame»'`, `password = $$«open sesame»$$`, `password = $pw$«open 'x' sesame»$pw$;`,
		`password = q'[«open 'x' sesame»]'`, `password = nq'!«open 'x' sesame»!'`, `password = b"«open sesame»"`, `password = @"«open sesame»"`,
		`ALTER USER kim WITH PASSWORD E'«open sesame»'`, `ALTER LOGIN kim WITH PASSWORD = N'«open sesame»'`, `IDENTIFIED BY N'«open sesame»'`,
		`ALTER USER kim PASSWORD $$«open sesame»$$`,

		// an old and a new value
		`~ db_password = "«open sesame»" -> "«close sesame»" # forces replacement`, `password: "" => "«open sesame»"`, `password: '«open it»' → '«shut it»'`,
		`~ token = "«open sesame»" --> "«close sesame»"`, `x password: «opensesame» -> «closesesame»`, `password: "${PW}" -> "«open sesame»"`,
		`password: N'«open sesame»' -> N'«shut sesame»'`,

		// alignment, brackets, variables before a command
		`token               = «opensesame»`, `+ db_password                       = "«open sesame»"`, "api_key\t\t\t: «opensesame»",
		`$cfg['blowfish_secret'] = '«open sesame»'`, `config["password"] = "«open sesame»"`, `os.environ['API_TOKEN'] = '«open sesame»'`,
		`DETAIL: Key (reset_token)=(«open sesame») already exists.`, `Key (kind, api_key)=(«x, open sesame») already exists.`,
		`PGPASSWORD='«open sesame»' psql -h db`, `env PGPASSWORD=$'«open sesame»' psql`, `MYSQL_PWD="«open sesame»" mysql`,

		// printed Go values
		`Password: (string) (len=12) "«open sesame»"`, `Token: (main.Token) (len=3) "«abc»",`, `Pin: (int) «4831»,`, `password:(*string)(0xc0000140a0)("«open sesame»")`,
		`Secret: (*string)(0xc00001)((len=3) "«open sesame»")`, "Key: ([]uint8) (len=2)\nApiKey: ([]uint8) (len=4 cap=8) {\n «00000000  70 61 73 73» |pass|\n}",
		"(map[string]interface {}) (len=1) {\n (string) (len=8) \"password\": (interface {}) (string) (len=7) \"«open sesame»\"\n}",
		"Passwords: (map[string]string) (len=1) {\n (string) (len=3) \"«kim»\": (string) (len=7) \"«open} sesame»\"\n}",
		`http.Header{"X-Api-Key":[]string{"«open} sesame»"}}`, `main.T{Passwords:map[string]string{"«kim»":"«open sesame»"}, N:1}`,
		`&main.T{Secret:main.S{A:"«open sesame»"}}`, `Token:[]uint8{«0x9a, 0xc0»}`, `Password:[]byte("«open) sesame»")`, `Pins:[4]int{«1, 2, 3, 4»}`,
		`map[string]interface {}{"a":map[string]interface {}{"password":"«open sesame»"}}`, `Credentials:&main.T{A:"«open sesame»"}`,
		`{Name: "DB_PASSWORD", Value: "«open sesame»"}`, `[]main.Env{main.Env{Name:"token", Value:"«open sesame»"}}`,

		// lists and calls
		`args ["token", "«open sesame»"]`, `[('password', '«opensesame»')]`, `define('DB_PASSWORD', '«open sesame»');`, `[["api_key","«opensesame»"],["a","b"]] x`,
		`setProperty("db.password", "«open sesame»")`, `headers=[("Authorization", "«open sesame»"), ("Accept", "x")]`,

		// siblings in texts
		`signed with {"kty":"EC","crv":"P-256","d":"«opensesame»"} today`, `{"d":"«opensesame»","kty":"OKP"} x`, `x {'kty': 'oct', 'k': '«opensesame»'}`,
		`jwks={"keys":[{"kty":"EC","d":"«opensesame»"},{"kty":"RSA","d":"«shutsesame»","n":"a"}]} x`,
		"kind: Secret\ndata:\n  a: «YWJj»\n  b: «eHl6»\ntype: Opaque", "stringData:\n    a: |\n      «open sesame»\n      «shut»\nkind: Secret",
		`applied {"kind":"Secret","data":{"a":"«YWJj»"}} to prod`, "- kind: Secret\n  data:\n    a: «YWJj»\n- kind: ConfigMap",
		"kind: ConfigMap\ndata:\n  a: b\n---\nkind: Secret\ndata:\n  a: «YWJj»",

		// markup
		`<key>password</key><string>«open sesame»</string>`, "<key>API key</key>\n\t<string>«open sesame»</string>",
		`<member><name>password</name><value><string>«open sesame»</string></value></member>`,
		`<property><name>fs.s3a.secret.key</name><value>«open sesame»</value></property>`,
		`<property><name>db.password</name><final>true</final><value>«open sesame»</value></property>`,
		`<Setting Name="password"><Value>«open sesame»</Value></Setting>`, `<attr name='userPassword'><value>«open sesame»</value></attr>`,
		`<init-param><param-name>password</param-name><param-value>«open sesame»</param-value></init-param>`,
		`<tr><th>Password</th><td>«open sesame»</td></tr>`, `<dt>API key</dt><dd><code>«open sesame»</code></dd>`,
		`<key>token</key><string><![CDATA[«open <b> sesame»]]></string>`,
		`<input type=password value=«opensesame»>`, `<input type="password" name=x value="«open sesame»">`, `<input value="«open > sesame»" type='password'>`,
		`<meta name="csrf-token" content="«open sesame»">`, `<input id="api_key" value='«open sesame»' disabled>`,
	} {
		s, secrets := marks(marked)
		got := f.Redact(s)
		for _, secret := range secrets {
			for part := range strings.FieldsSeq(secret) {
				if strings.Contains(got, part) && len(part) > 2 {
					t.Errorf("Redact(%q) = %q, want it without %q", s, got, part)
				}
			}
		}
	}
	for _, s := range []string{
		`~ db_password = "${A}" -> (known after apply)`, `size: (int) 5`, `Tokens: (int) 5,`, `name = N'kim lee'`, `cost = $$5$$`, `"a" -> "b"`,
		`Key (id)=(7) already exists.`, `Key (email_sent)=(7)`, `config["region"] = "kr"`, `args ["password", "email"]`, `["a", "b"] x`, `("id", "password", "created_at")`,
		`{"kty":"EC","x":"aa"} x`, "kind: ConfigMap\ndata:\n  a: b", "kind: Secret\nmetadata:\n  name: db", `<key>name</key><string>kim</string>`,
		`<name>password</name>`, `<tr><th>Name</th><td>kim</td></tr>`, `<input type="text" value="kim">`, `<input type="password" value="">`,
		`<input type="password"><p>Enter it twice.</p>`, `the token "a", "b" and "c"`, `say "password", then leave`,
		`<property><name>db.password</name><value></value></property>`, `<key>password</key><true/>`,
	} {
		if got := f.Redact(s); got != s {
			t.Errorf("Redact(%q) = %q, want it unchanged", s, got)
		}
	}
}

// marks returns a text without the marks of its secrets, and the secrets.
func marks(marked string) (s string, secrets []string) {
	for i, part := range strings.Split(marked, "«") {
		secret, _, ok := strings.Cut(part, "»")
		if i > 0 && ok {
			secrets = append(secrets, secret)
		}
	}
	return strings.NewReplacer("«", "", "»", "").Replace(marked), secrets
}
