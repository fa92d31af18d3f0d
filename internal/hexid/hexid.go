// Package hexid writes identifiers in hexadecimal. Every line of a request and
// every new request ID has some.
package hexid

import (
	"encoding/binary"
	"encoding/hex"
)

// pairs has the two digits of each byte.
var pairs = func() (p [256]uint16) {
	const digits = "0123456789abcdef"
	for i := range p {
		p[i] = binary.NativeEndian.Uint16([]byte{digits[i>>4], digits[i&15]})
	}
	return p
}()

// Append appends the bytes of an ID in hexadecimal, in lower case.
func Append(dst, id []byte) []byte {
	for len(id) >= 8 { // hex.AppendEncode would write digit by digit
		dst = append(dst, "0000000000000000"...)
		encode((*[16]byte)(dst[len(dst)-16:]), (*[8]byte)(id))
		id = id[8:]
	}
	if len(id) > 0 {
		dst = hex.AppendEncode(dst, id)
	}
	return dst
}

func encode(digits *[16]byte, id *[8]byte) {
	binary.NativeEndian.PutUint16(digits[0:], pairs[id[0]])
	binary.NativeEndian.PutUint16(digits[2:], pairs[id[1]])
	binary.NativeEndian.PutUint16(digits[4:], pairs[id[2]])
	binary.NativeEndian.PutUint16(digits[6:], pairs[id[3]])
	binary.NativeEndian.PutUint16(digits[8:], pairs[id[4]])
	binary.NativeEndian.PutUint16(digits[10:], pairs[id[5]])
	binary.NativeEndian.PutUint16(digits[12:], pairs[id[6]])
	binary.NativeEndian.PutUint16(digits[14:], pairs[id[7]])
}
