// Package text finds secrets and personal data in free text and replaces them.
//
// A gate looks at each byte of a text once and notes its traits. Most texts
// have none that a secret needs, and are returned as they are. The others go
// through the matchers in table.go, each of which knows one kind of secret
// by its form or by the name before it. To teach the package a new kind of
// secret, add a row to the table and a function; to teach it a new way of
// writing a pair of a name and a value, add a row to notations.
//
// Package name judges the names. A text that is a JSON document is left to a
// function that the caller provides.
package text
