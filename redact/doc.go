// Package redact keeps secrets and personal data out of a service's logs, spans
// and error texts.
//
//	redactor := redact.Default()
//	fmt.Println(redactor.Text("dial postgres://bob:hunter2@db:5432/shop"))
//	// dial postgres://bob:REDACTED@db:5432/shop
//
//	logger := slog.New(redactor.NewHandler(next)) // next is any slog.Handler
//
// The handler of package logging needs neither: it redacts every line.
//
// # Guarantees
//
// By structure, always. A value under the name of a secret is replaced, at
// every depth. The name may be an attribute key, a group name, a map key, the
// Go name or JSON name of a struct field, or the name of a type ("type Password
// string", "type Tokens []string"), in any spelling: camelCase, snake_case,
// kebab-case, dotted, percent-encoded, Korean. Struct fields with the tag
// `log:"redact"`, private keys of the standard library and types named
// PrivateKey, the [Secret] type and the types in [Policy.Types] are replaced
// too, as values and as keys of maps. Values are followed through groups, maps,
// structs, slices, pointers, interfaces, slog.LogValuer, json.Marshaler,
// encoding.TextMarshaler, json.RawMessage, []byte, and JSON inside strings.
//
// By allow-list, always. HTTP headers and cookies show their values only if
// their names are on the list. A query parameter shows its value if its name
// is on the list, or if the name is not the name of a secret and the value
// is a number, date, UUID, or at most three plain words.
//
// In free text, as a best effort. Redaction finds credentials with a known
// form (JSON Web Tokens, bearer and basic credentials, the key formats of
// cloud and code hosts, webhook addresses, PEM blocks, password hashes,
// passwords in connection strings) and pairs such as "password=…" in most
// notations. It finds payment cards (by issuer range and check digit),
// Korean resident registration numbers (by their date), telephone numbers
// and e-mail addresses. It does not find a secret without a form or a name.
// [Policy.Rules] adds rules.
//
// # Limits
//
// Redaction follows a value to 32 levels and 10,000 nested values, and reads
// 64 KiB of a text. The rest is cut and marked "[cut]", never passed on
// unread. Booleans and null stay as they are, because they reveal nothing.
//
// A [Redactor] is safe for concurrent use. It does not panic, even if the
// methods of a value do. One failure cannot be caught in Go: if another
// goroutine writes to a map while it is logged, the process ends. Log a
// copy.
//
// The engine is in internal/redaction: package name judges names, package text
// scans free text, package encode writes JSON. This package connects them.
package redact
