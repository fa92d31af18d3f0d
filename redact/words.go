package redact

import "strings"

// words looks at each word of the text for a credential known by its form, and
// for what announces one: an authorisation scheme, a flag, a secret's name.
func (sc *scanner) words() {
	s := sc.s
	prev := 0 // start of the word before
	for i := 0; i < len(s); {
		if !wordByte(s[i]) {
			i++
			continue
		}
		if c := sc.covered(i); c > i {
			i = c
			continue
		}
		if end := max(credentialAt(s, i), passwordHash(s, i)); end > i {
			sc.add(i, end)
			i = end
			continue
		}
		j := i
		for j < len(s) && wordByte(s[j]) {
			j++
		}
		if j-i > minRandom && isPrefixed(s[i:j]) || prev < i && s[i-1] == ':' && isBotToken(s[prev:i-1], s[i:j]) {
			sc.add(i, j)
		}
		if s[i] == '-' {
			sc.attached(i, j)
		}
		if j < len(s) {
			sc.announced(prev, i, j)
		}
		prev, i = i, j
	}
}

// announced redacts the word after s[i:j] when that announces a credential;
// prev is where the word before it starts.
func (sc *scanner) announced(prev, i, j int) {
	s := sc.s
	next := j
	for next < len(s) && (s[next] == ' ' || s[next] == '\t') {
		next++
	}
	if next == j || next == len(s) {
		return
	}
	end := next
	if s[end] == '"' {
		end++
	}
	for end < len(s) && s[end] > ' ' && s[end] != '"' && s[end] != ',' && s[end] != ';' && s[end] != ')' && s[end] != ']' && s[end] != '}' {
		end++
	}
	word, value := s[i:j], s[next:end]
	switch {
	case word[0] == '-':
		sc.flag(word, next, end)
	case isScheme(word, strings.TrimRight(value, "'.")):
		sc.add(next, end)
	default:
		sc.named(prev, i, j, next, end)
	}
}

// isScheme reports whether word is an authorisation scheme and value a
// credential of it.
func isScheme(word, value string) bool {
	switch strings.ToLower(word) {
	case "bearer":
		return shaped(value) || len(value) >= longCredential && onlyBytes(value, base64Byte)
	case "basic":
		return isBasic(value)
	case "token", "apikey", "kakaoak", "negotiate", "ntlm", "dpop", "genie-key", "sso-key":
		return len(value) >= longCredential && shaped(value) && onlyBytes(value, base64Byte)
	}
	return false
}

