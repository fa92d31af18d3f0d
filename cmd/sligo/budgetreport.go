package main

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
)

// writeBudgets writes the rows in the chosen format. With check, it returns the
// error for the exit status.
func (p *program) writeBudgets(rows []budgetRow, now time.Time, check bool) error {
	text, err := p.encodeBudgets(rows, now)
	if err != nil {
		return err
	}
	if err := p.write(text); err != nil || !check {
		return err
	}
	return answer(rows)
}

func (p *program) encodeBudgets(rows []budgetRow, now time.Time) ([]byte, error) {
	switch p.format {
	case finding.JSON:
		return budgetsJSON(rows, now)
	case finding.GitHub:
		return p.budgetFindings(rows).Encode(finding.GitHub)
	}
	var text bytes.Buffer
	for _, r := range rows {
		r.describe(&text, now)
	}
	if p.quiet {
		return text.Bytes(), nil
	}
	if len(rows) > 1 {
		for _, r := range rows {
			text.WriteString(r.verdict() + "\n")
		}
	}
	text.WriteString(totalVerdict(rows) + "\n")
	return text.Bytes(), nil
}

// describe writes the figures of a budget, in events and in time.
func (r budgetRow) describe(text *bytes.Buffer, now time.Time) {
	b := r.budget
	title := fmt.Sprintf("%v %s", b.Target(), b.Window().Words())
	if r.id != "" {
		title = r.id + ": " + title
	}
	fmt.Fprintln(text, title)
	fmt.Fprintf(text, "  events    %v\n", b.Counts())
	if !b.HasData() {
		return
	}
	soFar := ""
	if b.Window().IsCalendar() {
		soFar = " so far"
	}
	fmt.Fprintf(text, "  budget    %s allowed%s, %d spent, %s\n",
		plural(b.Allowed(), "bad event"), soFar, b.Counts().Bad(), left(b.Left(), decimal))
	fmt.Fprintf(text, "  downtime  %s allowed, %s if traffic is even\n",
		budget.FormatDuration(r.downtime(now)), left(r.downtimeLeft(now), budget.FormatDuration))
	if spent, ok := b.SpentOfWindow(now); ok && b.Window().IsCalendar() {
		fmt.Fprintf(text, "  period    %s of the whole budget spent if traffic is even\n", spent.Percent())
	}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// left returns a number in words: "4 left" or "10 overspent".
func left[N int64 | time.Duration](n N, format func(N) string) string {
	if n < 0 {
		return format(-max(n, -math.MaxInt64)) + " overspent"
	}
	return format(n) + " left"
}

// downtime returns the downtime that the target allows within the window.
func (r budgetRow) downtime(now time.Time) time.Duration {
	return budget.Downtime(r.budget.Target(), r.budget.Window().Length(now))
}

// downtimeLeft returns the length of a total outage that spends the rest of the
// whole window's budget, at the mean traffic. It is negative if the budget is
// overspent.
func (r budgetRow) downtimeLeft(now time.Time) time.Duration {
	spent, ok := r.budget.SpentOfWindow(now)
	if !ok {
		return 0
	}
	left := new(big.Rat).Sub(big.NewRat(1, 1), spent.Rat())
	left.Mul(left, new(big.Rat).SetInt64(int64(r.downtime(now))))
	whole := new(big.Int).Quo(left.Num(), left.Denom())
	if !whole.IsInt64() {
		return 0 // more than any window is long
	}
	return time.Duration(whole.Int64())
}

// budgetJSON is a row in JSON. The figures besides the budget are for readers
// that do not calculate.
type budgetJSON struct {
	ID      string        `json:"id,omitempty"`
	State   string        `json:"state"`
	Budget  budget.Budget `json:"budget"`
	Allowed uint64        `json:"allowed"`
	Bad     uint64        `json:"bad"`
	Left    int64         `json:"left"`
	// SpentOfWindow is absent without data.
	SpentOfWindow *budget.Ratio `json:"spent_of_window,omitempty"`
	Downtime      string        `json:"downtime"`
	// DowntimeLeft is absent without data.
	DowntimeLeft string `json:"downtime_left,omitempty"`
}

func (r budgetRow) json(now time.Time) budgetJSON {
	row := budgetJSON{
		ID: r.id, State: r.state(), Budget: r.budget,
		Allowed: r.budget.Allowed(), Bad: r.budget.Counts().Bad(), Left: r.budget.Left(),
		Downtime: r.downtime(now).String(),
	}
	if spent, ok := r.budget.SpentOfWindow(now); ok {
		row.SpentOfWindow = &spent
		row.DowntimeLeft = r.downtimeLeft(now).String()
	}
	return row
}

func budgetsJSON(rows []budgetRow, now time.Time) ([]byte, error) {
	all := make([]budgetJSON, len(rows))
	for i, r := range rows {
		all[i] = r.json(now)
	}
	return indented(struct {
		Version    int          `json:"version"`
		At         time.Time    `json:"at"`
		Objectives []budgetJSON `json:"objectives"`
		Verdict    string       `json:"verdict"`
	}{1, now, all, totalVerdict(rows)})
}

// budgetFindings reports every objective that is not met.
func (p *program) budgetFindings(rows []budgetRow) finding.Report {
	report := finding.Report{OK: true}
	for _, r := range rows {
		if r.state() != met {
			f := r.place
			f.Message = r.verdict()
			report.Findings = append(report.Findings, f)
			report.OK = false
		}
	}
	if !p.quiet {
		report.Verdict = totalVerdict(rows)
	}
	return report
}
