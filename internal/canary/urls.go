package canary

import (
	"net/url"
)

// urls adds secrets in URLs.
func urls(s *set) {
	s.must("U01", "url", "query token", pw, str1("url", "https://a.example/p?token="+pw+"&x=1"))
	s.must("U02", "url", "userinfo", pw, str1("url", "https://bob:"+pw+"@a.example/p"))
	s.must("U03", "url", "*url.URL value with query token", pw, any1("url", must1(url.Parse("https://a.example/p?access_token="+pw))))
	s.must("U04", "url", "presigned S3 signature", "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024", str1("url", "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024"))
	s.must("U05", "url", "fragment access_token", pw, str1("url", "https://a.example/cb#access_token="+pw))
	s.must("U06", "url", "percent-encoded parameter name", pw, str1("url", "https://a.example/p?pass%77ord="+pw))
	s.must("U07", "url", "nested encoded URL", pw, str1("url", "https://a.example/p?next=https%3A%2F%2Fb.example%2F%3Ftoken%3D"+pw))
	s.must("U08", "url", "JWT in path", jwt, str1("url", "https://a.example/reset/"+jwt))
	s.must("U09", "url", "access log message with query secret", pw, msg("GET /v1/orders?api_key="+pw+" => 200"))
}