func onlyBytes(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

// flag redacts the value of --password x and the password of -u user:password.
func (sc *scanner) flag(word string, next, end int) {
	if word == "-u" || word == "--user" || word == "--proxy-user" {
		if c := strings.IndexByte(sc.s[next:end], ':'); c > 0 {
			sc.add(next+c+1, end)
		}
		return
	}
	if (isSecretFlag(sc.r, word) || sc.shortFlag(word, next) && !isNumber(sc.s[next:end])) && sc.s[next] != '-' {
		sc.add(next, sc.valueEnd(next))
	}
}

// shortFlag reports the flags of one letter that programs take a password with. To
// others they mean a port or a path.
func (sc *scanner) shortFlag(word string, i int) bool {
	if word != "-p" && word != "-a" {
		return false
	}
	line := sc.s[max(0, i-128):i]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	if word == "-a" {
		return strings.Contains(line, "redis-cli ")
	}
	return strings.Contains(line, "sshpass ") || strings.Contains(line, " login ")
}

// attached redacts the password in MySQL's -ppassword at s[i:j].
func (sc *scanner) attached(i, j int) {
	if strings.HasPrefix(sc.s[i:j], "-p") && j-i > len("-p") && strings.Contains(sc.s[max(0, i-128):i], "mysql") {
		sc.add(i+len("-p"), max(j, sc.valueEnd(i)))
	}
}

// isSecretFlag reports --password, and -password as Java's tools have it.
func isSecretFlag(r *Redactor, word string) bool {
	return len(word) > 3 && word[0] == '-' && r.judge(word) != plain
}

// named redacts what follows a secret's name without a sign between them, when
// it is quoted or not a word of a language: "password hunter2", "pin is 4831".
func (sc *scanner) named(prev, i, j, next, end int) {
	s := sc.s
	if connects(s[next:end]) {
		rest := strings.TrimLeft(s[end:], " ")
		next = len(s) - len(rest)
		if end = strings.IndexAny(rest, " ,\t\r\n"); end < 0 {
			end = len(rest)
		}
		end += next
	}
	value := strings.TrimRight(s[next:end], ".:!?'`")
	quoted := value != "" && isQuote(value[0])
	number := value != "" && isNumber(value) && len(value) >= 3 && len(value) <= 8
	if !quoted && !number && !shaped(value) {
		return
	}
	v := sc.r.judge(s[i:j])
	if v == plain && prev < i && i-prev < 32 {
		v = sc.r.judge(s[prev:j]) // api key x
	}
	if quoted && strings.EqualFold(s[prev:j], "identified by") { // of SQL
		sc.add(next+1, sc.valueEnd(next))
		return
	}
	if v == plain || v == counted || v == scalar {
		return
	}
	w := strings.ToLower(s[i:j])
	switch {
	case quoted && !strings.Contains(w, "pass") && !strings.Contains(w, "pwd") && !shaped(strings.Trim(value, "\"'`")):
	case number && !isCode(w):
	case quoted:
		sc.add(next+1, sc.valueEnd(next))
	default:
		sc.add(next, next+len(value))
	}
}

// connects reports words that may stand between a name and its value.
func connects(w string) bool {
	switch strings.ToLower(w) {
	case "is", "was", "to", "be", "as", "by", "with":
		return true
	}
	return false
}

// isCode reports names of codes that are numbers.
func isCode(w string) bool {
	switch w {
	case "pin", "otp", "totp", "cvv", "cvc", "cvv2", "cvc2", "passcode", "code":
		return true
	}
	return false
}

// scripts does what named does for names in scripts that do not separate words,
// where a particle may stand between the name and the value.
func (sc *scanner) scripts() {
	for _, name := range scriptSecrets {
		for i := 0; ; {
			k := strings.Index(sc.s[i:], name)
			if k < 0 {
				break
			}
			i += k + len(name)
			sc.afterScript(i)
		}
	}
}

func (sc *scanner) afterScript(i int) {
	s := sc.s
	for _, p := range []string{"는", "은", "가", "이", "를", "을", "는 ", "は", "が", "を", "是", "为"} {
		if strings.HasPrefix(s[i:], p) {
			i += len(p)
			break
		}
	}
	for i < len(s) && strings.IndexByte(" \t:=[('\"", s[i]) >= 0 {
		i++
	}
	end := i
	for end < len(s) && s[end] > ' ' && s[end] < 0x80 && strings.IndexByte("\"'),;]}<", s[end]) < 0 {
		end++
	}
	value := strings.TrimRight(s[i:end], ".:")
	if len(value) >= 3 && (shaped(value) || hasDigit(value)) {
		sc.add(i, i+len(value))
	}
}

// blocks redacts PEM blocks. A block without an end goes to the end of the text.
func (sc *scanner) blocks() {
	const begin, end = "-----BEGIN ", "-----END "
	for i := 0; ; {
		k := strings.Index(sc.s[i:], begin)
		if k < 0 {
			return
		}
		start := i + k
		head, _, _ := strings.Cut(sc.s[start+len(begin):], "-----")
		if len(head) > 64 || !strings.Contains(head, "KEY") && !strings.Contains(head, "MESSAGE") {
			i = start + len(begin) // a certificate is public
			continue
		}
		i = len(sc.s)
		if e := strings.Index(sc.s[start:], end); e >= 0 {
			e += start + len(end)
			if t := strings.Index(sc.s[e:], "-----"); t >= 0 {
				i = e + t + len("-----")
			}
		}
		sc.add(start, i)
	}
}
