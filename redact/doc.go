// Package redact keeps secrets and personal data out of what a service writes.
//
// # What is promised
//
// By structure, always. Whatever stands under a name that means a secret is
// replaced, at every depth: attribute keys and group names in any spelling
// (camelCase, snake_case, kebab-case, dotted, percent-encoded, Korean), map
// keys, struct fields by their Go name, their JSON name or the tag
// `log:"redact"`, named scalar types ("type Password string"), the [Secret]
// type, and the types in [Policy.Types]. Values are followed through groups,
// maps, structs, slices, pointers, interfaces, slog.LogValuer, json.Marshaler,
// encoding.TextMarshaler, json.RawMessage, []byte, and JSON inside strings.
//
// By allow-list, always. Of HTTP headers and of cookies only names on the list
// show their value. A query parameter shows its value when its name is on the
// list, or when the name means no secret and the value is a plain word, number,
// date or UUID. A body is shown only when its content type can be parsed.
//
// In free text, as well as can be. Credentials with a recognisable form (JSON Web
// Tokens, bearer and basic credentials, the key formats of cloud and code
// hosts, webhook addresses, PEM blocks, hashes of passwords, passwords in connection
// strings, "password=…" in most notations), payment cards (issuer range and Luhn), Korean resident
// registration numbers (by their date), telephone numbers and e-mail addresses.
// Text is not a structure: a secret without form or name is not found. Rules of
// one's own come on top ([Policy.Rules]).
//
// # Bounds
//
// A value is followed to 32 levels and 10,000 nodes, a text to 64 KiB. What
// lies beyond is cut and marked, never passed on unread.
//
// A [Redactor] is safe for concurrent use and never panics, whatever the values
// logged through it do, with one exception that Go leaves no choice in: a map that
// another goroutine writes to while it is logged ends the process. Log a copy.
// Booleans and null stay as they are: they reveal nothing.
package redact
