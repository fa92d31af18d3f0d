package sli

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Rate is an amount of work in a time, such as 500 rows a second. The zero
// Rate is no bound; otherwise both fields must be positive.
type Rate struct {
	Items uint64        // the unit of Event.Items, such as rows or bytes
	Per   time.Duration // the time in which the items are done
}

// check reports a rate with a field that is zero or negative.
func (r Rate) check() error {
	if r == (Rate{}) || r.Items > 0 && r.Per > 0 {
		return nil
	}
	return fmt.Errorf("invalid rate of %d items in %v: want both positive, or both zero for no bound", r.Items, r.Per)
}

// reached reports whether items in d is at least the rate, in exact integers.
func (r Rate) reached(items uint64, d time.Duration) bool {
	if items == 0 || d < 0 {
		return false
	}
	doneHi, doneLo := bits.Mul64(items, uint64(r.Per))
	wantHi, wantLo := bits.Mul64(r.Items, uint64(d))
	return doneHi > wantHi || doneHi == wantHi && doneLo >= wantLo
}

// String returns the rate as text, "500/s" or "10/1h30m".
func (r Rate) String() string {
	per := strictjson.Duration(r.Per).String()
	if unit := strings.TrimPrefix(per, "1"); !strings.ContainsAny(unit, "0123456789") {
		per = unit
	}
	return strconv.FormatUint(r.Items, 10) + "/" + per
}

// MarshalText returns String.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText parses a text such as "500/s", "500/1s" or "10/1h30m".
func (r *Rate) UnmarshalText(text []byte) error {
	number, per, _ := strings.Cut(string(text), "/")
	items, err := strconv.ParseUint(number, 10, 64)
	if per != "" && !strings.ContainsAny(per, "0123456789") {
		per = "1" + per // a unit alone
	}
	length, perErr := time.ParseDuration(per)
	if err != nil || perErr != nil {
		return fmt.Errorf(`sli: invalid rate %q: want a number of items and a time such as "500/s"`, text)
	}
	*r = Rate{Items: items, Per: length}
	return nil
}
