package canary

import (
	"fmt"
	"net/http"
	"net/url"
)

// documents adds bodies, URLs and headers as text.
func documents(s *set) {
	for i, body := range documentBodies {

		s.must(fmt.Sprintf("SB%03d", i+1), "document", body, pw, str1("note", body))
	}
	for i, u := range documentURLs {

		s.must(fmt.Sprintf("SU%02d", i+1), "url", u, pw, str1("u", u))
	}
	for i, h := range documentHeaders {

		s.must(fmt.Sprintf("SH%02d", i+1), "header", h, pw, any1("h", http.Header{h: {pw}}))
	}
	for i, line := range documentLines {

		secret := pw
		if i == 0 {
			secret = "Ym9iOmh1bnRlcjItWng5MQ"
		}
		s.must(fmt.Sprintf("SD%02d", i+1), "header", line, secret, str1("dump", line))
	}
}

var documentBodies = []string{
	`{"password" : "` + pw + `"}`, `{ "user" : { "credentials" : [ { "value" : "` + pw + `" } ] } }`, `[1,[2,["x",{"accessToken":"` + pw + `"}]]]`,
	"\ufeff" + `{"password":"` + pw + `"}`, `prefix {"password":"` + pw + `"} suffix`, `body={"password":"` + pw + `"}`,
	`{"a":1}` + "\n" + `{"password":"` + pw + `"}`,
	`{"password":"` + pw + `",}`, `{'password': '` + pw + `'}`, `{password: "` + pw + `"}`, `{"password":"abc\"` + pw + `"}`,
	`{"password":["` + pw + `","x"]`, `{"secret":{"inner":"` + pw + `"`,
	`{\"password\":\"` + pw + `\"}`, `{\\\"password\\\":\\\"` + pw + `\\\"}`, `"{\"token\":\"` + pw + `\"}"`,
	`{"name":"password","value":"` + pw + `"}`, `{"value":"` + pw + `","name":"password"}`,
	"password=" + pw, "a=1&client_secret=" + pw + "&b=2", "user%5Bpassword%5D=" + pw + "&x=1", "user[password]=" + pw, "pass%77ord=" + pw,
	"data=%7B%22password%22%3A%22" + pw + "%22%7D", "password=" + url.QueryEscape("a b&"+pw),
	"<password>" + pw + "</password>", "<ns:Password xmlns:ns='u'>" + pw + "</ns:Password>", `<user password="` + pw + `"/>`,
	`<user password='` + pw + `'/>`, `<add key="ApiKey" value="` + pw + `"/>`, `<param name="password">` + pw + `</param>`,
	"<password><![CDATA[" + pw + "]]></password>", `<wsse:Password Type="x#PasswordText">` + pw + "</wsse:Password>",
	`<input type="password" name="pwd" value="` + pw + `">`, "&lt;password&gt;" + pw + "&lt;/password&gt;",
	"password: " + pw, "user:\n  password: '" + pw + "'\n  x: 1", "password: |\n  " + pw + "\nnext: 1",
	"- name: DB_PASSWORD\n  value: " + pw + "\n", "password = \"" + pw + "\"", "[db]\npassword = " + pw + "\n", "export DB_PASSWORD=" + pw,
	"set password " + pw + " for bob", "password is " + pw, "password was '" + pw + "'", "password -> " + pw, "password => '" + pw + "'",
	"password := \"" + pw + "\"", "password:\t" + pw, "Password : " + pw, "PASSWORD=\"" + pw + "\"",
	`level=info user=b password="two words ` + pw + `" x=1`, "pwd:" + pw, "token: " + pw + ", next", "(password=" + pw + ")",
	"[password=" + pw + "]", "pw=" + pw, "passwd=" + pw + ";user=b", "password=abc," + pw,
	"CREATE USER bob WITH PASSWORD '" + pw + "'", "ALTER USER bob IDENTIFIED BY '" + pw + "'",
	"INSERT INTO u (name, password) VALUES ('b', '" + pw + "')", "SELECT * FROM u WHERE api_key = '" + pw + "'",
	"WHERE token IN ('" + pw + "','x')",
	"mutation { login(email: \"b\", password: \"" + pw + "\") { id } }", `variables={"input":{"password":"` + pw + `"}}`,
	"map[password:" + pw + " user:b]", "{User:b Password:" + pw + "}", "&{b " + "Password:" + pw + "}",
	`main.Cred{User:"b", Password:"` + pw + `"}`,
	"curl -u bob:" + pw + " https://h/", "curl -H 'Authorization: Bearer " + pw + "' h", "curl -H \"X-Api-Key: " + pw + "\" h",
	"mysql -uroot --password=" + pw, "mysqldump -p" + pw + " db", "redis-cli -a " + pw, "docker login -u b -p " + pw,
	"sshpass -p " + pw + " ssh h", "PGPASSWORD=" + pw + " psql -h db", "--token " + pw, "--api-key=" + pw, "-password " + pw,
	"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\n" + pw + "\r\n--b--",
	"--b\nContent-Disposition: form-data; name=\"password\"\n\n" + pw + "\n--b--",
	"--b\r\nContent-Disposition: form-data; name=password\r\nContent-Type: text/plain\r\n\r\n" + pw + "\r\n--b--",
	"비밀번호: " + pw, "비밀번호=" + pw, "비밀번호는 " + pw + " 입니다", "인증번호 [" + pw + "]를 입력", `{"비밀번호":"` + pw + `"}`, "?비밀번호=" + pw, "パスワード: " + pw,
	"密码：" + pw, "password：" + pw,
}

