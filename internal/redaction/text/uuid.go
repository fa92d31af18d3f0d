package text

// isUUID reports whether s is a UUID in lower case. Most request IDs are UUIDs.
// A vendor's key that is a UUID is recognized only by a name in front of it.
func isUUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	return areHex(eight(s[0:4], s[4:8])) && areHex(eight(s[9:13], s[14:18])) &&
		areHex(eight(s[19:23], s[24:28])) && areHex(eight(s[28:32], s[32:36]))
}

// eight returns two texts of four bytes as a number.
func eight(a, b string) uint64 { return uint64(four(a)) | uint64(four(b))<<32 }

func four(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// areHex reports whether eight bytes are hexadecimal digits in lower case. Each
// sum sets the highest bit of the bytes from a certain character on.
func areHex(v uint64) bool {
	const (
		ones    = 0x0101010101010101
		highest = 0x80 * ones
	)
	digit := (v + (0x80-'0')*ones) &^ (v + (0x80-'9'-1)*ones)
	letter := (v + (0x80-'a')*ones) &^ (v + (0x80-'f'-1)*ones)
	return v&highest == 0 && (digit|letter)&highest == highest
}
