package text

import (
	"encoding/base64"
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// Values that the word before them announces.

// maxCommand is the number of bytes before a flag that are searched for the
// name of its command.
const maxCommand = 128

// attachedFlag matches the password in MySQL's -ppassword.
func attachedFlag(s string, w word) span {
	const flag = "-p"
	if !strings.HasPrefix(s[w.start:w.end], flag) || w.end == w.start+len(flag) {
		return span{}
	}
	if !strings.Contains(s[max(0, w.start-maxCommand):w.start], "mysql") {
		return span{}
	}
	end := max(w.end, valueEnd(s, w.start))
	if isHidden(s[w.start+len(flag) : end]) {
		return span{}
	}
	return span{w.start + len(flag), end}
}

// loginFlag matches the password of -u user:password.
func loginFlag(sc *scan, w word) bool {
	switch sc.s[w.start:w.end] {
	case "-u", "--user", "--proxy-user":
		if c := strings.IndexByte(sc.s[w.value:w.stop], ':'); c > 0 {
			sc.add(w.value+c+1, w.stop)
		}
		return true
	}
	return false
}

// flag matches the argument of --password and of flags that mean the same.
// It is done with every flag.
func flag(sc *scan, w word) bool {
	s := sc.s
	if s[w.start] != '-' {
		return false
	}
	if s[w.value] == '-' {
		return true
	}
	end := valueEnd(s, w.value)
	if isHidden(strings.Trim(s[w.value:end], "\"'")) || referenceEnd(s, w.value) > 0 {
		return true
	}
	if sc.judge.Flag(s[w.start:w.end]) || isShortFlag(s, w) && !IsNumber(s[w.value:w.stop]) {
		sc.add(w.value, end)
	}
	return true
}

// isShortFlag reports whether the word is a flag of one letter that means a
// password to its program. To other programs it means a port or a path.
func isShortFlag(s string, w word) bool {
	programs := passwordFlags[s[w.start:w.end]]
	if programs == nil {
		return false
	}
	line := s[max(0, w.value-maxCommand):w.value]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	for _, program := range programs {
		if strings.Contains(line, program) {
			return true
		}
	}
	return false
}

// passwordFlags are the flags of one letter that mean a password, with their
// programs.
var passwordFlags = map[string][]string{
	"-a": {"redis-cli "},
	"-p": {"sshpass ", " login ", "twine ", "mongo ", "mongosh ", "mongodump "},
	"-P": {"sqlcmd ", "bcp ", "ipmitool ", "isql "},
	"-w": {"ldapsearch ", "ldapmodify ", "ldapadd ", "ldapdelete ", "ldapwhoami "},
}

// authorizationScheme matches the credential after an authorization scheme.
func authorizationScheme(sc *scan, w word) bool {
	if !isScheme(sc.s[w.start:w.end], strings.TrimRight(sc.s[w.value:w.stop], "'.")) {
		return false
	}
	sc.add(w.value, w.stop)
	return true
}

// isScheme reports whether word is an authorization scheme and value a
// credential of it.
func isScheme(word, value string) bool {
	switch strings.ToLower(word) {
	case "bearer":
		return shaped(value) || len(value) >= longCredential && base64Bytes.all(value)
	case "basic":
		return isBasic(value)
	case "token", "apikey", "kakaoak", "negotiate", "ntlm", "dpop", "genie-key", "sso-key", "ssws":
		return len(value) >= longCredential && shaped(value) && base64Bytes.all(value)
	}
	return false
}

// isBasic reports whether s is the base64 of user:password.
func isBasic(s string) bool {
	s = strings.TrimRight(s, "=")
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		b, err = base64.RawURLEncoding.DecodeString(s)
	}
	if err != nil || len(b) < 3 {
		return false
	}
	colon := false
	for _, c := range b {
		if c < 0x20 || c == 0x7f {
			return false
		}
		colon = colon || c == ':'
	}
	return colon
}

// identifiedBy matches the password in SQL's IDENTIFIED BY 'password'.
func identifiedBy(sc *scan, w word) bool {
	s := sc.s
	if !isQuote(s[w.value]) || !w.identifies(s) {
		return false
	}
	if end := valueEnd(s, w.value); !isHidden(strings.Trim(s[w.value:end], "\"'`")) {
		sc.add(w.value+1, end)
	}
	return true
}

func (w word) identifies(s string) bool { return strings.EqualFold(s[w.prev:w.end], "identified by") }

// announcedLiteral matches SQL's PASSWORD N'…' and IDENTIFIED BY $$…$$.
func announcedLiteral(sc *scan, w word) bool {
	if !prefixBytes[sc.s[w.value]] {
		return false
	}
	lit, _, ok := literalAt(sc.s, w.value)
	if !ok || !w.identifies(sc.s) && !isAnnounced(sc.judge, sc.s, w) {
		return false
	}
	if !isConstant(sc.s[lit.start:lit.end]) {
		sc.addValue(lit.start, lit.end)
	}
	return true
}

// announced matches a value that follows the name of a secret without a sign
// between them, if it is quoted or not a word of a language: "password
// hunter2", "pin is 4831".
func announced(sc *scan, w word) bool {
	s := sc.s
	if connects(s[w.value:w.stop]) {
		w = w.connected(s)
	}
	value := strings.TrimRight(s[w.value:w.stop], ".:!?'`")
	if isHidden(strings.Trim(value, "\"'`")) {
		return false
	}
	quoted := value != "" && isQuote(value[0])
	number := len(value) >= 3 && len(value) <= 8 && IsNumber(value)
	if !quoted && !number && !shaped(value) || !isAnnounced(sc.judge, s, w) {
		return false
	}
	announcer := strings.ToLower(s[w.start:w.end])
	switch {
	case quoted:
		if isPasswordWord(announcer) || shaped(strings.Trim(value, "\"'`")) {
			sc.add(w.value+1, valueEnd(s, w.value))
		}
	case !number || isCodeWord(announcer):
		sc.add(w.value, w.value+len(value))
	}
	return true
}

// isAnnounced reports whether the word, alone or with the one before it (api
// key), is the name of a secret. Words such as tokens and session do not
// announce a value.
func isAnnounced(judge *name.Judge, s string, w word) bool {
	v := judge.Verdict(s[w.start:w.end])
	if v == name.VerdictPlain && w.prev < w.start && w.start-w.prev < 32 {
		v = judge.Verdict(s[w.prev:w.end])
	}
	return v == name.VerdictSecret
}

// connects reports whether a word may be between a name and its value.
func connects(w string) bool {
	switch strings.ToLower(w) {
	case "is", "was", "to", "be", "as", "by", "with":
		return true
	}
	return false
}

// connected returns w with the value that follows its connecting word.
func (w word) connected(s string) word {
	w.value = space.skip(s, w.stop)
	w.stop = len(s)
	if k := strings.IndexAny(s[w.value:], " ,\t\r\n"); k >= 0 {
		w.stop = w.value + k
	}
	return w
}

// isPasswordWord reports whether a quoted word of a language after w is secret.
// After "token" it is more likely the token of a parser.
func isPasswordWord(w string) bool { return strings.Contains(w, "pass") || strings.Contains(w, "pwd") }

// isCodeWord reports whether w is the name of a code that is a number.
func isCodeWord(w string) bool {
	switch w {
	case "pin", "otp", "totp", "cvv", "cvc", "cvv2", "cvc2", "passcode", "code":
		return true
	}
	return false
}