var documentURLs = []string{
	"/p?token=" + pw, "/p?a=1&Token=" + pw + "#x", "/p;jsessionid=" + pw, "/p;jsessionid=" + pw + "?x=1", "//h/p?sig=" + pw,
	"?code=" + pw + "&state=x", "https://h/cb?code=" + pw, "https://h/cb#id_token=" + pw + "&x=1", "https://h/#/r?access_token=" + pw,
	"https://h/p?X-Amz-Credential=" + pw, "https://h/p?sv=2020&sig=" + pw, "https://h/p?Signature=" + pw + "&Expires=1",
	"https://h/p?X-Goog-Signature=" + pw, "https://h/p?subscription-key=" + pw, "https://h/p?appid=" + pw, "https://h/p?key=" + pw,
	"https://h/p?hash=" + pw, "https://h/p?reset=" + pw,
	"https://" + pw + "@h/p", "https://x-access-token:" + pw + "@github.com/a/b.git", "https://bob:p%40" + pw + "@h/",
	"https://bob:a:b/" + pw + "@h/", "redis://default:" + pw + "@h:6379", "amqps://b:" + pw + "@h/v", "ws://h/s?ticket=" + pw,
	"https://h/p?u=https%253A%252F%252Fx%253Ftoken%253D" + pw,
	"https://h/p?q=a&amp;token=" + pw, "https://h/p?filter[token]=" + pw, "https://h/p?tokens[]=" + pw, "https://h/p?TOKEN=" + pw,
	"https://h/p?access%5Ftoken=" + pw, "https://h/p?redirect_uri=https://x/?token=" + pw, "https://hooks.example/services/x?secret=" + pw,
	"https://h/p?email=" + pw, "https://h/p?password=" + pw + "'", "see (https://h/p?token=" + pw + ")", "sftp://bob:" + pw + "@h:22/x",
	"postgresql:///db?user=b&password=" + pw, "https://h/p?otp=" + pw, "GET /p?auth=" + pw + " HTTP/1.1",
	`10.0.0.1 - bob [10/Oct/2000:13:55:36 +0000] "GET /a?api_key=` + pw + ` HTTP/1.0" 200 2326 "https://r/?token=` + pw + `" "curl"`,
}

var documentHeaders = []string{
	"Authorization", "authorization", "Proxy-Authorization", "X-Authorization", "X-Amz-Security-Token", "X-Api-Key", "Api-Key", "Apikey",
	"X-Auth-Token", "X-Access-Token", "X-Refresh-Token", "X-Session-Id", "X-Session-Token", "X-Csrf-Token", "X-Xsrf-Token",
	"Cookie", "Cookie2", "Set-Cookie", "X-Forwarded-Access-Token", "X-Goog-Iap-Jwt-Assertion", "Cf-Access-Jwt-Assertion", "X-Gitlab-Token",
	"X-Hub-Signature-256", "X-Vault-Token", "X-Shopify-Access-Token", "X-User-Email", "X-Forwarded-Email", "X-Custom-Thing",
	"Www-Authenticate", "Sec-Websocket-Key", "Ocp-Apim-Subscription-Key", "Dpop", "X-Ms-Token-Aad-Access-Token",
}

var documentLines = []string{
	"Authorization: Basic " + "Ym9iOmh1bnRlcjItWng5MQ==", "authorization: bearer " + pw, "Authorization: Token " + pw,
	"Authorization: ApiKey " + pw, "Authorization: " + pw, "Authorization: Digest username=\"b\", response=\"" + pw + "\"",
	"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, SignedHeaders=host, Signature=" + pw,
	"Authorization: Negotiate " + pw, "authorization=Bearer+" + pw, "authorization=[Bearer " + pw + "]",
	`"Authorization":["Bearer ` + pw + `"]`, "map[Authorization:[Bearer " + pw + "] Accept:[x]]",
	"Cookie: a=1; sid=" + pw + "; b=2", "Set-Cookie: sid=" + pw + "; Path=/; HttpOnly", "cookie=sid=" + pw, "X-Api-Key: " + pw,
	"x-auth-token: " + pw, "> X-Vault-Token: " + pw, "GET / HTTP/1.1\nHost: h\nX-Session-Token: " + pw + "\n\n", "Bearer " + pw,
	"bearer:" + pw, "Bearer: " + pw, "got header 'Bearer " + pw + "'", "X-CSRF-TOKEN=" + pw,
	"headers: {Authorization: Bearer " + pw + ", Accept: x}",
}
