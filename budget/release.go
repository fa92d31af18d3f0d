package budget

import (
	"fmt"
	"slices"

	"github.com/sligo-go/sligo/internal/quotelist"
)

// Release tells which changes a decision allows. A stricter Release is
// larger. The zero Release is invalid, so that nothing is allowed by mistake.
type Release uint8

const (
	// ReleaseFree allows planned releases.
	ReleaseFree Release = iota + 1
	// ReleaseReviewed allows releases after a stricter review than usual.
	ReleaseReviewed
	// ReleaseFrozen allows only repairs and security fixes.
	ReleaseFrozen
)

var releases = [...]string{ReleaseFree: "free", ReleaseReviewed: "reviewed", ReleaseFrozen: "frozen"}

func (r Release) isValid() bool { return r > 0 && int(r) < len(releases) }

// String returns "free", "reviewed" or "frozen".
func (r Release) String() string {
	if !r.isValid() {
		return fmt.Sprintf("Release(%d)", uint8(r))
	}
	return releases[r]
}

// MarshalText returns String, or an error if r is not one of the constants.
func (r Release) MarshalText() ([]byte, error) {
	if !r.isValid() {
		return nil, fmt.Errorf("budget: invalid release %d: want one of %s", uint8(r), quotelist.Of(releases[1:]))
	}
	return []byte(r.String()), nil
}

// UnmarshalText parses "free", "reviewed" or "frozen".
func (r *Release) UnmarshalText(text []byte) error {
	i := slices.Index(releases[1:], string(text))
	if i < 0 {
		return fmt.Errorf("budget: unknown release %q: want one of %s", text, quotelist.Of(releases[1:]))
	}
	*r = Release(i + 1)
	return nil
}
