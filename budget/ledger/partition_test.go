package ledger_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/slo"
)

// TestStatementAgreesWithEachPart compares ledgers of any size with a model
// that looks at all entries for each part of the window.
func TestStatementAgreesWithEachPart(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 1))
		followParts(t, randomBooks(random, random.IntN(1+int(seed)*5)))
	}
}

func FuzzStatementByParts(f *testing.F) {
	f.Add(uint64(1), uint8(20))
	f.Fuzz(func(t *testing.T, seed uint64, entries uint8) {
		followParts(t, randomBooks(rand.New(rand.NewPCG(seed, 2)), int(entries)))
	})
}

var booksNow = time.Date(2026, 10, 25, 3, 30, 0, 0, time.UTC)

// randomBooks returns entries that often begin or end together, with equal
// degrees, or outside the last day.
func randomBooks(random *rand.Rand, entries int) ledger.Ledger {
	var books ledger.Ledger
	for _, kind := range allKinds[1:] {
		if random.IntN(5) == 0 {
			books.Exclude = append(books.Exclude, kind)
		}
	}
	for range entries {
		unit := []time.Duration{time.Hour, time.Minute, 1}[random.IntN(3)]
		start := booksNow.Add(-(time.Duration(random.Int64N(int64(30*time.Hour))) / unit * unit)).Add(time.Hour)
		// 0 means no end.
		lasted := time.Duration(random.Int64N(int64(5*time.Hour))) / unit * unit
		degree := fmt.Sprintf("%d%%", random.IntN(5)*25)
		books.Entries = append(books.Entries, entry(allKinds[random.IntN(4)], fmt.Sprint(random.IntN(50)), start, lasted, degree))
	}
	return books
}

// followParts compares a statement of the last day with the model's.
func followParts(t *testing.T, books ledger.Ledger) {
	t.Helper()
	want := partsOf(books, booksNow.Add(-24*time.Hour), booksNow)
	s := books.Statement(slo.MustParseTarget("50%"), slo.MustParseWindow("1d"), booksNow)
	if s.Excluded != want.excluded || s.Spent != roundedUp(want.total) {
		t.Fatalf("%v: got spent %v, excluded %v, want %v, %v", books, s.Spent, s.Excluded, roundedUp(want.total), want.excluded)
	}
	got, charges := make(map[incident]time.Duration), make(map[incident]time.Duration)
	for _, c := range s.Incidents {
		got[incident{c.Kind, c.Name}] = c.Spent
	}
	for of, spent := range want.incidents {
		charges[of] = roundedUp(spent)
	}
	if diff := cmp.Diff(charges, got); diff != "" {
		t.Errorf("%v: incidents (-want +got):\n%s", books, diff)
	}
}

// partsOf is the model: it looks at every entry for each part, in exact
// numbers.
func partsOf(books ledger.Ledger, start, end time.Time) model {
	cuts := []time.Time{start, end}
	for _, e := range books.Entries {
		for _, cut := range []time.Time{e.Start, e.End} {
			if cut.After(start) && cut.Before(end) {
				cuts = append(cuts, cut)
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	m := model{total: new(big.Rat), incidents: make(map[incident]*big.Rat)}
	for i, to := range cuts[1:] {
		length := to.Sub(cuts[i])
		worst, excluded := worstAt(books, cuts[i])
		switch {
		case length == 0:
		case excluded:
			m.excluded += length
		case worst != nil:
			m.charge(*worst, length)
		}
	}
	return m
}

func (m model) charge(e ledger.Entry, length time.Duration) {
	of := incident{e.Kind, e.Name}
	if m.incidents[of] == nil {
		m.incidents[of] = new(big.Rat)
	}
	lost := new(big.Rat).Mul(degree(e), new(big.Rat).SetInt64(int64(length)))
	m.incidents[of].Add(m.incidents[of], lost)
	m.total.Add(m.total, lost)
}

func roundedUp(nanoseconds *big.Rat) time.Duration {
	whole, rest := new(big.Int).QuoRem(nanoseconds.Num(), nanoseconds.Denom(), new(big.Int))
	return time.Duration(whole.Int64() + int64(rest.Sign()))
}

// BenchmarkStatement shows that the time grows with n log n.
func BenchmarkStatement(b *testing.B) {
	for _, entries := range []int{1000, 4000, 16000} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			books := randomBooks(rand.New(rand.NewPCG(1, 1)), entries)
			target, window := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d")
			for b.Loop() {
				books.Statement(target, window, booksNow)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(entries), "ns/entry")
		})
	}
}
