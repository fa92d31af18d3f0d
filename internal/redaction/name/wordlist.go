package name

import "strings"

// The lists of the default policy, in lower case. A word belongs here if a
// value under it is a credential or personal data in every service. Words of
// one service belong to its policy.

// secretWords are the words that make a name secret, by class.
var secretWords = classes(map[class]string{
	always: `password passwd passwrd passphrase passcode passkey pwd pswd pword userpass secret credential credentials
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
		totpseed otpseed devicecode privatekeyid authtok accesstok refreshtok sessiontok oauthtok masterauth htpasswd pgpass securestring
		rocommunity rwcommunity snmpcommunity communitystring pukcode unlockcode sharedkey presharedkey ticketkey
		foreignerregistration serviceaccountjson passwort kennwort senha wachtwoord hasło contrasena motdepasse parola heslo
		cpf cnpj pesel bsn nino aadhaar aadhar codicefiscale personnummer fodselsnummer steuerid burgerservicenummer
		nationalinsurance socialinsurance taxfilenumber nhsnumber curp hetu`,
	plural:  `tokens secrets cookies credentialsets`,
	listing: `passwords pins otps totps cvvs cvcs ssns rrns`,
	last: `signature sig pin otp totp hotp cookie setcookie csrf xsrf nonce sid salt pepper pan csc dob
		privkey dni nie nif tfn egn cnp jmbg nric hkid sharedaccesssignature magiclink resetlink invitelink pw psk pat birth birthday bcrypt psw puk keytab`,
	owned:   `pass mail mobile tel`,
	contact: `email phone telephone`,
	scalar:  `auth session sess authentication`,
})

// Words that are secret also as a part of a longer word: userpassword,
// passwordhash.
var (
	secretSuffixes = strings.Fields(`password passwd passphrase passcode secret credential credentials apikey
		token secretkey privatekey accesskey pwd sessionid authtok masterauth pswd`)
	// lastSuffixes end a last word that is secret: bindpw, truststorepass, but not
	// the harmless words that end alike.
	lastSuffixes = strings.Fields(`pw pass`)
	notPasswords = set(`bypass compass encompass trespass surpass overpass underpass subpass renderpass multipass
		singlepass onepass twopass firstpass lastpass sshpass keepass gopass enpass autopass`, strings.ToLower)
	secretPrefixes = strings.Fields(`password passwd passphrase apikey secretkey privatekey accesstoken refreshtoken`)

	// keyOwners are words that make the key after them a credential.
	keyOwners = set(`api app access secret private priv signing sign encryption encrypt enc decryption decrypt dec master auth
		authentication ssh service account storage shared session client consumer deploy webhook crypto cipher
		symmetric aes des hmac rsa dsa ecdsa ed25519 pgp gpg tls ssl jwt jwk root admin license activation
		recovery wallet vault data host integration ingest write instrumentation subscription server preshared
		unseal seal ticket wrapping wrap kek cmk tunnel wireguard wg derivation webhooks hook unlock obfuscation
		stripe aws gcp azure openai anthropic google github gitlab sendgrid twilio mailgun datadog sentry`, strings.ToLower)

	// owners are words after which pass or mobile belongs to someone.
	owners = set(`user usr db database my admin root login ftp smtp imap ldap mysql pg postgres redis rabbit mongo
		proxy http basic auth customer client member contact buyer seller receiver recipient sender owner home
		become ssh sudo vnc wifi smb vpn email bind keystore truststore work mobile cell reply billing shipping account old new current confirm`, strings.ToLower)

	// numberOwners are words after which a number identifies someone.
	numberOwners = set(`card account passport license licence resident tel telephone phone mobile cell cellular`, strings.ToLower)

	// noOwners are words before email or phone that make it a channel or a fact.
	noOwners = set(`is has was can no via by per send sent sends use uses with without allow require requires required
		enable disable opt notify verify verified invalid valid missing max min num count total`, strings.ToLower)

	// metaTails are last words that turn the name of a secret into a fact about
	// it.
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
		latency set mismatch match rejected accepted allowed ref refs reference`, strings.ToLower)

	// carriers are last words that do not change the meaning of the name.
	carriers = set(`value val values code number num no raw hash hashed digest text plain cleartext plaintext b64
		base64 hex encoded encrypted string str data header headers new old current confirm confirmation again
		repeat 번호 값 코드 원문 first second primary secondary tmp temp live test prod dev pem material content body token`, strings.ToLower)

	// countHeads are first words that make a number a count: max_tokens.
	countHeads = set(`num number count n total max min avg mean used remaining has is use uses with no
		require requires required needs forgot input output prompt completion cached reasoning context`, strings.ToLower)
)

// Names in scripts that do not separate words, and the endings that turn them
// into facts.
var (
	scriptSecrets = strings.Fields(`비밀번호 비번 패스워드 암호 패스코드 시크릿 토큰 인증번호 인증키 인증코드 비밀키 개인키 접근키
		액세스키 세션키 암호화키 세션id 세션아이디 api키 에이피아이키 보안코드 보안카드 주민등록번호 주민번호 외국인등록번호 외국인번호 여권번호 면허번호 카드번호
		신용카드 계좌번호 통장번호 휴대폰번호 휴대폰 휴대전화 핸드폰 전화번호 연락처 이메일 전자우편 생년월일 생일 핀번호 쿠키
		パスワード 暗証番号 トークン シークレット クレジットカード番号 電話番号 メールアドレス マイナンバー
		密码 密碼 口令 令牌 密钥 密鑰 验证码 驗證碼 手机号 手機號 身份证 身份證 邮箱 信用卡号 пароль токен contraseña`)
	scriptTails = strings.Fields(`화 길이 개수 횟수 여부 정책 유형 종류 타입 만료 버전 변경 일시 시각 상태 수 수량 강도 형식 규칙 오류
		설정 재설정 초기화 찾기 검증 갱신 발급 폐기 목록 관리 인증 허용 동의 기종 모델 발송 수신 도메인 제목 필요 長さ 长度`)
)

func classes(m map[class]string) map[string]class {
	out := make(map[string]class)
	for c, words := range m {
		for w := range strings.FieldsSeq(words) {
			out[w] = c
		}
	}
	return out
}

// set returns the words of a list, folded.
func set(words string, fold func(string) string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[fold(w)] = true
	}
	return m
}
