// Package name judges names: whether the value of an attribute, a field, a
// header, a parameter or a command-line flag is secret because of its name.
//
// A name is split into words. A word on the lists makes it secret, unless the
// words around it turn the name into a fact about the secret: password is
// secret, password_length is not. All spellings of a name get the same verdict:
// camelCase, snake_case, kebab-case, dotted, percent-encoded.
//
// The package sees names only. Package text looks at texts, package encode
// writes values.
package name
