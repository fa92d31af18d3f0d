package redact

import "strings"

// The lists behind the default policy, in lower case. A word belongs here when
// a value under it is a credential or personal data in any service; what is
// particular to one goes to Policy.Keys.

var secretWords = classes(map[verdict]string{
	secret: `password passwd passwrd passphrase passcode passkey pwd pswd pword userpass secret credential credentials
		cred creds token apikey appkey secretkey privatekey accesskey authkey signingkey encryptionkey masterkey jwt
		authorization bearer jsessionid phpsessid sessionid sessid cvv cvv2 cvc cvc2 ssn rrn jumin
		cardnumber cardno creditcard debitcard ccnumber ccnum accountnumber accountno bankaccount iban
		socialsecurity residentnumber residentregistration alienregistration passportnumber passportno
		licensenumber driverlicense driverslicense taxid nationalid securitycode verificationcode
		authcode authorizationcode pincode otpcode smscode recoverycode backupcode mfacode
		phonenumber mobilenumber telephonenumber phoneno mobileno cellphone msisdn emailaddress mailaddress
		dateofbirth birthdate mnemonic seedphrase walletseed recoveryseed connectionstring connstring
		samlresponse samlassertion clientassertion storepass keypass dbpass adminpass rootpass smtppass
		emailaddr mailaddr passportid codeverifier oauthverifier 2facode twofactorcode securityanswer requirepass
		foreignerregistration serviceaccountjson passwort kennwort senha wachtwoord hasło contrasena motdepasse parola heslo`,
	plural: `tokens secrets passwords cookies credentialsets`,
	weak: `signature sig pin otp totp hotp cookie setcookie csrf xsrf nonce sid salt pepper pan csc dob
		privkey sharedaccesssignature magiclink resetlink invitelink pw psk pat birth birthday bcrypt`,
	sole:   `pass mail mobile tel`,
	reach:  `email phone telephone`,
	scalar: `auth session sess authentication`,
})

var (
	secretSuffixes = strings.Fields(`password passwd passphrase passcode secret credential credentials apikey
		token secretkey privatekey accesskey pwd sessionid`)
	secretPrefixes = strings.Fields(`password passwd passphrase apikey secretkey privatekey accesstoken refreshtoken`)

	// keyOwners are the words that make the key after them a credential.
	keyOwners = set(`api app access secret private priv signing sign encryption encrypt enc decryption decrypt dec master auth
		authentication ssh service account storage shared session client consumer deploy webhook crypto cipher
		symmetric aes des hmac rsa dsa ecdsa ed25519 pgp gpg tls ssl jwt jwk root admin license activation
		recovery wallet vault data host integration ingest write instrumentation subscription
		stripe aws gcp azure openai anthropic google github gitlab sendgrid twilio mailgun datadog sentry`, strings.ToLower)

	// owners are the words after which pass, email or phone is someone's.
	owners = set(`user usr db database my admin root login ftp smtp imap ldap mysql pg postgres redis rabbit mongo
		proxy http basic auth customer client member contact buyer seller receiver recipient sender owner home
		work mobile cell reply billing shipping account old new current confirm`, strings.ToLower)

	// numberOwners are the words that make the number after them someone's.
	numberOwners = set(`card account passport license licence resident tel telephone phone mobile cell cellular`, strings.ToLower)

	// noOwners are the words before email or phone that make it a way or a fact.
	noOwners = set(`is has was can no via by per send sent sends use uses with without allow require requires required
		enable disable opt notify verify verified invalid valid missing max min num count total`, strings.ToLower)

	// metaTails are last words that turn a secret's name into a fact about it.
	metaTails = set(`count counts counter version versions length len size bytes type types typ algorithm algorithms
		alg algo policy policies expiry expire expires expiration expired exp ttl age duration ms ns us millis seconds
		sec secs minutes hours days at time timestamp date status state valid validity invalid enabled disabled
		required requested changed updated created rotated revoked issued verified reset name names id ids index
		limit limits usage used remaining max min strength score attempts attempt retries retry failures failed
		errors error provider source scope scopes format field fields url uri path file endpoint host method
		methods check checked checker present exists found rotation issuer audience kind model price cost per rate
		bucket buckets manager store service handler family holder position color colour rules rule hits misses
		interval threshold timeout lifetime budget total matched mode level step flow page form validator validation generator
		less ful ization izer ize izers server secure samesite domain banner consent template label description
		encoding class prefix suffix sent message subject quota window stage event action result reason
		latency set mismatch match rejected accepted allowed`, strings.ToLower)

	// carriers are last words that leave a secret's name a secret's name.
	carriers = set(`value val values code number num no raw hash hashed digest text plain cleartext plaintext b64
		base64 hex encoded encrypted string str data header headers new old current confirm confirmation again
		repeat 번호 값 코드 원문 first second primary secondary tmp temp live test prod dev pem material content body token`, strings.ToLower)

	// countHeads are first words after which a number counts the secret.
	countHeads = set(`num number count n total max min avg mean used remaining has is use uses with no
		require requires required needs forgot input output prompt completion cached reasoning context`, strings.ToLower)
)

var (
	scriptSecrets = strings.Fields(`비밀번호 비번 패스워드 암호 패스코드 시크릿 토큰 인증번호 인증키 인증코드 비밀키 개인키 접근키
		액세스키 세션키 암호화키 세션id 세션아이디 api키 에이피아이키 보안코드 보안카드 주민등록번호 주민번호 외국인등록번호 외국인번호 여권번호 면허번호 카드번호
		신용카드 계좌번호 통장번호 휴대폰번호 휴대폰 휴대전화 핸드폰 전화번호 연락처 이메일 전자우편 생년월일 생일 핀번호 쿠키
		パスワード 暗証番号 トークン シークレット クレジットカード番号 電話番号 メールアドレス マイナンバー
		密码 密碼 口令 令牌 密钥 密鑰 验证码 驗證碼 手机号 手機號 身份证 身份證 邮箱 信用卡号 пароль токен contraseña`)
	scriptTails = strings.Fields(`화 길이 개수 횟수 여부 정책 유형 종류 타입 만료 버전 변경 일시 시각 상태 수 수량 강도 형식 규칙 오류
		설정 재설정 초기화 찾기 검증 갱신 발급 폐기 목록 관리 인증 허용 동의 기종 모델 발송 수신 도메인 제목 필요 長さ 长度`)
)

// plainHeaders are the HTTP headers whose values are shown. They describe the
// message, the client's software and the transport, never the caller.
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

// plainParameters are the query parameters whose values are shown: they page,
// sort and select.
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
	code_verifier confirmation activation apikey appid subscription_key`, squash)

func classes(m map[verdict]string) map[string]verdict {
	out := make(map[string]verdict)
	for v, words := range m {
		for w := range strings.FieldsSeq(words) {
			out[w] = v
		}
	}
	return out
}
