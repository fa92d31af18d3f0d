package statuspage

import (
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// jsonVersion is the version of the JSON, which docs/status.md describes. A
// later version may lack fields, or give them another meaning. New fields do
// not change the version.
const jsonVersion = 1

// overviewDoc is the JSON of the overview. A null is a value that is not
// known. Ratios are decimal text, so that no reader rounds them.
type overviewDoc struct {
	readingDoc
	Verdict    verdictDoc     `json:"verdict"`
	Objectives []objectiveDoc `json:"objectives"`
	Events     []eventDoc     `json:"events"`
}

// eventDoc is an outage, maintenance, deployment or drill of the ledger.
type eventDoc struct {
	Kind     string     `json:"kind"`
	Name     string     `json:"name"`
	Start    time.Time  `json:"start"`
	End      *time.Time `json:"end"`
	Tense    string     `json:"tense"`
	Excluded bool       `json:"excluded"`
}

// sheetDoc is the JSON of an objective's sheet.
type sheetDoc struct {
	readingDoc
	Objective  objectiveDoc  `json:"objective"`
	Definition slo.Objective `json:"definition"`
	History    []pointDoc    `json:"history"`
	Events     []eventDoc    `json:"events"`
	Periods    []periodDoc   `json:"periods"`
}

// periodDoc is a calendar period that has ended.
type periodDoc struct {
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	Good      uint64    `json:"good"`
	Valid     uint64    `json:"valid"`
	SLI       *string   `json:"sli"`
	LeftRatio *string   `json:"left_ratio"`
	Known     string    `json:"known_ratio"`
	Met       *bool     `json:"met"`
}

// journeyDoc is the JSON of a journey.
type journeyDoc struct {
	readingDoc
	Journey string   `json:"journey"`
	Kinds   []legDoc `json:"kinds"`
}

type legDoc struct {
	Kind     *string   `json:"kind"`
	Good     uint64    `json:"good"`
	Valid    uint64    `json:"valid"`
	SLI      *string   `json:"sli"`
	WeakLink *string   `json:"weak_link"`
	Steps    []stepDoc `json:"steps"`
}

type stepDoc struct {
	ID     string     `json:"id"`
	State  string     `json:"state"`
	Good   uint64     `json:"good"`
	Valid  uint64     `json:"valid"`
	Window slo.Window `json:"window"`
}

// pointDoc is the budget at one moment of the past.
type pointDoc struct {
	At        time.Time `json:"at"`
	Good      uint64    `json:"good"`
	Valid     uint64    `json:"valid"`
	LeftRatio *string   `json:"left_ratio"`
}

// readingDoc is the part that each document has.
type readingDoc struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Live    bool      `json:"live"`
	Source  sourceDoc `json:"source"`
}

type sourceDoc struct {
	Kind  status.Kind `json:"kind"`
	Since *time.Time  `json:"since"`
}

type verdictDoc struct {
	State      string `json:"state"`
	Attention  int    `json:"attention"`
	TooEarly   int    `json:"too_early"`
	Objectives int    `json:"objectives"`
	Text       string `json:"text"`
}

type objectiveDoc struct {
	ID         string                `json:"id"`
	State      string                `json:"state"`
	Since      *time.Time            `json:"since"`
	Journey    *string               `json:"journey"`
	Target     string                `json:"target"`
	Window     slo.Window            `json:"window"`
	Good       uint64                `json:"good"`
	Valid      uint64                `json:"valid"`
	SLI        *string               `json:"sli"`
	Interval95 *[2]string            `json:"interval95"`
	Known      string                `json:"known_ratio"`
	Budget     *budgetDoc            `json:"budget"`
	Burn       []burnDoc             `json:"burn"`
	Alerts     []alertDoc            `json:"alerts"`
	Decision   decisionDoc           `json:"decision"`
	Ignored    map[sli.Reason]uint64 `json:"ignored"`
	Unseen     []string              `json:"never_seen"`
	Latency    *latencyDoc           `json:"latency"`
	Shown      shownDoc              `json:"shown"`
	Links      map[string]string     `json:"links"`
}

type budgetDoc struct {
	Allowed     uint64     `json:"allowed"`
	Estimated   bool       `json:"estimated"`
	Bad         uint64     `json:"bad"`
	LeftRatio   string     `json:"left_ratio"`
	ExhaustedAt *time.Time `json:"exhausted_at"`
	OpensAt     *time.Time `json:"opens_at"`
	Outage      *string    `json:"outage_seconds"`
}

type burnDoc struct {
	Window string  `json:"window"`
	Good   uint64  `json:"good"`
	Valid  uint64  `json:"valid"`
	Known  string  `json:"known_ratio"`
	Rate   *string `json:"rate"`
}

type alertDoc struct {
	Severity  slo.Severity `json:"severity"`
	Firing    *bool        `json:"firing"`
	Long      string       `json:"long"`
	Short     string       `json:"short"`
	Factor    string       `json:"factor"`
	LongBurn  *string      `json:"long_burn"`
	ShortBurn *string      `json:"short_burn"`
	Bad       *uint64      `json:"bad"`
	MinBad    uint64       `json:"min_bad"`
}

type decisionDoc struct {
	Step    string   `json:"step"`
	Release *string  `json:"release"`
	Reasons []string `json:"reasons"`
}

type latencyDoc struct {
	P50 string `json:"p50_seconds"`
	P95 string `json:"p95_seconds"`
	P99 string `json:"p99_seconds"`
}

// shownDoc has the figures as the page shows them, rounded, in English.
type shownDoc struct {
	SLI    *string           `json:"sli"`
	Target string            `json:"target"`
	Left   *string           `json:"left"`
	Counts *string           `json:"counts"`
	Burn   map[string]string `json:"burn"`
	Text   string            `json:"text"`
}
