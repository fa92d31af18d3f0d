// Package frames reads the stacks that errors carry.
package frames
