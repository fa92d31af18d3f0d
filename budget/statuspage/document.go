package statuspage

import (
	"bytes"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/internal/decimal"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func (v *view) readingDoc() readingDoc {
	return readingDoc{
		Version: jsonVersion, At: v.At.UTC(), Live: v.live,
		Source: sourceDoc{Kind: v.Kind, Since: timeOrNull(v.Since)},
	}
}

// overviewDoc returns the document of the overview.
func (v *view) overviewDoc() overviewDoc {
	d := overviewDoc{
		readingDoc: v.readingDoc(), Objectives: []objectiveDoc{},
		Verdict: verdictDoc{
			State: lookNames[v.worst()], Attention: v.attention(), TooEarly: v.count(lookEarly),
			Objectives: len(v.standings), Text: strings.ReplaceAll(v.headline(), nb, " "),
		},
	}
	for _, s := range v.standings {
		d.Objectives = append(d.Objectives, v.objectiveDoc(s))
	}
	d.Events = v.eventDocs(v.announced(v.ledger(), ahead), v.At, v.standings...)
	return d
}

// sheetDoc returns the document of an objective's sheet.
func (v *view) sheetDoc(s standing) sheetDoc {
	d := sheetDoc{
		readingDoc: v.readingDoc(), Objective: v.objectiveDoc(s), Definition: s.Objective.Objective, History: []pointDoc{},
	}
	for _, p := range s.History {
		c := p.Budget.Counts()
		point := pointDoc{At: p.At.UTC(), Good: c.Good, Valid: c.Valid}
		if left := leftAt(p); left != nil {
			point.LeftRatio = textOrNull(decimalOf(left))
		}
		d.History = append(d.History, point)
	}
	begin, _ := s.Objective.Objective.Window.Bounds(v.At)
	events := v.ledger().Between(begin, v.At.Add(ahead))
	d.Events, d.Periods = v.eventDocs(events, begin, s), v.periodDocs(s)
	return d
}

// journeyDoc returns the document of a journey.
func (v *view) journeyDoc(name string) journeyDoc {
	d := journeyDoc{readingDoc: v.readingDoc(), Journey: name, Kinds: []legDoc{}}
	for _, l := range v.legs(name) {
		doc := legDoc{Kind: textOrNull(string(l.kind)), Good: l.sum.Good, Valid: l.sum.Valid, Steps: []stepDoc{}}
		for _, s := range l.steps {
			c := s.Budget.Counts()
			doc.Steps = append(doc.Steps, stepDoc{ID: s.id, State: s.State, Good: c.Good, Valid: c.Valid, Window: s.Budget.Window()})
		}
		if l.sum.Valid > 0 {
			doc.SLI = textOrNull(decimalOf(l.sum.Rat()))
		}
		if weak, ok := l.weakest(); ok {
			doc.WeakLink = textOrNull(weak.id)
		}
		d.Kinds = append(d.Kinds, doc)
	}
	return d
}

// lookNames are the states in which an objective can be, as the verdict names
// them.
var lookNames = map[look]string{
	lookFrozen: "frozen", lookCaution: "caution", lookNoData: status.StateNoData, lookEarly: status.StateTooEarly, lookHealthy: "healthy",
}

func (v *view) objectiveDoc(s standing) objectiveDoc {
	o, c := s.Objective.Objective, s.Budget.Counts()
	d := objectiveDoc{
		ID: s.id, State: s.State, Since: timeOrNull(s.Since), Journey: textOrNull(o.Indicator.Journey),
		Target: o.Target.Decimal(), Window: o.Window, Good: c.Good, Valid: c.Valid,
		Known: decimalOf(s.Budget.Coverage().Share().Rat()), Budget: v.budgetDoc(s), Burn: v.burnDocs(s), Alerts: alertDocs(s),
		Decision: decisionDoc{Step: s.Decision.Step, Reasons: listed(s.Decision.Reasons)},
		Ignored:  s.Ignored, Unseen: listed(s.Unseen), Shown: v.shownDoc(s), Links: map[string]string{"self": v.at.base + sheetPath(s) + jsonSuffix},
	}
	if d.Ignored == nil {
		d.Ignored = map[sli.Reason]uint64{}
	}
	if s.Decision.Release != 0 {
		d.Decision.Release = textOrNull(s.Decision.Release.String())
	}
	if s.HasData() {
		d.SLI = textOrNull(decimalOf(c.Rat()))
		if i, ok := evidence.ConfidenceInterval(c, slo.Share{}); ok && o.Slices.Length == 0 {
			d.Interval95 = &[2]string{decimalOf(ratOf(i.Low)), decimalOf(ratOf(i.High))}
		}
	}
	if l := s.Latency; l != nil {
		d.Latency = &latencyDoc{P50: seconds(l.P50), P95: seconds(l.P95), P99: seconds(l.P99)}
	}
	return d
}

