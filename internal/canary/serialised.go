package canary

import (
	"encoding/json"
	"fmt"
)

// serialised adds values that are documents.
func serialised(s *set) {
	body := `{"user":"bob","password":"` + pw + `","n":1}`
	s.must("S01", "body", "json.RawMessage", pw, any1("body", json.RawMessage(body)))
	s.must("S02", "body", "[]byte JSON (base64 in JSON)", pw, any1("body", []byte(body)))
	s.must("S03", "body", "string containing JSON", pw, str1("body", body))
	s.must("S04", "body", "JSON inside JSON string", pw, str1("body", `{"payload":`+string(mustJSON(body))+`}`))
	s.must("S05", "body", "form body", pw, str1("body", "username=a&password="+pw+"&x=1"))
	s.must("S06", "body", "XML body", pw, str1("body", "<login><user>a</user><password>"+pw+"</password></login>"))
	s.must("S07", "body", "truncated JSON", pw, str1("body", `{"user":"bob","password":"`+pw))
	s.must("S08", "body", "YAML text", pw, str1("body", "user: bob\npassword: "+pw+"\n"))
	s.must("S09", "body", "multipart body", pw, str1("body", "--X\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n"+pw+"\r\n--X--"))
	s.must("S10", "body", "JSON with escaped key pass\\u0077ord", pw, str1("body", `{"pass\u0077ord":"`+pw+`"}`))
	s.must("S11", "body", "proto text", pw, str1("body", `user:"bob" password:"`+pw+`"`))
	s.must("S12", "body", "fmt %+v of struct in message", pw, msg(fmt.Sprintf("req %+v", account{"bob", pw})))
	s.must("S13", "body", "GraphQL argument", pw, str1("body", `{"query":"mutation{login(user:\"b\",password:\"`+pw+`\"){id}}"}`))
	s.must("S14", "body", "SQL literal", pw, str1("query", "UPDATE users SET password = '"+pw+"' WHERE id=1"))
	s.must("S15", "body", "JSON body with number secret", "9917733", str1("body", `{"otp":9917733}`))
	s.must("S16", "body", "JSON array of objects string", pw, str1("body", `[{"a":1},{"access_token":"`+pw+`"}]`))
}
