// Package frames reads the stack traces that errors carry.
package frames