func (v *view) budgetDoc(s standing) *budgetDoc {
	if !s.HasData() {
		return nil
	}
	d := &budgetDoc{
		Allowed: s.Allowed(v.At), Estimated: s.IsEstimated(v.At), Bad: s.Budget.Counts().Bad(),
		LeftRatio: decimalOf(s.left), OpensAt: timeOrNull(s.OpensAt),
	}
	if at, ok := s.ExhaustedAt(v.At); ok {
		d.ExhaustedAt = timeOrNull(at)
	}
	if outage, ok := s.Outage(v.At); ok {
		d.Outage = textOrNull(seconds(outage))
	}
	return d
}

func (v *view) burnDocs(s standing) []burnDoc {
	docs := []burnDoc{}
	for _, span := range s.Spans {
		known := big.NewRat(int64(min(span.Known, span.Length)), max(1, int64(span.Length)))
		d := burnDoc{Window: windowText(span.Length), Good: span.Counts.Good, Valid: span.Counts.Valid, Known: decimalOf(known)}
		if r, ok := s.Burn(span.Length); ok {
			d.Rate = textOrNull(decimalOf(r.Rat()))
		}
		docs = append(docs, d)
	}
	return docs
}

func alertDocs(s standing) []alertDoc {
	docs := []alertDoc{}
	for _, a := range s.Alarms {
		d := alertDoc{
			Severity: a.Alert.Severity, Long: windowText(a.Alert.Long), Short: windowText(a.Alert.Short),
			Factor: decimalOf(a.Factor.Rat()), MinBad: a.MinBad,
		}
		if s.HasData() && s.judged(a) {
			bad := a.Long.Bad()
			d.Firing, d.Bad = &a.Firing, &bad
			d.LongBurn, d.ShortBurn = textOrNull(decimalOf(a.LongBurn.Rat())), textOrNull(decimalOf(a.ShortBurn.Rat()))
		}
		docs = append(docs, d)
	}
	return docs
}

// shownDoc returns the figures of a tile.
func (v *view) shownDoc(s standing) shownDoc {
	d := shownDoc{Target: plain(v.target(s)), Burn: map[string]string{}, Text: v.line(s)}
	if !s.HasData() {
		return d
	}
	d.SLI = textOrNull(sliPercent(s.Budget.Counts(), s.Budget.Target()) + " %")
	d.Left = textOrNull(plain(v.left(s)))
	d.Counts = textOrNull(plain(string(v.counts(s))))
	for _, length := range tileSpans {
		if b := s.burnOf(length); b.rate != nil {
			d.Burn[windowText(length)] = v.l.rate(b.rate, s.factors(length)...)
		}
	}
	return d
}

// line returns an objective on one line of plain text.
func (v *view) line(s standing) string {
	line := s.id + ": " + s.State
	if !s.HasData() {
		return line + ", " + plain(string(v.promise(s)))
	}
	line += ", " + sliPercent(s.Budget.Counts(), s.Budget.Target()) + " %, " + plain(string(v.promise(s))) + ", " + plain(v.left(s)) + " left"
	if counts := v.counts(s); counts != "" {
		line += ", " + plain(string(counts))
	}
	return line
}

// plain returns a text with simple spaces.
func plain(text string) string { return strings.ReplaceAll(text, nb, " ") }

// listed returns a list that the JSON never writes as null, which would mean
// that it is not known.
func listed(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// timeOrNull returns a time for the JSON, which writes one that is not known as
// null.
func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// textOrNull returns a text for the JSON, which writes an empty one as null.
func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// decimalOf returns a number with nine decimals at most, rounded half up. It
// has more if it would be rounded onto a whole number such as 0 or 1.
func decimalOf(r *big.Rat) string {
	for digits := 9; ; digits *= 2 {
		text := decimal.Trim(r.FloatString(digits))
		if r.IsInt() || strings.Contains(text, ".") {
			return text
		}
	}
}

// ratOf returns a number exactly, and 0 if it is not finite.
func ratOf(f float64) *big.Rat {
	r := new(big.Rat).SetFloat64(f)
	if r == nil {
		return zero
	}
	return r
}

func seconds(d time.Duration) string { return decimalOf(big.NewRat(int64(d), int64(time.Second))) }

// windowText returns the length of a window as promises write it: "6h", "3d".
func windowText(d time.Duration) string {
	w, err := slo.Rolling(d)
	if err != nil {
		return strictjson.Duration(d).String()
	}
	return w.String()
}

// textDoc returns the overview in plain text: the verdict, a line for each
// objective, and the releases.
func (v *view) textDoc() string {
	var b strings.Builder
	b.WriteString(plain(v.headline()) + "\n")
	for _, s := range v.standings {
		b.WriteString(v.line(s) + "\n")
	}
	for _, r := range v.releases() {
		b.WriteString("releases of " + r.standing.Objective.Objective.Indicator.Service + ": " + strings.ToLower(r.Word) + "\n")
	}
	return b.String()
}

// serveJSON answers with a document.
func (v *view) serveJSON(w http.ResponseWriter, r *http.Request, doc any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(true)
	if err := encoder.Encode(doc); err != nil {
		v.options.Logger.Error("Status page: cannot write JSON", "error", err.Error())
		http.Error(w, "cannot write JSON", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	write(w, r, http.StatusOK, body.Bytes())
}
