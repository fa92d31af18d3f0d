package text_test

// secrets are texts with one secret each, between « and ».
var secrets = []string{
	// pairs
	`password: «S3cret!Pass»`, `db.password=«p@ss,w0rd»`, `{"password":"«abc"}`, `pw: x, apiKey: «9f8e7d6c5b4a»`,
	`password := «hunter2»`, `:password => "«hunter2»"`, `password -> x secret=«abc»`,
	`PGPASSWORD=«hunter2» psql -h db`, `export AWS_SECRET_ACCESS_KEY="«wJalr+XUtn/FEMI»"`, `--password «hunter2» --user bob`,
	`mysql --password=«hunter2»`, `curl -u bob:«hunter2» https://a.example`, `curl -H 'X-Api-Key: «abcdef0123»' https://a.example`,
	`curl -H "Authorization: «Bearer abc»" https://a.example`, `map[Authorization:«[Bearer abc]» Accept:[x]]`,
	`{User:bob Password:«my pass word» Role:admin}`, `&{Name:x Token:«abc-def»}`, `Set-Cookie: «sid=abc; Path=/»`,
	`Cookie: «a=b; c=d»`, `user[password]=«hunter2»&x=1`, `secret = "«a\"b»"`, `client_secret='«it''s»'`,
	`token:«abcdef»,user:bob`, `the access token: «abcdef»`, `비밀번호: «hunter2»`, `비밀번호는 «hunter2»입니다`, `인증번호 [«482913»]`,
	`password is «hunter2»`, `my password «hunter2» does not work`, `PIN «4831»`, `otp «482913» sent`, `ALTER ROLE x PASSWORD '«hunter2»'`,
	`IDENTIFIED BY x, passwd "«hunter2»"`, `<Password type="x">«hunter2»</Password>`, `<ns:apiKey>«abc»</ns:apiKey>`, `<token>«abc`,
	`<input name="password" value="«hunter2»">`, `{"name":"API_TOKEN","value":"«abc»"}`, `name=DB_PASSWORD value=«abc»`,
	`\"password\":\"«hunter2»\"`, `&quot;password&quot;:&quot;«hunter2»&quot;`, `https%3A%2F%2Fx%2F%3Fapi_key%3D«abcdef»`,
	// addresses
	`postgres://bob:«p@ss»@db/x`, `postgres://bob:«pa/ss»@db/x`, `amqp://bob:«guest»@mq:5672/`, `https://«ghp_16C7e42F292c6912E7710c838347Ae178B4a»@github.com/a/b`,
	`jdbc:mysql://db:3306/x?user=bob&password=«hunter2»`, `bob:«hunter2»@db:5432`, `smtp://u%40x.com:«hunter2»@mail.example:587`,
	`DSN root:«hunter2»@unix(/tmp/mysql.sock)/db`, `mail «kim.minsu@company.co.kr» bounced`, `to=«a_b@sub.example.io»,cc`, `<«hong@example.com»>`,
	// credentials
	`Bearer «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc»`, `Authorization: «Basic dXNlcjpwYXNz»`, `auth: Bearer «mF_9.B5f-4.1JqM»`,
	`KakaoAK «0123456789abcdef0123456789abcdef»`, `key «AKIAIOSFODNN7EXAMPLE» used`, `«glpat-ABCDEFGHIJ0123456789»`, `«sk-proj-abcdefghij0123456789ABCDEF»`,
	`«xoxp-123456789012-abcdefABCDEF»`, `«SG.abcdefghijklmnopqrstuv.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg»`, `«npm_abcdefghijklmnopqrstuvwxyz0123456789»`,
	`«ya29.a0AfH6SMBxxxxxxxxxxxxxxxxxxxxx»`, `«-----BEGIN RSA PRIVATE KEY-----
abc
-----END RSA PRIVATE KEY-----» loaded`, `«-----BEGIN OPENSSH PRIVATE KEY-----
b3Blbn`,
	"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: x\n«P2/56wAAAgE»\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
	"Public-Lines: 1\nAAAA\nPrivate-Lines: 1\n«g2X8LYUAtJx48EZ4»\nPrivate-MAC: 00", "Private-Lines: 1\nAAAA\nPrivate-MAC: «b5d3bc6aa0de85bc»\n",
	`private key: «a9139b571de96f452579f3424d10b76d0853066dfbcbeac19dc699377db46b65»`, `verification code: «482913»`, `mot de passe : «opensesame»`,
	`license «ef19743ec918e52e30d734448f790d460704NRAL»`, `okta SSWS «00a61FxYQKvB8NxemSlizuCGR05a3mSj15DOcknAQlD»`, `your verification code is «839172»`,
	`ldapsearch -x -D cn=admin -w «opensesame» -b dc=x`, `sqlcmd -S db -U sa -P «opensesame» -Q x`, `twine upload -u __token__ -p «opensesame» dist/a`,
	// numbers
	`card «4242 4242 4242 4242» exp 12/27`, `«4242-4242-4242-4242»`, `«4242424242424242»`, `«3782 822463 10005»`, "«4111\u00a01111\u00a01111\u00a01111»", `«4111.1111.1111.1111»`,
	`(«5555555555554444»)`, `card:«6011111111111117»`, `«3530111333300000»`, `rrn «850315-2345678».`, `번호:«850315-1234567»님`, `«010-9876-5432»`, `전화 «01098765432»로`,
	`«02-345-6789»`, `«031-345-6789» call`, `«+82-10-9876-5432»`, `«+1 415 555 2671»`, `tel:«+442071838750»`, `«011-234-5678»`,
	// URLs
	`GET /cb?code=«4/0AX4XfWh-abc»&page=1`, `https://a.example/x?sig=«abc%2Bdef»`, `/reset?t=«Zx91hunter2»`, `/x?foo=«aB3xY9zQ12»`, `https://a.example/#id_token=«abc.def»&x=1`,
}

