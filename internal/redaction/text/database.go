package text

import "strings"

// Logins of databases that are not pairs: Oracle's user/password@service and
// the lines of .pgpass.

// oracleLogin matches user/password@service. Unlike a path it has the host and
// port of a listener, or a tool of Oracle before it.
func oracleLogin(sc *scan, at int) bool {
	s := sc.s
	start := loginBytes.back(s, at, maxLogin)
	if start == 0 || s[start-1] != '/' || start == at {
		return false
	}
	if !endsUser(s, start-1) || isHidden(s[start:at]) {
		return false
	}
	if !namesOracle(s[:start]) && !startsListener(s[at+1:]) && !isLoginAt(s, start, at) {
		return false
	}
	sc.add(start, at)
	return true
}

// isLoginAt reports whether the password s[start:at] is not an ordinary word,
// and a host and a port follow it.
func isLoginAt(s string, start, at int) bool {
	return shaped(s[start:at]) && startsHostPort(s[at+1:])
}

// oracleTools are programs of Oracle and words before a login.
var oracleTools = set(`sqlplus sqlcl exp imp expdp impdp sqlldr rman conn connect dblink userid oracle`)

// namesOracle reports whether a tool of Oracle, or a URL of JDBC, is soon
// before the end of s.
func namesOracle(s string) bool {
	s = s[max(0, len(s)-maxLogin):]
	if strings.Contains(s, "jdbc:oracle:") {
		return true
	}
	for w := range strings.FieldsFuncSeq(s, func(c rune) bool { return c == ' ' || c == '=' || c == '/' || c == ':' }) {
		if oracleTools[lowered(w)] {
			return true
		}
	}
	return false
}

// startsListener reports whether s starts with an address of Oracle: //host,
// (DESCRIPTION=…), or a host with port 1521.
func startsListener(s string) bool {
	if strings.HasPrefix(s, "//") || hasFold(s, "(description") {
		return true
	}
	return strings.HasPrefix(s[dottedBytes.skip(s, 0):], ":1521")
}

// oracleCommand matches the login after a tool of Oracle, without a service:
// sqlplus scott/tiger.
func oracleCommand(sc *scan, w word) bool {
	s := sc.s
	switch lowered(s[w.start:w.end]) {
	case "sqlplus", "expdp", "impdp", "sqlldr", "rman", "conn":
	default:
		return false
	}
	user, password, ok := strings.Cut(strings.Trim(s[w.value:w.stop], "'"), "/")
	if !ok || user == "" || !wordBytes.all(user) {
		return false
	}
	if password == "" || strings.ContainsAny(password, "/@") || isHidden(password) {
		return false
	}
	start := w.value + strings.IndexByte(s[w.value:w.stop], '/') + 1
	sc.add(start, start+len(password))
	return true
}

// endsUser reports whether a user's name ends before i rather than an
// element of a path or of an address.
func endsUser(s string, i int) bool {
	start := wordBytes.back(s, i, i)
	return start < i && (start == 0 || strings.IndexByte("/.@", s[start-1]) < 0)
}

func startsHostPort(s string) bool {
	host := dottedBytes.skip(s, 0)
	return host > 0 && host+1 < len(s) && s[host] == ':' && digits[s[host+1]]
}

const pgpassFields = 5

var fieldBytes = except("\x00- \"'`,;=(){}[]<>/")

// pgpass finds lines of .pgpass: host:port:database:user:password, where each
// field before the last may be '*'.
func pgpass(sc *scan) {
	s := sc.s
	for i := 0; i < len(s); {
		if !fieldBytes[s[i]] {
			i++
			continue
		}
		start := i
		i = fieldBytes.skip(s, i)
		fields := strings.SplitN(s[start:i], ":", pgpassFields)
		if len(fields) == pgpassFields && isPgpass(fields) {
			sc.add(i-len(fields[4]), i)
		}
	}
}

func isPgpass(fields []string) bool {
	host, port, password := fields[0], fields[1], fields[4]
	if port != "*" && (len(port) < 4 || len(port) > 5 || !IsNumber(port)) {
		return false
	}
	if host == "" || password == "" || fields[2] == "" || fields[3] == "" {
		return false
	}
	// The fields of an IPv6 address and of a time have digits only.
	if hexDigits.all(host) || hexDigits.all(fields[2]+fields[3]) {
		return false
	}
	return !isHidden(password) && password != "$" // ${PGPASSWORD}
}
