package name_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

func TestVerdict(t *testing.T) {
	tests := map[name.Verdict]string{
		name.VerdictSecret: `password Passwd userPwd PASSWD_HASH password_hash passwordHash newPassword2 password-confirmation DBPassword
			dbpassword sshKey ssh_private_key encryptionKey signing_key MASTER_KEY accessKey AccessKeySecret secretAccessKey
			aws_secret_access_key X-CSRF-Token csrfToken idToken id_token oauthToken bearerToken pinCode securityCode cvv CVC
			cardNumber card_no creditCardNumber accountNumber bankAccountNumber webhook_secret connectionString api-key APIKey
			APIKEY apikey xApiKey x-amz-security-token sessionId session_id JSESSIONID sid refresh_token
			Proxy-Authorization Cookie Set-Cookie otpCode totp_secret recovery_code backupCodes clientSecret client.secret
			pass%77ord user[password] residentRegistrationNumber rrn ssn passport_number phoneNumber user_email email jwt
			privateKeyPem credentials db_credentials 비밀번호 사용자비밀번호 패스워드 카드번호 계좌번호 휴대폰번호 주민번호
			인증번호 api키 pass db_pass PrivateKey private-key deploy_key hmacKey sharedKey signature sig x-signature salt
			ansible_become_pass ansible_ssh_pass totp_seed otpSeed device_code ｐａｓｓｗｏｒｄ
			private_key_id privateKeyId PrivateKeyID bindpw dbpw rootpw olcRootPW ftppw keystorepw wifi_pw truststorepass kspass mysqlpass
			PAM_AUTHTOK oldauthtok auth_tok X-Auth-Tok access_tok masterauth redis.masterauth master-auth psw snmp_rocommunity
			securestring preSharedKey unseal_key server_key sessionTicketKey krb5_keytab pgpass PGPASSFILE_PW puk
			password2 apiKeyV2 userpassword2 passwordhash pass_word from_email card_nr apiKeys
			customerCpf pesel bsn_number aadhaarNo nationalInsuranceNumber user_dni nric steuerId fodselsnummer`,
		name.VerdictPlain: `passenger tokenizer tokenizer_version token_count tokenCount password_length passwordLength password_policy
			secretary compass author authorized authority authorization_status keyboard key primary_key publicKey public_key
			sort_key cacheKey partition_key shipping pinned spinning session_duration_ms sessionCount signature_algorithm
			cookie_count cookieConsent password_reset_requested has_password_expired token_type tokenType token_endpoint
			token_expires_at tokenExpiry secret_name secretVersion credential_type user_id request_id method endpoint bypass
			bypassed pwned_check monkey donkey hockey turkey api_version access_level email_sent phone_model mobile_os passed
			pass_rate boarding_pass bearer_count max_tokens_limit card_type account_id accountName order_id idempotency_key
			client_ip encryption_enabled private authMethod 암호화 비밀번호변경여부 토큰개수 고객명 주문번호 keyword keynote
			bypass byPass compass sshpass render_pass trespass underpass LastPass keepass multipass authtok_type httpd mpw_id spawn
			password_pw_count key_id access_key_id private_note community map_ticket emailTemplate secretKeyRef cpf_valid pesel_count password_ref tokenReference secret-refs api_key_ref password_strength via_email passwordlengths apiKeyRotation card_number_type number 1234 _`,
		name.VerdictScalar:  `auth session sess authentication AUTH X-Auth-Token`,
		name.VerdictCounted: `tokens secrets`,
		name.VerdictListed:  `passwords pins userPins otps old_cvvs`,
		// The head of these names says that they are a number.
		name.VerdictMeasured: `max_tokens num_secrets completion-token total_passwords`,
	}
	j := name.NewJudge(name.Lists{})
	for want, names := range tests {
		for n := range strings.FieldsSeq(names) {
			if got := j.Verdict(n); got != want {
				t.Errorf("Verdict(%q) = %d, want %d", n, got, want)
			}
		}
	}
}

func TestVerdictOfDecomposedHangul(t *testing.T) {
	// 비밀번호 as macOS writes it.
	const decomposed = "\u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169"
	if got := name.NewJudge(name.Lists{}).Verdict(decomposed); got != name.VerdictSecret {
		t.Errorf("Verdict(%q) = %d, want %d", decomposed, got, name.VerdictSecret)
	}
}

