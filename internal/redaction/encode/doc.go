// Package encode writes values as redacted JSON.
//
// The JSON is that of encoding/json with SetEscapeHTML(false), written field by
// field and key by key, because a verdict needs the Go name of a field, its tag
// and its type, which the JSON text no longer has. An [Encoding] holds what the
// encoders of one policy share. It takes a name.Judge for the names and a
// text.Finder for the strings.
package encode
