package sli_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/sli"
)

// statusLists are typical lists and lists that probe the grammar.
var statusLists = []string{
	"2xx", "404", "500-504", "!400", "!4xx", "2xx,3xx,4xx", "2xx,!204", "!204,2xx", "!5xx,!400",
	"1xx", "101", "!1xx", "100-599", "2xx,!2xx", "4xx,!400-404,402", "!500-504,!200", "599", "100", "300-300",
	"", "2XX", "6xx", "0xx", "xx", "2x", "20x", "99", "600", "099", "504-500", "500-", "-500", "500-504-508", "!!400", "!", " 200",
	"200 ", "+20", "2xx-3xx", "２００", "0404", "200-0204", "!404,abc",
}

func TestStatusList(t *testing.T) {
	for _, list := range statusLists {
		t.Run(list, func(t *testing.T) { checkStatusList(t, strings.Split(list, ",")) })
	}
}

func FuzzStatusList(f *testing.F) {
	for _, list := range statusLists {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) { checkStatusList(t, strings.Split(list, ",")) })
}

// checkStatusList compares the mistakes in a list, and the verdicts on all
// statuses, with the list's meaning.
func checkStatusList(t *testing.T, list []string) {
	t.Helper()
	ind := sli.Indicator{Name: "n", Service: "s", Good: sli.Condition{Status: list}}
	var wrong []string
	for i, entry := range list {
		if !isStatusEntry(entry) {
			wrong = append(wrong, fmt.Sprintf("Good.Status[%d]: invalid status %q: want a code", i, entry))
		}
	}
	has := map[int]bool{}
	for status := -1; status <= 1000 && wrong == nil; status++ {
		if status != 0 && listHas(list, status) {
			has[status] = true
		}
	}
	if wrong == nil && len(has) == 0 {
		wrong = []string{fmt.Sprintf("Good.Status: %q leaves no status", list)}
	}
	got := mistakes(t, ind.Validate())
	if len(got) != len(wrong) {
		t.Errorf("%q: got the mistakes %q, want %q", list, got, wrong)
	}
	for _, want := range wrong {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, want) }) {
			t.Errorf("%q: got the mistakes %q, want %s", list, got, want)
		}
	}
	for status := -1; status <= 1000 && wrong == nil; status++ {
		if v, _ := ind.Judge(sli.Event{Status: status}); (v == sli.VerdictGood) != has[status] {
			t.Errorf("%q and status %d: got %v, want it met: %t", list, status, v, has[status])
		}
	}
}

var statusEntry = regexp.MustCompile(`^!?([1-5]xx|[1-5][0-9]{2}|[1-5][0-9]{2}-[1-5][0-9]{2})$`)

func isStatusEntry(entry string) bool {
	first, last, isRange := strings.Cut(strings.TrimPrefix(entry, "!"), "-")
	return statusEntry.MatchString(entry) && (!isRange || first <= last)
}

// listHas reports whether a list of valid entries selects a status. It
// compares texts, so that it shares no code with the implementation.
func listHas(list []string, status int) bool {
	plain, plainHas, negatedHas := false, false, false
	for _, entry := range list {
		rest, negated := strings.CutPrefix(entry, "!")
		plain = plain || !negated
		plainHas = plainHas || !negated && entryHas(rest, status)
		negatedHas = negatedHas || negated && entryHas(rest, status)
	}
	if !plain {
		return !negatedHas && !entryHas("1xx", status)
	}
	return plainHas && !negatedHas
}

func entryHas(entry string, status int) bool {
	text := fmt.Sprint(status)
	switch first, last, isRange := strings.Cut(entry, "-"); {
	case len(text) != 3:
		return false
	case isRange:
		return first <= text && text <= last
	case strings.HasSuffix(entry, "xx"):
		return text[0] == entry[0] && text[0] != '-'
	default:
		return text == entry
	}
}
