package text

import "strings"

// Keys that are known by a text in their middle or at their end.

// infixKey matches the keys of vendors without a prefix of their own.
func infixKey(s string, w word) span {
	for _, match := range [...]func(string, word) span{azureSecret, discordToken, mailchimpKey, maxmindKey, terraformToken, newRelicKey, appToken, salesforceSession} {
		if found := match(s, w); found.end > 0 {
			return found
		}
	}
	return span{}
}

var azureBytes = chars("0-9A-Za-z_.~-")

// azureSecret matches a client secret of Microsoft Entra: three characters, a
// digit, "Q~" and 31 to 34 characters.
func azureSecret(s string, w word) span {
	start := w.end - len("abc8Q")
	if start < 0 || s[w.end-1] != 'Q' || !digits[s[w.end-2]] || !strings.HasPrefix(s[w.end:], "~") {
		return span{}
	}
	end := azureBytes.skip(s, w.end)
	if n := end - w.end - len("~"); n < 31 || n > 36 || !azureBytes.all(s[start:w.end]) {
		return span{}
	}
	return span{start, end}
}

// discordToken matches a bot's token of Discord: the base64 of its number, a
// time and a digest, with dots between them.
func discordToken(s string, w word) span {
	n := w.end - w.start
	if n < 23 || n > 28 || strings.IndexByte("MNO", s[w.start]) < 0 || !startsDot(s, w.end) {
		return span{}
	}
	middle := wordBytes.skip(s, w.end+1)
	if k := middle - w.end - 1; k < 5 || k > 7 || !startsDot(s, middle) {
		return span{}
	}
	end := wordBytes.skip(s, middle+1)
	if end-middle <= 27 {
		return span{}
	}
	return span{w.start, end}
}

func startsDot(s string, i int) bool { return i < len(s) && s[i] == '.' }

// mailchimpKey matches 32 hexadecimal digits, "-us" and the number of a data
// center.
func mailchimpKey(s string, w word) span {
	key, center, ok := strings.Cut(s[w.start:w.end], "-us")
	if !ok || len(key) != 32 || !hexDigits.all(key) {
		return span{}
	}
	if center == "" || len(center) > 2 || !IsNumber(center) {
		return span{}
	}
	return span{w.start, w.end}
}

// maxmindKey matches a license key that ends in "_mmk".
func maxmindKey(s string, w word) span {
	text := s[w.start:w.end]
	if len(text) != 40 || !strings.HasSuffix(text, "_mmk") || text[6] != '_' {
		return span{}
	}
	return span{w.start, w.end}
}

// newRelicKey matches a license key of 40 characters that ends in "NRAL".
func newRelicKey(s string, w word) span {
	text := s[w.start:w.end]
	if len(text) != 40 || !strings.HasSuffix(text, "NRAL") || !hexDigits.all(text[:36]) {
		return span{}
	}
	return span{w.start, w.end}
}

// terraformToken matches 14 characters, ".atlasv1." and 60 or more.
func terraformToken(s string, w word) span {
	const infix = ".atlasv1."
	if w.end-w.start != 14 || !strings.HasPrefix(s[w.end:], infix) {
		return span{}
	}
	end := wordBytes.skip(s, w.end+len(infix))
	if end-w.end-len(infix) < 60 {
		return span{}
	}
	return span{w.start, end}
}

// appToken matches an app's access token of Facebook, the number of the app and
// a secret: 1234567890123456|AbC….
func appToken(s string, w word) span {
	n := w.end - w.start
	if n < 15 || n > 16 || !IsNumber(s[w.start:w.end]) || !strings.HasPrefix(s[w.end:], "|") {
		return span{}
	}
	end := wordBytes.skip(s, w.end+1)
	if k := end - w.end - 1; k < 27 || k > 40 {
		return span{}
	}
	return span{w.start, end}
}

// salesforceSession matches a session of Salesforce: the number of the
// organization, an exclamation mark and a long random text.
func salesforceSession(s string, w word) span {
	n := w.end - w.start
	if n < 15 || n > 18 || !strings.HasPrefix(s[w.start:], "00D") || !strings.HasPrefix(s[w.end:], "!") {
		return span{}
	}
	end := dottedBytes.skip(s[:min(len(s), w.end+maxKey)], w.end+1)
	if end-w.end < 40 {
		return span{}
	}
	return span{w.start, end}
}
