package canary

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// variety adds more of everything: names, texts, numbers and values, and what must
// stay as it is.
func variety(s *set) {
	for i, k := range varietyNames {
		s.must(fmt.Sprintf("WK%03d", i+1), "key", k, pw, str1(k, pw))
	}
	for i, c := range varietyTexts {
		secret := pw
		switch {
		case c == "otp 482913x1":
			secret = "482913x1"
		case len(c) > 25 && c[len(c)-2:] == "==":
			secret = "Ym9iOmh1bnRlcjItWng5MQ"
		}
		s.must(fmt.Sprintf("WT%03d", i+1), "text", c, secret, str1("note", c))
	}
	for i, c := range varietyPersons {

		s.must(fmt.Sprintf("WP%02d", i+1), "person", c, bare(c), str1("note", c))
	}
	for i, v := range []any{
		driver.NamedValue{Name: "password", Value: pw}, []any{"--token", pw}, map[string][]string{"args": {"-storepass", pw}},
		struct{ Args []string }{[]string{"login", "--password=" + pw}},
		url.Values{"code": {pw}}, http.Header{"X-Forwarded-Authorization": {"Bearer " + pw}},
		map[string]any{"request": map[string]any{"headers": map[string]string{"authorization": "Bearer " + pw}}},
		map[string]any{"set-cookie": []string{"a=" + pw}}, json.RawMessage(`["--password","` + pw + `"]`),
		[]json.RawMessage{json.RawMessage(`{"x":{"pin":"` + pw + `"}}`)},
		map[string]any{"Authorization": []any{"Bearer " + pw}}, &url.Error{Op: "Get", URL: "https://b:" + pw + "@h/", Err: errors.New("x")},
		errors.New("dial redis://:" + pw + "@h:6379: refused"), fmt.Errorf("auth: %w", errors.New("invalid password: "+pw)),
		map[string]error{"x": errors.New("api_key=" + pw)},
		struct {
			Name  string `json:"name"`
			Value any    `json:"value"`
		}{"client_secret", pw},
		struct {
			Secret struct{ A, B string }
		}{struct{ A, B string }{"x", pw}},
		[]map[string]any{{"Key": "Authorization", "Value": []string{pw}}},
	} {
		s.must(fmt.Sprintf("WV%02d", i+1), "shape", fmt.Sprintf("%T", v), pw, any1("v", v))
	}
	for i, kv := range varietyFields {
		s.keep(fmt.Sprintf("YK%03d", i+1), "ordinary", kv[0], kv[1], str1(kv[0], kv[1]))
	}
	for i, t := range varietyOrdinary {

		q := must1(json.Marshal(t))
		s.keep(fmt.Sprintf("YT%03d", i+1), "ordinary", t, unescapeHTML(string(q[1:len(q)-1])), str1("note", t))
	}
	s.keep("YV01", "ordinary", "args", `["-p","8080","-v","x7"]`, any1("args", []string{"-p", "8080", "-v", "x7"}))
	s.keep("YV02", "ordinary", "args of JSON", `["-port","8080"]`, any1("args", json.RawMessage(`["-port","8080"]`)))
	s.keep("YV03", "ordinary", "type and data", `{"data":{"template":"welcome"},"type":"email"}`, any1("v", map[string]any{"type": "email", "data": map[string]any{"template": "welcome"}}))
	s.keep("YV04", "ordinary", "id and value", `{"id":"row-1","value":"x7"}`, any1("v", map[string]any{"id": "row-1", "value": "x7"}))
	s.keep("YV05", "ordinary", "a group of settings", `"auth":{"method":"oidc-7"}`, func(l *slog.Logger) { l.Info("m", slog.Group("auth", "method", "oidc-7")) })
}

// bare takes off what stands around a number or an address.
func bare(s string) string {
	for _, head := range []string{"card=", "번호 ", "amex ", `"`, "card:", "RRN ", "tel: ", "tel:", "<", "mail="} {
		s = strings.TrimPrefix(s, head)
	}
	return strings.TrimRight(strings.TrimSuffix(s, "&x=1"), `",>.`)
}

