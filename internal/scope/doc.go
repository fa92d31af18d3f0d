// Package scope puts the request that a context belongs to into the context.
// Package logging writes it on lines, and package middleware sets it.
package scope
