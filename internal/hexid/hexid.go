// Package hexid writes identifiers in hexadecimal. Every line of a request and
// every new request ID has some.
package hexid

import (
	"encoding/binary"
	"encoding/hex"
)

// Append appends the bytes of an ID in hexadecimal, in lower case.
func Append(dst, id []byte) []byte {
	for len(id) >= 4 {
		// AppendUint64 would write byte by byte.
		dst = append(dst, "00000000"...)
		binary.BigEndian.PutUint64(dst[len(dst)-8:], digits(binary.BigEndian.Uint32(id)))
		id = id[4:]
	}
	if len(id) > 0 {
		dst = hex.AppendEncode(dst, id)
	}
	return dst
}

// digits returns the eight hexadecimal digits of a number, one in each byte.
func digits(v uint32) uint64 {
	const ones = 0x0101010101010101
	x := uint64(v)
	x = (x<<16 | x) & 0x0000FFFF0000FFFF
	x = (x<<8 | x) & 0x00FF00FF00FF00FF
	x = (x<<4 | x) & (0x0F * ones)
	letters := (x + 6*ones) >> 4 & ones // 1 for a to f
	return x + '0'*ones + letters*('a'-'0'-10)
}