var varietyNames = []string{
	"loginPassword", "userPwd", "PwdHash", "accountPassword", "wifi_password", "wifi-psk", "psk", "preSharedKey", "unlockPin", "atm_pin",
	"pin_code", "userOtp", "smsCode", "auth_code", "authCode", "2fa_code", "twoFactorCode", "two_factor_secret", "securityAnswer",
	"secret_question_answer",
	"clientKey", "client-key", "consumer_secret", "consumerKey", "bot_token", "botToken", "personal_access_token", "pat", "deployKey",
	"licenseKey", "license_key", "serviceAccountKey", "service_account_json", "private_key_id_secret", "rsaPrivateKey", "certPassword",
	"p12_password", "signingCert_password",
	"accessTokenSecret", "oauth_token", "oauthToken", "oauth_verifier", "X-Amz-Signature", "sas_token", "sasToken",
	"storage_connection_string", "ConnectionStrings", "mongoUri_password", "redis_auth", "requirepass", "auth_pass", "http_basic_auth",
	"basicAuth", "userCredentials",
	"cardCvc", "cvv2", "CVC", "cardholder_pan", "card_pan", "cardNum", "creditcard", "debit_card_number", "bankAccountNo",
	"routing_and_account_number", "passportId", "idCardNumber", "foreigner_registration_number", "residentNo", "resident_no",
	"social_security_no", "mobilePhone", "mobile_phone_number", "cellPhone", "contactPhone", "phone_number", "tel_no", "telNo", "e_mail",
	"e-mail", "eMail", "contact_email", "customerEmail", "emailAddr", "birth_date", "birthday", "birth",
	"비밀 번호 확인", "현재비밀번호", "변경할 비밀번호", "간편비밀번호", "결제비밀번호", "계좌비밀번호", "카드CVC", "카드 번호", "신용카드번호", "휴대폰 번호", "고객전화번호", "수신자이메일", "고객_이메일",
	"접속토큰", "인증토큰", "api_토큰", "주민등록번호뒷자리", "운전면허 번호", "사용자암호", "암호키", "공개되지않은_개인키", "생일", "핸드폰번호", "from_email", "replyEmail", "alertPhone",
	"암호화키", "magicLink", "emails", "dbpass", "pin번호", "resident-number",
}

