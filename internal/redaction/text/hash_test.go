package text_test

import (
	"strings"
	"testing"
)

// TestPasswordHashes has hashes in the notations of their makers.
func TestPasswordHashes(t *testing.T) {
	f := newFinder()
	hex32 := strings.Repeat("0a1b2c3d", 4)
	for _, marked := range []string{
		"amir:$«apr1$r31abcde$HqJZimcKQFAMYayBlzkrA/»", "root:$«6$rounds=5000$saltsalt$" + strings.Repeat("aB3dE6gH9jK1", 7) + "ab»:19000:0:99999:7:::",
		"$«y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7»", "$«P$Be/OL7.5v5R3JSwRw4Pn0R5GyBuj/Uq» of wp_users",
		"$«argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$RdescudvJCsgt3ub+b1dWRWJTmaaJObG»", "$«pbkdf2-sha256$29000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF»",
		"$«scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E»", "$«S$DkIkdKLIvRK0iVHm99X7B/M8QC17E1Tp/kMOd1Ie8V/PgWjtAZld»",
		"{SSHA}«DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3»", "userPassword: «{SSHA512}vVtR6adfyq5kFMXPjZu/iX/byAV2»", "row {SHA}«VBPuJHI7uixaa6LQGWx4s+5GKNE=»", "{CRYPT}«$1$salt$aB3dE6gH9jK1mN4pQ7rS0/»",
		"«pbkdf2_sha256$600000$YXH0Q3w6WeeQDFbNToCYwA$sfVk2YgLFQieZhf6aYtziUNWSwRuGvvd9TJH/0vM5RA=»", "«argon2$argon2id$v=19$m=102400,t=2,p=8$c2Fs$aB3dE6gH»",
		"«bcrypt_sha256$$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW»", "«scrypt:32768:8:1$wKealwfnneHyt5vX$97a01b7c0f5c8fb9ea5512b3»",
		"«pbkdf2:sha256:260000$salt1234$0a1b2c3d4e5f60718293a4b5c6d7e8f9»", "«SCRAM-SHA-256$4096:dWVrQnEy$8jJOQWcuTB98:p0lnaKVQYIIEgXMc»",
		"«md5" + hex32 + "» in pg_shadow", "*«2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19» in mysql.user", "0x0200«F733058A07892C5CACE899768F89965F6BD1DED7955FE89E1C9A10E27849B0B213B5CE92CC9347EC»",
		"Administrator:500:«" + hex32 + ":" + hex32 + "»:::", "«sha1$a1b2c3$0123456789abcdef0123456789abcdef01234567»",
	} {
		s, secret := split(marked)
		if got := f.Redact(s); strings.Contains(got, secret) || strings.Contains(got, secret[len(secret)/2:]) {
			t.Errorf("Redact(%q) = %q", s, got)
		}
	}
	for _, s := range []string{
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "md5 0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d", "price $1 to $5 a month",
		"{SHA} is a scheme", "scrypt: cost 32768", "argon2 is slow", "md5sum of file.bin", "$6 per user", "hash:sha1:200", "{MD5} short",
		"index.abc:0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d", "awk '{print $1$2}' file", "echo $A$B",
	} {
		if got := f.Redact(s); got != s {
			t.Errorf("Redact(%q) = %q, want it unchanged", s, got)
		}
	}
}

// TestDatabaseLogins has logins that are not pairs.
func TestDatabaseLogins(t *testing.T) {
	f := newFinder()
	for s, want := range map[string]string{
		"jdbc:oracle:thin:scott/tiger@//db:1521/ORCLPDB1":   "jdbc:oracle:thin:scott/REDACTED@//db:1521/ORCLPDB1",
		"sqlplus scott/tiger@ORCL":                          "sqlplus scott/REDACTED@ORCL",
		"'sqlplus scott/tiger'":                             "'sqlplus scott/REDACTED'",
		"sqlplus -s system/man4ger@//db/XE as sysdba":       "sqlplus -s system/REDACTED@//db/XE as sysdba",
		"expdp hr/hr@db directory=d":                        "expdp hr/REDACTED@db directory=d",
		"CONNECT scott/tiger@orcl":                          "CONNECT scott/REDACTED@orcl",
		"userid=scott/tiger@db":                             "userid=scott/REDACTED@db",
		"scott/tiger@db:1521/XE":                            "scott/REDACTED@db:1521/XE",
		"scott/tiger@(DESCRIPTION=(ADDRESS=(HOST=db)))":     "scott/REDACTED@(DESCRIPTION=(ADDRESS=(HOST=db)))",
		"db.internal:5432:shop:app:hunter2":                 "db.internal:5432:shop:app:REDACTED",
		"*:*:*:postgres:correct-horse":                      "*:*:*:postgres:REDACTED",
		"a\nlocalhost:5432:*:kim:p:w\nb":                    "a\nlocalhost:5432:*:kim:REDACTED\nb",
		"sqlplus /nolog":                                    "sqlplus /nolog",
		"npm i team/pkg@1.2.3":                              "npm i team/pkg@1.2.3",
		"deploy app/web@v2 to prod":                         "deploy app/web@v2 to prod",
		"2001:4860:4860:0:0:8888":                           "2001:4860:4860:0:0:8888",
		"at 10:2024:11:16:30":                               "at 10:2024:11:16:30",
		"arn:aws:iam::123456789012:role/x":                  "arn:aws:iam::123456789012:role/x",
		"*:*:*:postgres:${PGPASSWORD}":                      "*:*:*:postgres:${PGPASSWORD}",
		"urn:uuid:550e8400-e29b-41d4-a716-446655440000:a:b": "urn:uuid:550e8400-e29b-41d4-a716-446655440000:a:b",
	} {
		if got := f.Redact(s); got != want {
			t.Errorf("Redact(%q) = %q, want %q", s, got, want)
		}
	}
}
