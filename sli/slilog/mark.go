package slilog

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// A mark is a place in a file. It finds the file again after a restart, under
// any name, and shows that the file still has the bytes before the place.
type mark struct {
	Path  string `json:"path"`
	Inode inode  `json:"inode"`
	// Modified is the file's time in nanoseconds since 1970. Files with a later
	// time come after it.
	Modified int64 `json:"modified"`
	Offset   int64 `json:"offset"`
	// Head and Tail are hashes of the file's first bytes and of the bytes before
	// the offset, at most printSize each.
	Head string `json:"head,omitempty"`
	Tail string `json:"tail,omitempty"`
}

// An inode is the identity of a file in its file system. The zero inode is not
// known.
type inode struct {
	Device uint64 `json:"device"`
	Number uint64 `json:"number"`
}

// printSize is the number of bytes that the hashes of a mark cover. Lines of
// logs have times, so they differ within it.
const printSize = 1024

// hash returns the text of a hash, which is empty without bytes.
func hash(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// advance moves the mark over bytes. It takes and returns the bytes before the
// offset that Tail covers.
func (m *mark) advance(tail, b []byte) []byte {
	whole := append(tail, b...)
	if m.Offset < printSize { // whole begins where the file begins
		m.Head = hash(whole[:min(len(whole), printSize)])
	}
	m.Offset += int64(len(b))
	tail = whole[max(0, len(whole)-printSize):]
	m.Tail = hash(tail)
	return append([]byte(nil), tail...)
}

// match reports whether a file has the bytes before the mark, and returns those
// that Tail covers.
func (m *mark) match(in io.ReaderAt) (tail []byte, ok bool) {
	n := min(m.Offset, printSize)
	block := make([]byte, n)
	if !readFull(in, block, 0) || hash(block) != m.Head || !readFull(in, block, m.Offset-n) {
		return nil, false
	}
	return block, hash(block) == m.Tail
}

func readFull(in io.ReaderAt, block []byte, offset int64) bool {
	n, _ := in.ReadAt(block, offset)
	return n == len(block)
}