var varietyTexts = []string{
	`{"data":"{\"auth\":{\"password\":\"` + pw + `\"}}"}`, `[{"name":"user","value":"b"},{"name":"password","value":"` + pw + `"}]`,
	`{"headers":[["Authorization","Bearer ` + pw + `"]]}`, `{"key":"API_KEY","value":"` + pw + `"}`, `{"field":"otp","val":"` + pw + `"}`,
	`{"Password":{"S":"` + pw + `"}}`, `{"PASSWORD":null,"Token":"` + pw + `"}`,
	"user=b&pwd=" + pw, "grant_type=refresh_token&refresh_token=" + pw, "client_id=x&client_secret=" + pw + "&scope=y",
	"SAMLResponse=" + pw + "&RelayState=x", "user.password=" + pw, "credentials.secretKey=" + pw, "pw%5B%5D=x&password%5B%5D=" + pw,
	"<Credentials><SecretAccessKey>" + pw + "</SecretAccessKey></Credentials>",
	"<soap:Header><AuthToken>" + pw + "</AuthToken></soap:Header>", `<property name="password" value="` + pw + `"/>`,
	`<entry key="db.password">` + pw + `</entry>`, "<string name=\"api_key\">" + pw + "</string>", "<token\n attr='1'>" + pw + "</token>",
	"apiKey: " + pw, "  - secret: \"" + pw + "\"", "stringData:\n  password: " + pw, "password: >-\n    " + pw + "\nuser: b",
	"PASSWORD " + pw, "password '" + pw + "'", "pass: " + pw, "passwd:" + pw + " user:b", "secret=" + pw + ".", "secret=\"" + pw + "\",",
	"token='" + pw + "'", "token=`" + pw + "`", "api_key\t=\t" + pw, "api-key " + pw + " rejected", "using api key " + pw,
	"access token " + pw + " revoked", "refresh token: " + pw, "with password " + pw, "wrong password '" + pw + "'",
	"invalid password: " + pw, "bad token \"" + pw + "\"", "token <" + pw + "> is invalid", "password (" + pw + ") rejected", "otp 482913x1",
	"Authorization Bearer " + pw, "auth=Bearer " + pw, "x-api-key=" + pw, "X-API-KEY:" + pw,
	"{Name:b Credentials:{ID:1 Secret:" + pw + "}}", "&main.Config{Token:\"" + pw + "\"}", "map[string]string{\"password\":\"" + pw + "\"}",
	"map[token:[" + pw + "]]", "[password " + pw + "]", "Cred(user=b, password=" + pw + ")", "Login{user='b', password='" + pw + "'}",
	"User [name=b, password=" + pw + "]", "{'user': 'b', 'password': '" + pw + "'}", "<User: password=" + pw + ">", "password:'" + pw + "'",
	":password=>\"" + pw + "\"", "array('password' => '" + pw + "')", "\"password\" -> \"" + pw + "\"", "password==" + pw, "PASSWORD:=" + pw,
	"psql postgresql://b:" + pw + "@h/d", "wget --password=" + pw + " h", "wget --http-password " + pw, "curl -u 'b:" + pw + "' h",
	"curl --user b:" + pw + " h", "curl -H 'X-Auth-Token: " + pw + "'", "curl 'https://h/?api_key=" + pw + "'",
	"aws configure set aws_secret_access_key " + pw, "vault login token=" + pw, "export TOKEN=" + pw + "; run",
	"env API_TOKEN=" + pw + " ./run", "docker run -e DB_PASSWORD=" + pw + " x", "java -Ddb.password=" + pw + " -jar a",
	"java -Djavax.net.ssl.keyStorePassword=" + pw, "kubectl create secret generic x --from-literal=password=" + pw,
	"helm --set auth.password=" + pw, "openssl -passin pass:" + pw, "GRANT ALL TO b IDENTIFIED WITH mysql_native_password BY '" + pw + "'",
	"UPDATE u SET name='b', pwd='" + pw + "'", "insert into u(id,token) values(1,'" + pw + "')",
	"INSERT INTO `u` (`id`, `secret`) VALUES (1, \"" + pw + "\"), (2, 'x')",
	"https://h/p?Password=" + pw, "https://h/reset?reset_token=" + pw, "https://h/v?verify=" + pw, "https://h/p?x=1;token=" + pw,
	"https://h/p?sessionid=" + pw, "https://h/p?api-key=" + pw, "https://h/login?next=/a%3Ftoken%3D" + pw, "https://h/#token=" + pw,
	"https://user:" + pw + "@h:8443/p?a=1", "http://admin:" + pw + "@10.0.0.1/", "git clone https://b:" + pw + "@git.example/r.git",
	"git+ssh://b:" + pw + "@h/r", "imap://b%40c.com:" + pw + "@h", "/api?jwt=" + pw, "Referer: https://h/?token=" + pw,
	"redirect to /cb?code=" + pw + "&state=1", "url(https://h/?sig=" + pw + ")", "[link](https://h/?token=" + pw + ")",
	"토큰=" + pw, "암호는 " + pw, "비번 " + pw, "인증번호: " + pw, "비밀번호(" + pw + ")", "비밀번호 '" + pw + "'", "\"토큰\": \"" + pw + "\"", "API키: " + pw,
	"사용자 비밀번호 : " + pw, "비밀번호를 " + pw + "로 변경", "暗証番号：" + pw, "пароль: " + pw,
	"Authorization: Bearer\t" + pw, "authorization: BASIC " + "Ym9iOmh1bnRlcjItWng5MQ==", "Proxy-Authorization: Basic " + pw,
	"X-Token: " + pw, "X-Secret: " + pw, "X-Signature: " + pw, "Set-Cookie: __Host-sid=" + pw + "; Secure",
	"cookie: theme=dark; session=" + pw, "Cookie=JSESSIONID=" + pw + "; a=b", "\"cookie\":\"sid=" + pw + "; a=b\"",
	"Header{Cookie: sid=" + pw + "}", "grpc metadata authorization: bearer " + pw, "md=map[authorization:[Bearer " + pw + "]]",
}

