package redact_test

import (
	"strings"
	"testing"

	"github.com/sligo-go/sligo/redact"
)

// Each text has one secret, between « and ».
func TestText(t *testing.T) {
	texts := []string{
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
		// numbers
		`card «4242 4242 4242 4242» exp 12/27`, `«4242-4242-4242-4242»`, `«4242424242424242»`, `«3782 822463 10005»`, "«4111\u00a01111\u00a01111\u00a01111»", `«4111.1111.1111.1111»`,
		`(«5555555555554444»)`, `card:«6011111111111117»`, `«3530111333300000»`, `rrn «850315-2345678».`, `번호:«850315-1234567»님`, `«010-9876-5432»`, `전화 «01098765432»로`,
		`«02-345-6789»`, `«031-345-6789» call`, `«+82-10-9876-5432»`, `«+1 415 555 2671»`, `tel:«+442071838750»`, `«011-234-5678»`,
		// URLs
		`GET /cb?code=«4/0AX4XfWh-abc»&page=1`, `https://a.example/x?sig=«abc%2Bdef»`, `/reset?t=«Zx91hunter2»`, `/x?foo=«aB3xY9zQ12»`, `https://a.example/#id_token=«abc.def»&x=1`,
	}
	r := redact.Default()
	for _, text := range texts {
		secret := text[strings.Index(text, "«")+len("«"):]
		secret, _, _ = strings.Cut(secret, "»")
		in := strings.NewReplacer("«", "", "»", "").Replace(text)
		out := r.Text(in)
		if strings.Contains(out, secret) || !strings.Contains(out, redact.Replacement) {
			t.Errorf("%s\n\tgives %s", text, out)
		}
	}
}

func TestTextIsKept(t *testing.T) {
	texts := []string{
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
		"room 02-1101", "1588-1234", "INV-2024-0001", "0.5-1.5", "3-2-1", "call 1544-0000", "page 010", "range 100-200",
	}
	r := redact.Default()
	for _, text := range texts {
		if out := r.Text(text); out != text {
			t.Errorf("%s\n\tgives %s", text, out)
		}
	}
}

func TestKey(t *testing.T) {
	secret := `password Passwd userPwd PASSWD_HASH password_hash passwordHash newPassword2 password-confirmation DBPassword dbpassword sshKey ssh_private_key
		encryptionKey signing_key MASTER_KEY accessKey AccessKeySecret secretAccessKey aws_secret_access_key X-CSRF-Token csrfToken idToken id_token oauthToken
		bearerToken pinCode securityCode cvv CVC cardNumber card_no creditCardNumber accountNumber bankAccountNumber webhook_secret connectionString api-key APIKey
		APIKEY apikey xApiKey X-Auth-Token x-amz-security-token sessionId session_id JSESSIONID sid refresh_token Proxy-Authorization Cookie Set-Cookie otpCode
		totp_secret recovery_code backupCodes clientSecret client.secret pass%77ord user[password] residentRegistrationNumber rrn ssn passport_number phoneNumber
		user_email email jwt privateKeyPem credentials db_credentials 비밀번호 사용자비밀번호 패스워드 카드번호 계좌번호 휴대폰번호 주민번호 인증번호 api키 pass db_pass
		PrivateKey private-key deploy_key hmacKey sharedKey signature sig x-signature tokens passwords auth session salt`
	for name := range strings.FieldsSeq(secret) {
		if !redact.Default().Key(name) {
			t.Errorf("Key(%q) = false, want true", name)
		}
	}
	plain := `passenger tokenizer tokenizer_version token_count tokenCount password_length passwordLength password_policy secretary compass author authorized authority
		authorization_status keyboard key primary_key publicKey public_key sort_key cacheKey partition_key shipping pinned spinning session_duration_ms sessionCount
		signature_algorithm cookie_count cookieConsent password_reset_requested has_password_expired token_type tokenType token_endpoint token_expires_at tokenExpiry
		secret_name secretVersion credential_type user_id request_id method endpoint bypass bypassed pwned_check monkey donkey hockey turkey api_version access_level
		email_sent phone_model mobile_os passed pass_rate boarding_pass bearer_count max_tokens_limit card_type account_id accountName order_id idempotency_key
		client_ip encryption_enabled private authMethod 암호화 비밀번호변경여부 토큰개수 고객명 주문번호 keyword keynote emailTemplate password_strength`
	for name := range strings.FieldsSeq(plain) {
		if redact.Default().Key(name) {
			t.Errorf("Key(%q) = true, want false", name)
		}
	}
}
