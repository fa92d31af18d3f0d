package text_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// TestIsUUID compares texts with a regular expression: UUIDs, and each of its
// bytes replaced by each other one.
func TestIsUUID(t *testing.T) {
	for range 20 {
		id := newUUID()
		for i := range id {
			for c := range 256 {
				s := id[:i] + string([]byte{byte(c)}) + id[i+1:]
				if got, want := text.IsUUID(s), uuid.MatchString(s); got != want {
					t.Fatalf("%q: got %t, want %t", s, got, want)
				}
			}
		}
		for _, s := range []string{"", id[1:], id + "0", id[:35] + "é", " " + id} {
			if text.IsUUID(s) {
				t.Errorf("%q is a UUID", s)
			}
		}
	}
}

func newUUID() string {
	high, low := rand.Uint64(), rand.Uint64()
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&0xffffffffffff)
}

// TestNoKeyIsAUUID makes UUIDs that begin as the keys of vendors do, if a UUID
// can. There is no key in them, so that an identifier of this form needs no
// search.
func TestNoKeyIsAUUID(t *testing.T) {
	f := newFinder().Only("vendor key")
	prefixes := []string{""}
	for _, s := range text.Samples() {
		prefixes = append(prefixes, s.Prefix)
	}
	for _, prefix := range prefixes {
		for range 100 {
			id := prefix + newUUID()[min(len(prefix), 36):]
			if !text.IsUUID(id) {
				break
			}
			if got := f.Redact(id); got != id || !f.IsID(id) {
				t.Errorf("%s becomes %s", id, got)
			}
		}
	}
}
