// Package pack keeps ended spans in little memory while they wait.
//
// A span of the SDK takes about 64 bytes for each attribute besides its text,
// and a text that was cut from a longer one keeps the whole of it in memory. A
// packed span is one block without pointers that contains copies of all texts.
// It takes about a third, and its size is known exactly.
package pack
