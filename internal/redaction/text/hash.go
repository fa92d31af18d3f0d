package text

import "strings"

// Hashes of passwords, from which a weak password can be guessed.

var (
	hashBytes  = chars("0-9A-Za-z_+/=.~$,-")
	hashParts  = chars("0-9A-Za-z_+/=.~$,:*-")
	hexOrUpper = chars("0-9A-F")
)

// minHash is the number of bytes of a hash, with its scheme and salt.
const minHash = 24

// passwordHash matches the hash of a password in the notation of the system
// that made it.
func passwordHash(s string, w word) span {
	for _, match := range [...]func(string, word) span{cryptHash, ldapHash, frameworkHash, databaseHash} {
		if found := match(s, w); found.end > 0 {
			return found
		}
	}
	return span{}
}

// cryptSchemes are the schemes of crypt(3) and its successors, between two '$'.
var cryptSchemes = set(`1 2 2a 2b 2x 2y 3 5 6 7 8 9 14 y gy md5 sha1 apr1 P H S A argon2i argon2id argon2d bcrypt bcrypt-sha256
	scrypt pbkdf2 pbkdf2-sha1 pbkdf2-sha256 pbkdf2-sha512 pbkdf2_sha256 ml scram cta_pbkdf2_sha1 krb5asrep`)

// cryptHash matches $2b$12$… and its like. The '$' stays.
func cryptHash(s string, w word) span {
	if !w.isBetween(s, '$', '$') || !cryptSchemes[strings.ToLower(s[w.start:w.end])] {
		return span{}
	}
	return hashFrom(s, w.start, hashBytes)
}

// isBetween reports whether the characters around a word are open and end.
func (w word) isBetween(s string, open, end byte) bool {
	return w.start > 0 && s[w.start-1] == open && w.end < len(s) && s[w.end] == end
}

// hashFrom returns the hash that starts at i, if it is long enough.
func hashFrom(s string, i int, set *charset) span {
	end := set.skip(s[:min(len(s), i+maxKey)], i)
	if end-i < minHash {
		return span{}
	}
	return span{i, end}
}

// ldapSchemes are the schemes of RFC 2307 and its like, in braces.
var ldapSchemes = set(`sha ssha sha1 sha224 ssha224 sha256 ssha256 sha384 ssha384 sha512 ssha512 md5 smd5 crypt md4 nt lanman
	sasl pbkdf2 pbkdf2-sha1 pbkdf2-sha256 pbkdf2-sha512 argon2 argon2i argon2id bcrypt blf-crypt md5-crypt sha256-crypt sha512-crypt
	cram-md5 plain-md5 ldap-md5 ssha256.hex x-pbkdf2 x-issha ns-mta-md5 scram-sha-1 scram-sha-256 hmac-md5`)

// ldapHash matches the hash after {SSHA}.
func ldapHash(s string, w word) span {
	if !w.isBetween(s, '{', '}') || !ldapSchemes[strings.ToLower(s[w.start:w.end])] {
		return span{}
	}
	start := w.end + 1
	end := hashBytes.skip(s, start)
	if end-start < 12 {
		return span{}
	}
	return span{start, end}
}

// frameworks are the schemes of Django, Werkzeug, PostgreSQL and their like,
// before the first '$' or ':'.
var frameworks = set(`pbkdf2_sha256 pbkdf2_sha1 pbkdf2_sha512 pbkdf2 argon2 argon2id argon2i bcrypt bcrypt_sha256 scrypt md5 sha1 sha256 sha512
	unsalted_md5 unsalted_sha1 scram-sha-1 scram-sha-256 scram-sha-512 pbkdf2-sha256 pbkdf2-sha512 sha512crypt hmac-sha256`)

// frameworkHash matches pbkdf2_sha256$600000$salt$hash, in which the scheme is
// a word. The hash has two parts at least, with a '$' between them.
func frameworkHash(s string, w word) span {
	if w.end == len(s) || s[w.end] != '$' && s[w.end] != ':' || !frameworks[strings.ToLower(s[w.start:w.end])] {
		return span{}
	}
	found := hashFrom(s, w.start, hashParts)
	if found.end == 0 || strings.Count(s[w.start:found.end], "$") < 2 {
		return span{}
	}
	return found
}

// databaseHash matches the hashes of PostgreSQL ("md5" and 32 digits), MySQL
// ('*' and 40 digits in capitals), SQL Server and Windows.
func databaseHash(s string, w word) span {
	text := s[w.start:w.end]
	switch {
	case len(text) == 35 && strings.HasPrefix(text, "md5") && hexDigits.all(text[3:]),
		len(text) >= 54 && (strings.HasPrefix(text, "0x0100") || strings.HasPrefix(text, "0x0200")),
		len(text) == 40 && w.start > 0 && s[w.start-1] == '*' && hexOrUpper.all(text):
		return span{w.start, w.end}
	case len(text) == 32 && hexDigits.all(text):
		return windowsHash(s, w)
	}
	return span{}
}

// windowsHash matches the second of two hashes in a line of a SAM dump:
// user:500:aad3…:31d6…:::.
func windowsHash(s string, w word) span {
	if w.prev == w.start || w.start-w.prev != 33 || s[w.start-1] != ':' || !hexDigits.all(s[w.prev:w.start-1]) {
		return span{}
	}
	return span{w.prev, w.end}
}