// kept are texts without a secret, some of which resemble one.
var kept = []string{
	"invalid token: unexpected end of JSON input", "password: too short", "parse token: expected '}'", "Unexpected token '<' at 1", "token expired",
	"bad password length: 7", "secret \"db\" not found", "failed to refresh token: context deadline exceeded", "cookie banner shown", "user changed password successfully",
	"session expired at 10:45:12", "latency p99=147ms p95=133ms", "time=2024-11-16T12:34:56Z status=200", "listening on 127.0.0.1:8080", "dial tcp 10.0.0.1:5432: connect: connection refused",
	"order 202411160000123456 shipped", "id 550e8400-e29b-41d4-a716-446655440000", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	"commit 3f786850e387550fdab836ed7e6dc881de23001b", "traceparent 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	"GET /users/12345/orders?page=2&size=20&sort=created_at,desc => 200", "https://a.example/search?q=red+shoes&color=red&size=42&utm_source=newsletter", "/x?from=2024-01-01&to=2024-01-31",
	"https://a.example:8080/@user/post", "git@github.com:team/repo.git", "nginx:1.25@sha256:abcdef", "icon@2x.png", "getty@tty1.service", "pkg@v1.2.3",
	"main.go:45: undefined: x", "at auth.Token(token.go:45)", "\t/app/password.go:10 +0x1d", "goroutine 17 [running]:", "key=value", "primary key: 17", "foreign key (user_id)", "sort key: name",
	"cache key user:12345", "content-length: 1234", "1 of 1000000 (0.0001%)", "2024-11-16 12:34:56.789", "v1.2.3-20240101120000-abcdef123456", "version 1.22.3.4", "amount 1,234,567.89 KRW",
	"2024111612345678", "1731760496789", "192.168.100.200", "fe80::1ff:fe23:4567:890a", "AA:BB:CC:DD:EE:FF", "사용자 비밀번호 변경 완료", "비밀번호 정책: 최소 8자", "암호화 완료: AES256", "토큰 만료됨",
	"basic auth is disabled", "Basic plan activated", "bearer auth required", "Bearer token missing", "the pin is in the box", "spare tokens: 1532", "max_tokens=4096 prompt_tokens: 512", "token_count=17",
	"hello <b>world</b>", "a < b && c > d", "100% done", "50%25 off", "C:\\Users\\bob\\x.txt", "it's a test", "O'Brien", "level=info msg=\"started\" port=8080", "map[a:1 b:2]", "{Name:bob Age:42}",
	"author: Kim", "passenger=Hong", "compass: NNE", "keyboard=us", "tokenizer: bpe", "authority: example.com", "secretary: Kim", "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
	"-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----", "status code: 200", "sort key: name", "exit code is 137", "order number: 20241116",
	"integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8", "grep -w word -P pattern file", "room 02-1101", "1588-1234", "INV-2024-0001", "0.5-1.5", "3-2-1", "call 1544-0000", "page 010", "range 100-200",
}