var varietyFields = [][2]string{
	{"pat_count", "7"}, {"patch", "v1-7"}, {"path", "/a/b-7"}, {"pattern", "x*-7"}, {"birth_country", "KR-7"}, {"birthplace_known", "yes-7"},
	{"token_limit", "4096-7"}, {"tokenization", "bpe-7"}, {"auth_server", "idp-7"}, {"auth_flow", "pkce-7"}, {"auth_time", "12-7"},
	{"session_store", "redis-7"}, {"session_started_at", "12:00-7"}, {"keystore_type", "jks-7"}, {"keypad", "k-7"}, {"key_count", "7"},
	{"key_size", "2048-7"}, {"public_key", "ssh-ed25519"}, {"encryption_key_id", "k-7"}, {"encoding", "utf-7"}, {"encode", "x-7"},
	{"decimal", "1.5-7"}, {"phone_verified", "yes-7"}, {"phone_type", "home-7"}, {"email_domain", "example-7"}, {"email_provider", "ses-7"},
	{"mail_count", "77"}, {"cookie_name", "sid-7"}, {"cookies_enabled", "yes-7"}, {"pin_required", "yes-7"}, {"pinned_version", "v-7"},
	{"seed", "42-7"}, {"random_seed", "42-7"}, {"hash_algorithm", "sha-7"}, {"hash_ms", "7"}, {"otp_enabled", "yes-7"},
	{"otp_attempts", "3-7"}, {"credential_count", "7"}, {"secret_rotation", "30d-7"}, {"secret_manager", "gcp-7"},
	{"password_strength", "strong-7"}, {"password_reset", "sent-7"}, {"password_attempts", "3-7"}, {"is_password_set", "y-7"},
	{"access", "read-7"}, {"accessibility", "on-7"}, {"card", "gold-7"}, {"card_count", "7"}, {"cards_total", "7"}, {"id_type", "passport-7"},
	{"passport_country", "KR-7"}, {"signature_valid", "yes-7"}, {"salt_length", "16-7"}, {"nonce_size", "12-7"}, {"csrf_failures", "7"},
	{"apikey_name", "ci-7"}, {"author_email_count", "7"}, {"authorization_mode", "rbac-7"}, {"telegram_chat", "c-7"}, {"mobile_os", "ios-7"},
	{"mobile_network", "lte-7"}, {"pw_length", "12-7"}, {"pwd", ""}, {"cwd", "/srv-7"}, {"dec", "x-7"}, {"encryption_enabled", "y-7"},
	{"via_email", "yes-7"}, {"send_email", "yes-7"}, {"email_subject", "hi-7"}, {"headphone", "h-7"}, {"microphone", "m-7"},
	{"is_phone", "y-7"}, {"인증방식", "otp-7"}, {"토큰개수", "77"}, {"비밀번호오류횟수", "3-7"}, {"비밀번호만료일", "2024-7"}, {"카드종류", "체크-7"}, {"이메일인증", "완료-7"},
	{"쿠키허용", "Y-7"}, {"전화상담", "Y-7"}, {"암호화폐", "BTC-7"}, {"휴대폰기종", "S24-7"}, {"연락처동의여부", "Y-7"},
}

var varietyPersons = []string{
	"card=5105-1051-0510-5100", "번호 3530 1113 3330 0000", "amex 3714-496353-98431", "4012888888881881", "\"6011-0009-9013-9424\"",
	"card:4000056655665556", "4000 0566 5566 5556,", "RRN 851231-2345678", "(010)9876-5432", "tel:01023456789", "010 - 2345 - 6789",
	"+82 10 2345 6789", "0082-10-2345-6789", "tel: 042-345-6789", "+1-202-555-0143", "+49 30 901820", "kim@corp.example",
	"KIM.LEE@Corp.Example.COM", "<kim@corp.example>", "kim@corp.example.", "mail=kim@corp.example&x=1", "김@예시.한국",
	"kim_lee-2@mail-1.corp.example",
}

