package hexid_test

import (
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/sligo-go/sligo/internal/hexid"
)

func TestAppend(t *testing.T) {
	for size := range 40 {
		for range 100 {
			id := make([]byte, size)
			for i := range id {
				id[i] = byte(rand.Uint32())
			}
			if got, want := string(hexid.Append([]byte("id="), id)), "id="+hex.EncodeToString(id); got != want {
				t.Fatalf("got %s, want %s", got, want)
			}
		}
	}
}

func TestAppendKnowsAllDigits(t *testing.T) {
	id := []byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF}
	if got := string(hexid.Append(nil, id)); got != "0123456789abcdef" {
		t.Errorf("got %s", got)
	}
}

func BenchmarkAppend(b *testing.B) {
	id, buf := make([]byte, 16), make([]byte, 0, 32)
	for b.Loop() {
		buf = hexid.Append(buf[:0], id)
	}
}
