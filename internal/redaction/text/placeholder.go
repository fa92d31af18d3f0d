package text

import "strings"

// Values that take the place of a secret and reveal nothing of it: a mask, a
// reference to the place that holds the secret, a state.

// IsPlaceholder reports whether v, found under the name of a secret, reveals
// nothing of it: v is empty, a mask such as **** or [FILTERED], a reference
// such as ${DB_PASSWORD} or vault:kv/app#password, or a state such as missing.
func IsPlaceholder(v string) bool {
	return v == "" || isHidden(v[schemeLen(v):]) || isState(v)
}

// isHidden reports whether v is a mask or a reference.
func isHidden(v string) bool { return isMask(v) || isReference(v) }

// maxPlaceholder is the number of bytes that a placeholder has at most.
const maxPlaceholder = 256

const (
	maskSigns        = "*xX#•●∙█"
	minMaskSigns     = 3
	maxHead, maxTail = 12, 4 // bytes that a mask may leave: sk_live_****4242
)

var maskWords = set(`filtered redacted masked sensitive hidden removed scrubbed omitted value protected obfuscated
	censored elided suppressed concealed stripped sanitized encrypted known after apply data not shown displayed secret password token key`)

// isMask reports whether v is a mask: a bracket around words that say so, a
// run of the same sign, or such a run with a few characters of the secret.
func isMask(v string) bool {
	if len(v) < minMaskSigns || len(v) > maxPlaceholder {
		return false
	}
	if words := strings.Trim(v, "[]<>(){}*_"); words != "" && allWords(words, maskWords) {
		return words != v || !maskHelpers[strings.ToLower(v)]
	}
	for _, run := range [...]string{"***", "•••"} {
		if head, tail, ok := strings.Cut(v, run); ok {
			return len(head) <= maxHead && len(strings.TrimLeft(tail, run)) <= maxTail
		}
	}
	first, size := firstRune(v)
	return strings.Contains(maskSigns, first) && strings.Trim(v, first+"- ") == "" && len(v) >= minMaskSigns*size
}

// maskHelpers are words that only mask within a bracket.
var maskHelpers = set(`value known after apply data not shown displayed secret password token key`)

func firstRune(v string) (first string, size int) {
	for i := range v {
		if i > 0 {
			return v[:i], i
		}
	}
	return v, len(v)
}

// allWords reports whether v has words of the list only, at most four.
func allWords(v string, list map[string]bool) bool {
	n := 0
	for w := range strings.FieldsFuncSeq(v, func(c rune) bool { return c == ' ' || c == '_' || c == '-' }) {
		if n++; n > 4 || !list[strings.ToLower(w)] {
			return false
		}
	}
	return n > 0
}

// states are words that say how a secret fares. Words that people choose as a
// password, such as default and secret, are not among them.
var states = set(`sent missing valid invalid verified unverified expired present absent set unset found failed ok
	succeeded success accepted rejected denied revoked rotated refreshed generated issued created updated changed
	unchanged deleted removed cleared enabled disabled active inactive required optional provided unavailable
	available unknown undefined empty blank pending used unused consumed matched mismatch mismatched loaded cached
	match matches configured unconfigured ignored skipped supplied specified unspecified given confirmed delivered received
	requested resent not no none nil null n/a malformed incorrect wrong error yes on off true false`)

// isState reports whether v is a state, such as missing and not_set.
func isState(v string) bool {
	return len(v) <= maxRemark && allWords(strings.TrimRight(v, ".,;!"), states)
}

// A bracketing encloses a reference in a template or a configuration.
type bracketing struct {
	open, end string
	inner     func(s string) bool // whether the text between is a reference
}

// bracketings are tried in order, so that a longer opening precedes a shorter.
var bracketings = []bracketing{
	{"${{", "}}", hasNoDefault}, {"{{", "}}", isTemplate}, {"<%=", "%>", hasNoDefault},
	{"${", "}", isVariable}, {"#{", "}", isVariable}, {"%{", "}", isVariable}, {"$(", ")", hasNoDefault},
	{"%(", ")s", isVariable}, {"<", ">", isDescription}, {"{", "}", isFormatName}, {"%", "%", isVariable},
}

// isReference reports whether v refers to a secret instead of giving it.
func isReference(v string) bool {
	if len(v) < 2 || len(v) > maxPlaceholder {
		return false
	}
	if v[0] == '$' && isShellVariable(v[1:]) || isVerb(v) {
		return true
	}
	return bracketedReference(v) == len(v) || isAddress(v) || isInstruction(v)
}

// bracketedReference returns the length of the bracketed reference at the start
// of s, or 0.
func bracketedReference(s string) int {
	s = s[:min(len(s), maxPlaceholder)]
	for i := range bracketings {
		b := &bracketings[i]
		if !strings.HasPrefix(s, b.open) {
			continue
		}
		inner, _, ok := strings.Cut(s[len(b.open):], b.end)
		if ok && b.inner(strings.TrimSpace(inner)) {
			return len(b.open) + len(inner) + len(b.end)
		}
		return 0
	}
	return 0
}

