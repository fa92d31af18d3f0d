package name

// plainHeaders are the HTTP headers whose values may be shown. They describe
// the message, the client's software and the transport, never the caller.
const plainHeaders = `Accept Accept-Charset Accept-Encoding Accept-Language Accept-Ranges Access-Control-Allow-Credentials
	Access-Control-Allow-Headers Access-Control-Allow-Methods Access-Control-Allow-Origin Access-Control-Expose-Headers
	Access-Control-Max-Age Access-Control-Request-Headers Access-Control-Request-Method Age Allow Alt-Svc B3
	Cache-Control Connection Content-Disposition Content-Encoding Content-Language Content-Length Content-Range
	Content-Type Date Deprecation Dnt Etag Expect Expires Grpc-Encoding Grpc-Accept-Encoding Grpc-Message Grpc-Status
	Grpc-Timeout Host Idempotency-Key If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since Keep-Alive
	Last-Modified Link Location Max-Forwards Mime-Version Origin Pragma Priority Range Ratelimit-Limit
	Ratelimit-Remaining Ratelimit-Reset Referer Referrer-Policy Retry-After Sec-Ch-Ua Sec-Ch-Ua-Mobile
	Sec-Ch-Ua-Platform Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site Sec-Fetch-User Sec-Websocket-Extensions
	Sec-Websocket-Protocol Sec-Websocket-Version Server Server-Timing Strict-Transport-Security Sunset Te Trailer
	Traceparent Transfer-Encoding Upgrade Upgrade-Insecure-Requests User-Agent Vary Via Warning X-B3-Flags
	X-B3-Parentspanid X-B3-Sampled X-B3-Spanid X-B3-Traceid X-Cache X-Cloud-Trace-Context X-Content-Type-Options
	X-Correlation-Id X-Envoy-Attempt-Count X-Envoy-Decorator-Operation X-Envoy-Upstream-Service-Time
	X-Forwarded-Host X-Forwarded-Port X-Forwarded-Proto X-Frame-Options X-Powered-By X-Ratelimit-Limit
	X-Ratelimit-Remaining X-Ratelimit-Reset X-Request-Id X-Request-Start X-Response-Time X-Runtime X-Trace-Id
	X-Amz-Cf-Id X-Amzn-Requestid X-Amzn-Trace-Id X-App-Version X-Client-Version X-Requested-With`

// plainParameters are the query parameters whose values may be shown: they
// page, sort and select.
const plainParameters = `page page_size per_page size limit offset count start end from to since until before after sort
	sort_by order order_by dir direction asc desc filter fields include exclude expand embed lang language locale hl
	format type kind category tag status view tab mode version v q query search id ids name date year month day week
	hour tz timezone currency country region city color brand min max width height w h quality ts timestamp
	utm_source utm_medium utm_campaign utm_term utm_content callback pretty verbose debug
	x_amz_algorithm x_amz_date x_amz_expires x_amz_signedheaders x_goog_algorithm x_goog_date x_goog_expires
	response_type grant_type scope client_id redirect_uri next return_to continue`

// secretParameters are query parameters that carry a credential although their
// names do not say so elsewhere.
var secretParameters = set(`code state sig signature key auth otp nonce ticket hash h_mac hmac sid session access assertion
	samlresponse samlrequest sas se_sig x_amz_signature x_amz_security_token x_amz_credential x_goog_signature
	x_goog_credential awsaccesskeyid pass pw pwd tk at rt jwt id_token invite magic link_token verifier
	code_verifier confirmation activation apikey appid subscription_key`, Fold)
