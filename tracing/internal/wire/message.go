package wire

import (
	"math"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// message is a protobuf message that grows at its end. Its methods leave out a
// field with the zero value, as protobuf prescribes for all fields that are not
// part of a oneof.
type message []byte

// open begins a nested message and returns its place for close.
func (m *message) open(field protowire.Number) int {
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = append(*m, 0) // the length of a short message
	return len(*m)
}

// close ends a nested message by writing its length in front of it.
func (m *message) close(at int) {
	length := uint64(len(*m) - at)
	more := protowire.SizeVarint(length) - 1
	if more > 0 {
		*m = append(*m, make([]byte, more)...)
		copy((*m)[at+more:], (*m)[at:])
	}
	protowire.AppendVarint((*m)[:at-1], length)
}

// text writes a text. It replaces each run of bytes that are not UTF-8 by one
// U+FFFD, because receivers refuse a whole batch with other bytes.
func (m *message) text(field protowire.Number, s string) {
	if s != "" {
		m.oneofText(field, s)
	}
}

func (m *message) oneofText(field protowire.Number, s string) {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = protowire.AppendString(*m, s)
}

func (m *message) bytes(field protowire.Number, b []byte) {
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = protowire.AppendBytes(*m, b)
}

func (m *message) varint(field protowire.Number, v uint64) {
	if v != 0 {
		m.oneofVarint(field, v)
	}
}

func (m *message) oneofVarint(field protowire.Number, v uint64) {
	*m = protowire.AppendTag(*m, field, protowire.VarintType)
	*m = protowire.AppendVarint(*m, v)
}

// count writes a number of dropped items.
func (m *message) count(field protowire.Number, n int) {
	m.varint(field, uint64(count(n)))
}

func count(n int) uint32 { return uint32(min(max(int64(n), 0), math.MaxUint32)) }

func (m *message) fixed32(field protowire.Number, v uint32) {
	if v != 0 {
		*m = protowire.AppendTag(*m, field, protowire.Fixed32Type)
		*m = protowire.AppendFixed32(*m, v)
	}
}

func (m *message) fixed64(field protowire.Number, v uint64) {
	if v != 0 {
		m.oneofFixed64(field, v)
	}
}

func (m *message) oneofFixed64(field protowire.Number, v uint64) {
	*m = protowire.AppendTag(*m, field, protowire.Fixed64Type)
	*m = protowire.AppendFixed64(*m, v)
}
