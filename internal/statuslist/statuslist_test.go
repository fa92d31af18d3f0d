package statuslist_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/statuslist"
)

func parse(list ...string) (statuslist.Set, []string) {
	var mistakes []string
	set := statuslist.Parse(list, func(i int, err error) { mistakes = append(mistakes, fmt.Sprintf("%d %v", i, err)) })
	return set, mistakes
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		list string
		has  []int
		not  []int
	}{
		{"404", []int{404}, []int{403, 405, 200, 0, 700}},
		{"2xx", []int{200, 299}, []int{199, 300}},
		{"500-504", []int{500, 502, 504}, []int{499, 505}},
		{"2xx,!204", []int{200, 205}, []int{204}},
		{"!204,2xx", []int{200, 205}, []int{204}},
		{"!4xx", []int{200, 399, 500, 599, 0, 999}, []int{100, 199, 400, 499}},
		{"100-599", []int{100, 599}, []int{0, 99, 600}},
	} {
		set, mistakes := parse(strings.Split(tt.list, ",")...)
		if mistakes != nil {
			t.Errorf("%s: %q", tt.list, mistakes)
		}
		for _, status := range tt.has {
			if !set.Has(status) {
				t.Errorf("%s does not have %d", tt.list, status)
			}
		}
		for _, status := range tt.not {
			if set.Has(status) {
				t.Errorf("%s has %d", tt.list, status)
			}
		}
	}
}

func TestParseReportsEachMistake(t *testing.T) {
	_, got := parse("200", "20x", "!", "504-500")
	if len(got) != 3 || !slices.IsSortedFunc(got, strings.Compare) {
		t.Fatalf("got %q, want the mistakes of entries 1, 2 and 3", got)
	}
	for i, want := range []string{`1 invalid status "20x": want a code`, `2 invalid status "!": want`, `3 invalid status "504-500": want`} {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("got %q, want %q…", got[i], want)
		}
	}
	if _, got := parse("2xx", "!2xx"); len(got) != 1 || got[0] != `-1 ["2xx" "!2xx"] leaves no status` {
		t.Errorf("got %q", got)
	}
	if set, got := parse(); set != (statuslist.Set{}) || got != nil {
		t.Errorf("the empty list is %v with %q", set, got)
	}
}
