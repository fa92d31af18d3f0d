package budget

import (
	"encoding/binary"
	"math/big"
	"math/bits"
)

// u128 is an unsigned integer of 128 bits. A count times a billion parts has
// up to 94 bits, and times the seconds of a year 119 bits. Ratios of such
// numbers stay exact without the allocations of math/big.
type u128 struct{ hi, lo uint64 }

// u128Of returns n, and false if n has more than 128 bits. It must not be
// negative.
func u128Of(n *big.Int) (u128, bool) {
	if n.BitLen() > 128 {
		return u128{}, false
	}
	var buf [16]byte
	n.FillBytes(buf[:])
	return u128{hi: binary.BigEndian.Uint64(buf[:8]), lo: binary.BigEndian.Uint64(buf[8:])}, true
}

// product returns a*b.
func product(a, b uint64) u128 {
	hi, lo := bits.Mul64(a, b)
	return u128{hi, lo}
}

// times returns a*b, which must have at most 128 bits.
func (a u128) times(b uint64) u128 {
	p := product(a.lo, b)
	p.hi += a.hi * b
	return p
}

// minus returns a-b. It requires a >= b.
func (a u128) minus(b u128) u128 {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, borrow)
	return u128{hi, lo}
}

func (a u128) isZero() bool { return a == u128{} }

func (a u128) less(b u128) bool {
	return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo
}

func (a u128) big() *big.Int {
	n := new(big.Int).SetUint64(a.hi)
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(a.lo))
}

// compareProducts compares a*b with c*d, which have 256 bits each.
func compareProducts(a, b, c, d u128) int {
	p, q := fullProduct(a, b), fullProduct(c, d)
	for i := range p {
		switch {
		case p[i] < q[i]:
			return -1
		case p[i] > q[i]:
			return +1
		}
	}
	return 0
}

// fullProduct returns a*b, the highest 64 bits first.
func fullProduct(a, b u128) [4]uint64 {
	low, high := product(a.lo, b.lo), product(a.hi, b.hi)
	var carry, over uint64
	for _, cross := range [...]u128{product(a.hi, b.lo), product(a.lo, b.hi)} {
		low.hi, carry = bits.Add64(low.hi, cross.lo, 0)
		high.lo, over = bits.Add64(high.lo, cross.hi, carry)
		high.hi += over
	}
	return [4]uint64{high.hi, high.lo, low.hi, low.lo}
}