func TestOwnLists(t *testing.T) {
	j := name.NewJudge(name.Lists{
		Secret: []string{"employee_number", "otp"}, Plain: []string{"sessionId", "otp"},
		Headers: []string{"X-Tenant"}, Parameters: []string{"shop_token"},
	})
	for n, want := range map[string]name.Verdict{
		"EmployeeNumber": name.VerdictSecret, "session-id": name.VerdictPlain, "otp": name.VerdictSecret, "password": name.VerdictSecret,
	} {
		if got := j.Verdict(n); got != want {
			t.Errorf("Verdict(%q) = %d, want %d", n, got, want)
		}
	}
	for n, want := range map[string]bool{"x-tenant": true, "content-type": true, "X-Other": false, "Cookie": false} {
		if got := j.ShowsHeader(n); got != want {
			t.Errorf("ShowsHeader(%q) = %t, want %t", n, got, want)
		}
	}
	parameters := []struct {
		name   string
		want   name.Verdict
		listed bool
	}{
		{"shopToken", name.VerdictPlain, true},
		{"session_id", name.VerdictPlain, true},
		{"employeeNumber", name.VerdictSecret, true},
		{"page", name.VerdictPlain, true},
		{"pa%67e", name.VerdictPlain, true},
		{"sig", name.VerdictSecret, true},
		{"password", name.VerdictSecret, false},
		{"tokens", name.VerdictCounted, false},
		{"foo", name.VerdictPlain, false},
	}
	for _, tt := range parameters {
		if got, listed := j.Parameter(tt.name); got != tt.want || listed != tt.listed {
			t.Errorf("Parameter(%q) = %d, %t; want %d, %t", tt.name, got, listed, tt.want, tt.listed)
		}
	}
}

func TestFlag(t *testing.T) {
	j := name.NewJudge(name.Lists{})
	for word, want := range map[string]bool{
		"--password": true, "-storepass": true, "--api-key": true, "--user": false, "-p": false, "password": false, "--": false,
	} {
		if got := j.Flag(word); got != want {
			t.Errorf("Flag(%q) = %t, want %t", word, got, want)
		}
	}
}

func TestHides(t *testing.T) {
	shapes := []name.Shape{name.ShapeConstant, name.ShapeNumber, name.ShapeText, name.ShapeCounts, name.ShapeCompound}
	for v, want := range map[name.Verdict][]bool{
		name.VerdictPlain:   {false, false, false, false, false},
		name.VerdictSecret:  {false, true, true, true, true},
		name.VerdictScalar:  {false, true, true, false, false},
		name.VerdictCounted: {false, false, true, false, true},
	} {
		for i, s := range shapes {
			if got := v.Hides(s); got != want[i] {
				t.Errorf("verdict %d hides shape %d: %t, want %t", v, s, got, want[i])
			}
		}
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[string]string{
		"APIKey": "api key", "apiIDs": "api ids", "JWTs": "jwts", "OTP번호": "otp 번호", "user_id-2": "user id 2",
		"HTTPServer": "http server", "v2Token": "v2 token", "a..b": "a b", "": "", "Été": "été",
	} {
		if got := strings.Join(name.Words(n), " "); got != want {
			t.Errorf("Words(%q) = %q, want %q", n, got, want)
		}
	}
}

func TestScriptNamesAreFolded(t *testing.T) {
	for _, n := range name.ScriptNames() {
		if name.Fold(n) != n {
			t.Errorf("%q is not folded: want %q", n, name.Fold(n))
		}
	}
}

func TestVerdictAllocatesNothing(t *testing.T) {
	j := name.NewJudge(name.Lists{})
	for _, n := range []string{"password", "refresh_token", "user_id", "x-request-id"} {
		if got := testing.AllocsPerRun(100, func() { j.Verdict(n) }); got > 0 {
			t.Errorf("Verdict(%q) allocates %v times, want 0", n, got)
		}
	}
}

// FuzzVerdict checks that a verdict does not depend on how a name is spelled.
func FuzzVerdict(f *testing.F) {
	for _, n := range []string{"password", "refresh_token_2", "DBPassword", "비밀번호", "APIKey", "a%41", "\xff", "x[password]", "ᄀ"} {
		f.Add(n)
	}
	j := name.NewJudge(name.Lists{})
	f.Fuzz(func(t *testing.T, n string) {
		if folded := name.Fold(n); name.Fold(folded) != folded {
			t.Errorf("Fold(%q) = %q, which folds again to %q", n, folded, name.Fold(folded))
		}
		words := name.Words(n)
		for _, w := range words {
			if w == "" || strings.ContainsFunc(w, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) }) {
				t.Errorf("Words(%q) = %q, want letters and digits only", n, words)
			}
		}
		lower := slices.ContainsFunc(words, func(w string) bool { return strings.ToUpper(w) == w })
		if len(n) > 200 || lower || strings.Contains(n, "%") || name.Fold(n) != strings.Join(words, "") {
			return // the words in capitals would be other words
		}
		snake, kebab := strings.Join(words, "_"), strings.ToUpper(strings.Join(words, "-"))
		if len(name.Words(kebab)) != len(words) {
			return
		}
		if got, want := j.Verdict(kebab), j.Verdict(snake); got != want {
			t.Errorf("Verdict(%q) = %d, but Verdict(%q) = %d", kebab, got, snake, want)
		}
	})
}
