package call

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/sligo-go/sligo/internal/hexid"
)

// maxRequestID is the maximum length of a request ID that a caller chooses.
const maxRequestID = 128

// ValidRequestID reports whether a request ID of a caller can be trusted: it
// has 1 to 128 characters that need no quoting in headers, logs and URLs.
func ValidRequestID(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for i := range len(id) {
		if !inRequestID[id[i]] {
			return false
		}
	}
	return true
}

var inRequestID = func() (in [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~+/=-") {
		in[c] = true
	}
	return in
}()

// NewRequestID returns a random UUID of version 4, the form that Envoy gives
// its request IDs and expects in others.
func NewRequestID() string {
	b := idBlocks.Get().(*idBlock)
	if b.text == "" {
		b.text = newIDs()
	}
	id := b.text[:idLength]
	b.text = b.text[idLength:]
	idBlocks.Put(b)
	return id
}

const (
	idLength = 36
	// idsAtOnce is the number of IDs in one allocation.
	idsAtOnce = 32
)

// idBlock is the text of the IDs that were made and not used.
type idBlock struct{ text string }

var idBlocks = sync.Pool{New: func() any { return new(idBlock) }}

func newIDs() string {
	text := make([]byte, 0, idsAtOnce*idLength)
	for range idsAtOnce {
		text = appendUUID(text, rand.Uint64(), rand.Uint64())
	}
	return string(text)
}

// appendUUID appends the UUID of 122 bits of high and low.
func appendUUID(dst []byte, high, low uint64) []byte {
	const version, variant = 4 << 12, 1 << 63
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], high&^0xF000|version)
	binary.BigEndian.PutUint64(id[8:], low&^(3<<62)|variant)
	var buf [32]byte
	digits := hexid.Append(buf[:0], id[:])
	dst = append(append(dst, digits[:8]...), '-')
	dst = append(append(dst, digits[8:12]...), '-')
	dst = append(append(dst, digits[12:16]...), '-')
	dst = append(append(dst, digits[16:20]...), '-')
	return append(dst, digits[20:]...)
}

// ValidHeaderName reports whether a name is a token, by RFC 9110.
func ValidHeaderName(name string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7F || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return name != ""
}