var varietyOrdinary = []string{
	"pi_3MtwBwLkdIwHu7ix28a3tqPa", "cus_NffrFeUfNV2Hib", "evt_1NG8Du2eZvKYlo2CUI79vXWy", "req_2XuHqmC9V8xYbN3kLmPqRsTuVwX",
	"ord_01HF7YAT00TQ8M9Z6S3V5K2XJR", "order-4f8a2c1e-9b7d", "pod api-7d9f8b6c5d-abcde", "ns/kube-system", "V1StGXR8_Z5jdHi6B-myT",
	"build 1234.5678.9012", "10.20.30.40 50.60.70.80", "2024/11/16 12:34:56", "2024-11-16 (12:34)", "11/16/2024", "16-11-2024 - 17-11-2024",
	"page 10 - 20 - 30", "1/2/3/4", "seats 1-2-3", "12-34-5678", "version 4.17.21-4242", "a -> b", "state: open -> closed", "x->y",
	"if a > b", "<div>text</div>", "<a href=\"/x\">link</a>", "name=bob", "name: bob age: 3", "key=abc", "values (1, 'b')",
	"INSERT INTO u (id, name) VALUES (1, 'bob')", "INSERT INTO u (id, password) VALUES ($1, $2)", "SELECT token_count FROM t WHERE id = 'x'",
	"identified by name", "changed from a to b", "token to be refreshed", "password to be set", "secret is rotated daily",
	"token was expired", "api key is missing", "login -p 8080", "docker run -p 8080:80 nginx", "ssh -p 2222 host", "mkdir -p /a/b",
	"cp -a x y", "tail -f x", "grep -e password file", "go test -race -run TestPassword ./...", "-v -x -k", "@user1 said hi", "price @ 3.50",
	"a@b", "foo@bar", "pkg@latest", "see a/b@v1", "actions/checkout@v4", "image:tag@sha256:abcdef", "k8s.io/api@v0.30.0", "mysql slow query",
	"hooks.slack.com reachable", "https://discord.com/channels/1/2", "$2 off", "cost $20", "US$ 1,000", "${HOME}/x", "$1 = $2",
	"조회 1234-5678", "대표번호 1588-1234", "사번 20240001", "우편 04524", "버전 1.2.3", "2024년 11월 16일", "오후 3시 10분", "비밀번호 정책 안내", "비밀번호 변경 완료",
	"토큰 발급 성공", "이메일 발송 완료", "카드 3장", "쿠키 동의", "전화 상담 예약", "암호화 완료 100%", "password: required", "token: expired", "auth: ok", "session: new",
	"cookie: none", "secret: not found", "email: invalid format", "Authorization: missing", "phone: required", "pin: too short",
	"signature: mismatch", "error: password incorrect", "note: token refreshed", "password=*** user=bob", "tokens=812 cost=0.01",
	"tokens: 812", "max_tokens=4096", "prompt_tokens: 12, completion_tokens: 34", "token_type=Bearer", "auth_method=oidc",
	"(using password: NO)", "session_id missing", "no such cookie", "Bearer token missing", "Basic realm=\"x\"",
	"WWW-Authenticate: Bearer realm=\"api\"",
	"0123456789abcdef0123456789abcdef", "urn:uuid:8e03978e-40d5-43dd-bc93-6894a57f9324", "AS-2024-0000123", "auth: user 42 denied", "oauth2: cannot fetch token: 400 Bad Request", "TX-20241116-ABCDEF-0001",
	"영수증 2024-1116-123456", "거래번호 20241116-123456-0001", "송장 6012-3456-7890", "계약 A-2024-010-0001", "room 010-1", "ext 4242", "call 119",
	"1577-1577",
}