// byMatcher has a text for each matcher, which that matcher alone redacts.
var byMatcher = map[string]string{
	"PEM block":               "loaded «-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEI\n-----END EC PRIVATE KEY-----»",
	"pair":                    `db.password=«correcthorse»`,
	"password in a URL":       `dial redis://cache:«open/sesame»@cache:6379/0: refused`,
	"e-mail address":          `invitation for «kim.minsu@example.com» bounced`,
	"login":                   `root:«opensesame»@tcp(db:3306)/shop`,
	"Oracle login":            `sqlplus scott/«tig3r!x»@db:1521/XE`,
	"XML element":             `<config><password>«opensesame»</password></config>`,
	"SQL insert":              `INSERT INTO users (name, password) VALUES ('kim', '«opensesame»')`,
	"payment card":            `paid with «4111 1111 1111 1111» today`,
	"resident number":         `applicant «900101-2345678» accepted`,
	"Korean telephone":        `call «010-9876-5432» back`,
	"American telephone":      `call («415) 555-2671» back`,
	"social security number":  `applicant «219-09-4821» accepted`,
	"IBAN":                    `paid to «DE89 3704 0044 0532 0130 00» today`,
	"national number":         `customer with CPF «529.982.247-25» moved`,
	"pgpass line":             `wrote db.example.com:5432:shop:app:«opensesame» to the file`,
	"Oracle command":          `ran "sqlplus scott/«tiger»" in ` + "`sh`",
	"international telephone": `call «+14155552671» back`,
	"vendor key":              `signed with «AKIAIOSFODNN7EXAMPLE» today`,
	"JSON Web Token":          `sent «eyJhbGciOiJub25lIn0.eyJzdWIiOiJraW0ifQ.c2ln» upstream`,
	"infix key":               `app uses abc8Q~«dEfGhIjKlMnOpQrStUvWxYz0123456789ab» now`,
	"password hash":           `row 7 $«2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW»`,
	"prefixed random word":    `used «acme_pat_9fA3kZ81LmQ0xTr7VbN2cWd5YhS6gJu4» once`,
	"bot token":               `bot 123456789:«AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1» started`,
	"attached flag":           `mysql -uroot -p«opensesame» shop`,
	"login flag":              `curl -u kim:«opensesame» https://a.example`,
	"flag":                    `pg_dump --password «correcthorse» shop`,
	"authorization scheme":    `sent Basic «a2ltOm9wZW5zZXNhbWU=» upstream`,
	"sibling member":          `key: {"kty":"oct","k":"«opensesame»"}`,
	"list pair":               `args: ["password","«opensesame»"]`,
	"XML sibling":             `<key>password</key><string>«opensesame»</string>`,
	"announced literal":       `CREATE USER kim IDENTIFIED BY $$«open sesame»$$`,
	"SQL identified by":       `CREATE USER kim IDENTIFIED BY '«opensesame»'`,
	"announced value":         `the password is «hunter2-Zx91» now`,
	"webhook":                 `POST https://hooks.slack.com/services/«T01ABCDEF/B01ABCDEF/abcdefghij» failed`,
	"script":                  `비밀번호는 «hunter2»입니다`,
	"encoded text":            `redirect to https%3A%2F%2Fa.example%2F%3Fapi_key%3D«abcdef0123»`,
}

// byNotation has a text for each notation of pairs. Without the notation,
// the marked half of the secret is shown.
var byNotation = map[string]string{
	"YAML block":           "db:\n  password: |\n    correct horse\n    «battery staple»\n  user: kim",
	"enclosed":             `{User:"kim" Password:"correct} «horse»"}`,
	"cookie header":        `headers: Cookie: theme=dark; «cart=opensesame»`,
	"authorization header": `headers: Authorization: Custom «opensesame»`,
	"line":                 "user: kim\npassword: correct «horse»\nhost: db",
	"Go field":             `{User:kim Password:correct «horse» Host:db}`,
}