// hasNoDefault reports whether the expression of a template gives no value in
// case that its variable is missing.
func hasNoDefault(s string) bool {
	return s != "" && (!strings.ContainsAny(s, `"'`+"`") || !strings.Contains(s, "default") && !strings.Contains(s, "||"))
}

// isTemplate reports whether s is an expression of a template, and not the
// fields of a struct within a struct.
func isTemplate(s string) bool {
	return hasNoDefault(s) && (strings.HasPrefix(s, "resolve:") || !strings.ContainsAny(s, ":="))
}

var variableBytes = chars("0-9A-Za-z_.:/@[]-")

// isVariable reports whether s is the name of a variable, without a default
// (NAME:-value, NAME:value).
func isVariable(s string) bool {
	name, fallback, ok := strings.Cut(s, ":")
	if ok && name != "env" && name != "ENV" {
		fallback = strings.TrimLeft(fallback, "-?=")
		if fallback != "" && !isMask(fallback) {
			return false
		}
		s = name
	}
	return s != "" && (letters[s[0]] || s[0] == '_') && variableBytes.all(s)
}

// isDescription reports whether s are words as in <your-api-key>.
func isDescription(s string) bool {
	return s != "" && letters[s[0]] && !hasDigit(s) && descriptionBytes.all(s)
}

var descriptionBytes = chars("A-Za-z_ .-")

// isShellVariable reports whether s is the name of a variable of a shell, or
// the number of a parameter. A password may start with '$', so a name in small
// letters has to speak of a secret.
func isShellVariable(s string) bool {
	if IsNumber(s) {
		return len(s) <= 3 && s != ""
	}
	stem := strings.TrimRight(s, "0123456789")
	if hasDigit(stem) || !wordBytes.all(stem) || len(stem) < 2 {
		return false
	}
	if strings.ToUpper(s) == s {
		return true
	}
	return namesSecret(s)
}

// namesSecret reports whether the name of a variable speaks of a secret.
func namesSecret(s string) bool {
	for _, w := range [...]string{"pass", "pwd", "token", "secret", "key", "cred"} {
		if strings.Contains(strings.ToLower(s), w) {
			return true
		}
	}
	return false
}

// isFormatName reports whether s is the number or the name of a value in a
// format: {0}, {password}.
func isFormatName(s string) bool {
	return len(s) <= 2 && IsNumber(s) || isVariable(s) && namesSecret(s) && !hasDigit(s)
}

// isVerb reports whether v is a verb of a format such as %s.
func isVerb(v string) bool {
	return len(v) == 2 && v[0] == '%' && strings.IndexByte("sdvqx", v[1]) >= 0
}

// isInstruction reports whether v tells the reader of a template to write the
// secret here: YOUR_API_KEY, insert-token-here.
func isInstruction(v string) bool {
	if hasDigit(v) || !descriptionBytes.all(v) || !namesSecret(v) {
		return false
	}
	for _, verb := range [...]string{"your", "insert", "enter", "replace"} {
		if rest := v[min(len(v), len(verb)):]; hasFold(v, verb) && rest != "" && strings.IndexByte("_- .", rest[0]) >= 0 {
			return true
		}
	}
	return false
}

// addresses start a reference to a secret in a store, a file or the
// environment.
var addresses = [...]string{
	"vault:", "vault://", "ref+", "op://", "env:", "env.", "env(", "env[", "ssm:", "sm://", "awssm:", "gcpsm:", "gsm:", "akv:",
	"secretsmanager:", "arn:aws:secretsmanager:", "arn:aws:ssm:", "keyvault:", "azurekeyvault:", "@microsoft.keyvault(",
	"secrets.", "var.", "local.", "data.", "process.env", "import.meta.env.", "os.environ", "os.getenv(", "system.getenv(",
	"getenv(", "file:", "/run/secrets/", "/var/run/secrets/", "!vault", "!ref ", "!secret ", "!env ", "doppler://", "projects/",
	"keychain:", "secretref:", "secret://", "k8s:", "aws-sm://", "gcp-sm://", "aws-ssm://", "azure-kv://", "hashivault:",
}

// isAddress reports whether v is the address of a secret.
func isAddress(v string) bool {
	for _, a := range addresses {
		if len(v) > len(a) && hasFold(v, a) {
			rest := strings.TrimLeft(v[len(a):], " ")
			return !strings.ContainsAny(rest, " \n") || strings.HasSuffix(a, "(")
		}
	}
	return false
}

// referenceEnd returns the end of the bracketed reference that is the whole
// value at i, maybe after an authorization scheme, or 0.
func referenceEnd(s string, i int) int {
	i += schemeLen(s[i:])
	n := bracketedReference(s[i:])
	if n > 0 && (i+n == len(s) || endsReference[s[i+n]]) {
		return i + n
	}
	return 0
}

var endsReference = chars("\x00- ,;&|)]}\"'`")
