package name

import "strings"

// Names in lists, in which only the place of a text tells whether it is a name
// or a value: ["password","…"] is a pair, ["password","email"] a list of names.

// NamesCredential reports whether a name in a list makes the next element a
// credential. The names of contacts do not: ["email","sms"] are channels.
func (j *Judge) NamesCredential(n string) bool {
	if len(n) < 3 || j.Verdict(n) != VerdictSecret {
		return false
	}
	var room [8]string
	for _, w := range appendWords(room[:0], n) {
		if c := listed(w); c == contact || c == owned {
			return false
		}
	}
	return true
}

// IsFieldName reports whether a text in a list is more likely a name than a
// value: it is the name of a secret, of a header, or of an ordinary field.
func (j *Judge) IsFieldName(s string) bool {
	if j.Verdict(s) != VerdictPlain || j.ShowsHeader(s) {
		return true
	}
	var room [8]string
	words := appendWords(room[:0], s)
	return len(words) > 0 && (fieldWords[words[len(words)-1]] || metaTails[words[len(words)-1]])
}

// fieldWords are the last words of ordinary names of fields, and the methods of
// a login.
var fieldWords = set(`user username login role roles group groups title description comment note notes key value
	address street zip city country region locale language age gender first last firstname lastname nickname
	surname company tenant org organization team project workspace plan tier amount currency quantity tags
	labels metadata options settings config profile avatar image picture port ip origin referer agent cookie
	permission permissions privileges acl domain realm issuer subject nonce query body payload headers params
	webauthn passkey fingerprint sms oauth oauth2 oidc saml ldap sso kerberos certificate google github facebook
	apple captcha remember terms newsletter phone email mobile device platform channel`, strings.ToLower)
