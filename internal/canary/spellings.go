package canary

import (
	"fmt"
	"log/slog"
)

// spellings adds names that mean a secret, as services, databases, forms and
// clouds write them.
func spellings(s *set) {
	for i, k := range []string{
		"Password", "passWord", "PASS_WORD", "user-password", "userpassword", "USERPASSWORD", "pass", "user_pass", "dbPass", "db_pass",
		"DB_PASSWORD", "spring.datasource.password", "mysql_pwd", "PGPASSWORD", "MYSQL_ROOT_PASSWORD", "loginPw", "passwordConfirm", "confirm_password",
		"password_confirmation", "newPasswordAgain", "oldPassword", "password_hash", "hashedPassword", "bcrypt_hash", "password1", "admin_passwd",
		"secret", "clientSecret", "CLIENT_SECRET", "oauth2ClientSecret", "appSecret", "shared_secret", "webhookSecret", "signing-secret",
		"jwtSecret", "JWT_SECRET_KEY",
		"secret_key_base", "django_secret_key", "AWS_SECRET_ACCESS_KEY", "awsSecretAccessKey", "aws.secretKey", "accessKeySecret",
		"storageAccountKey", "AccountKey",
		"encryptionKey", "enc_key", "privateKeyPem", "ssh_private_key", "sshKey", "kmsDataKey", "hmac_key", "api-token", "apiToken", "API_KEYS",
		"x_api_key",
		"xApiKey", "openai_api_key", "stripeSecretKey", "slack_webhook_token", "githubToken", "GITLAB_PRIVATE_TOKEN", "npm_auth_token",
		"_authToken", "deviceToken",
		"fcm_token", "pushToken", "registration_token", "csrf_token", "X-CSRF-Token", "xsrfToken", "authenticity_token", "id_token", "idToken",
		"accesstoken", "ACCESSTOKEN",
		"refresh_token", "bearerToken", "token", "sessionToken", "sessionId", "JSESSIONID", "PHPSESSID", "session_cookie", "cookie", "Set-Cookie",
		"X-Auth-Token", "x-vault-token",
		"authorizationHeader", "proxy_authorization", "credentials", "awsCredentials", "userCredential", "otpCode", "otp_code", "mfa_code",
		"totpSecret", "verification_code", "pinCode", "pin_number",
		"recoveryCodes", "backup_codes", "seedPhrase", "mnemonic", "wallet_seed", "cardNumber", "card_no", "credit_card_number", "ccNumber",
		"cvc", "card_cvv", "securityCode", "cardPin",
		"accountNumber", "bank_account_number", "iban", "ssn", "socialSecurityNumber", "passport_no", "passportNumber", "driverLicenseNumber",
		"national_id", "taxId",
		"residentRegistrationNumber", "rrn", "jumin_no", "juminNo", "birthDate", "date_of_birth", "phoneNumber", "mobile_no", "homePhone",
		"user_email", "emailAddress", "recipient_email",
		"connectionString", "DATABASE_URL", "db_dsn", "redisPassword", "SMTP_PASS", "smtpPassword", "ldap_bind_password", "keystorePassword",
		"trustStorePassword", "sslKeyPassword", "passPhrase",
		"magic_link_token", "resetToken", "password_reset_token", "invite_token", "unlock_token", "remember_token", "samlResponse", "saml_assertion",
	} {
		switch k {
		case "DATABASE_URL", "db_dsn": // what is secret is in the value
			s.must(fmt.Sprintf("SK%03d", i+1), "key", k, pw, str1(k, "postgres://bob:"+pw+"@db/x"))
		default:
			s.must(fmt.Sprintf("SK%03d", i+1), "key", k, pw, str1(k, pw))
		}
	}
	for i, k := range []string{
		"비밀번호", "비밀_번호", "비밀 번호", "새비밀번호", "비밀번호확인", "사용자비밀번호", "로그인_암호", "패스워드", "인증번호", "OTP번호", "API키", "비밀키", "접근토큰", "액세스토큰", "리프레시토큰", "세션ID",
		"카드번호", "카드비밀번호", "주민등록번호", "주민번호", "외국인등록번호", "여권번호", "운전면허번호", "계좌번호", "휴대폰번호", "전화번호", "이메일", "이메일주소", "생년월일", "유효기간cvc", "공인인증서비밀번호",
		"ㅂㅣ밀번호_password", "パスワード", "密码", "пароль", "contraseña", "mot_de_passe", "motDePasse", "passwort", "Kennwort", "senha", "wachtwoord",
		"hasło", "비밀번호",
	} {
		s.must(fmt.Sprintf("SL%02d", i+1), "key", k, pw, str1(k, pw))
	}
	s.must("SN01", "key", "a number under otp", "482913", func(l *slog.Logger) { l.Info("m", "otp", 482913) })
	s.must("SN02", "key", "a number under card_number", "9410123412341234", func(l *slog.Logger) { l.Info("m", "card_number", int64(9410123412341234)) })
	s.must("SN03", "key", "a number under ssn", "123121234", func(l *slog.Logger) { l.Info("m", "ssn", 123121234) })
	s.must("SN04", "key", "a float under pin", "4831.5", func(l *slog.Logger) { l.Info("m", "pin", 4831.5) })
	s.must("SN05", "key", "cvv as an unsigned number", "7391", func(l *slog.Logger) { l.Info("m", "cvv", uint64(7391)) })
	s.must("SN06", "key", "a number under phone", "821012345678", func(l *slog.Logger) { l.Info("m", "phone", int64(821012345678)) })
	s.must("SN07", "key", "전화번호 as a number", "1012345678", func(l *slog.Logger) { l.Info("m", "전화번호", 1012345678) })
}
