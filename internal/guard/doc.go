// Package guard calls code of a user, such as a hook or an error's methods,
// that must not take the service down if it panics.
package guard
