// Package canary holds log calls with secrets in them, and look-alikes that must
// not be taken for secrets. The tests of every package that writes lines run
// them through what it builds. All values are invented.
package canary
