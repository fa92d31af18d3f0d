package lab

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"
)

// A Scenario is the traffic of one service and its faults. Its times are given
// by the days before the last one, so that the same scenario fits runs of 7 and
// of 30 days.
type Scenario struct {
	Name  string `yaml:"name"`
	About string `yaml:"about"`
	// Long scenarios repeat faults of others, and do not run in CI.
	Long    bool    `yaml:"long"`
	Traffic Traffic `yaml:"traffic"`

	// Born is when the service is first deployed. It is the beginning of the
	// run if it is nil.
	Born *Moment `yaml:"born"`
	// Incidents raise the share of bad events.
	Incidents []Span `yaml:"incidents"`
	// Quiet spans have no traffic.
	Quiet []Span `yaml:"quiet"`
	// Leaving is the share of events whose clients leave within the bound. They
	// count as ignored.
	Leaving []Span `yaml:"leaving"`
	// Hung pods judge no event, and Share is the number of requests that are
	// overdue in each of them.
	Hung []Span `yaml:"hung"`
	// Overdue pods serve others while Share requests are overdue in each of
	// them.
	Overdue []Span `yaml:"overdue"`
	// ScrapeGaps are spans in which the scrapes of some pods fail.
	ScrapeGaps []Span `yaml:"scrape_gaps"`
	// Failovers are spans in which the store gets no samples, because a replica
	// of Prometheus is down. Then another replica writes, which scrapes at
	// other times.
	Failovers []Span `yaml:"failovers"`
	// Outages are spans in which Prometheus is down.
	Outages []Span `yaml:"outages"`
	// RuleGaps are spans in which Prometheus scrapes, but evaluates no rule.
	RuleGaps []Span `yaml:"rule_gaps"`
	// MissedEvaluations is the share of evaluations that do not happen.
	MissedEvaluations float64 `yaml:"missed_evaluations"`
	// Restarts is the mean time between two restarts of a pod, which keeps its
	// labels.
	Restarts model.Duration `yaml:"restarts"`
	// DeployAt is the time of day at which all pods are replaced, one after
	// another, by pods with new names.
	DeployAt *Clock `yaml:"deploy_at"`
	// Jumps add events to the counters of the first pod at once.
	Jumps []Jump `yaml:"jumps"`
	// Torn is the share of pods whose scrapes are committed while the rules of
	// a group are being evaluated.
	Torn float64 `yaml:"torn"`
	// Late is the time from a scrape to its commit.
	Late model.Duration `yaml:"late"`
	// Retarget changes the target.
	Retarget *Retarget `yaml:"retarget"`
}

// Traffic is the load of a fleet. The rate follows a daily curve between Night,
// at 02:00 UTC, and Day, at 14:00 UTC.
type Traffic struct {
	Day    float64 `yaml:"day"`    // events per second
	Night  float64 `yaml:"night"`  // events per second
	Errors float64 `yaml:"errors"` // share of bad events outside incidents
}

// A Moment is a time of a day before the last day of the run.
type Moment struct {
	Day int   `yaml:"day"`
	At  Clock `yaml:"at"`
}

// A Span is a part of a day.
type Span struct {
	Day   int            `yaml:"day"` // days before the last day of the run
	At    Clock          `yaml:"at"`
	For   model.Duration `yaml:"for"`
	Share float64        `yaml:"share"`
	Pods  []int          `yaml:"pods"`  // all if empty
	Every int            `yaml:"every"` // days after which it repeats; 0 is never
}

// A Jump adds Events to the good and the valid counter of a pod.
type Jump struct {
	Day    int   `yaml:"day"`
	At     Clock `yaml:"at"`
	Events int64 `yaml:"events"`
}

// Retarget is a change of the target in the middle of the window.
type Retarget struct {
	Day    int    `yaml:"day"`
	At     Clock  `yaml:"at"`
	Target string `yaml:"target"` // percent
}

// A Clock is a time of day in UTC, such as 14:30.
type Clock time.Duration

// UnmarshalYAML implements yaml.Unmarshaler.
func (c *Clock) UnmarshalYAML(node *yaml.Node) error {
	t, err := time.Parse("15:04:05", node.Value)
	if err != nil {
		t, err = time.Parse("15:04", node.Value)
	}
	if err != nil {
		return fmt.Errorf("line %d: invalid time of day %q: want hh:mm or hh:mm:ss", node.Line, node.Value)
	}
	*c = Clock(t.Sub(t.Truncate(24 * time.Hour)))
	return nil
}

//go:embed scenarios/*.yaml
var scenarios embed.FS

// Scenarios returns the scenarios of the folder scenarios, by name.
func Scenarios() (map[string]Scenario, error) {
	files, err := fs.Glob(scenarios, "scenarios/*.yaml")
	if err != nil {
		return nil, err
	}
	all := make(map[string]Scenario, len(files))
	for _, file := range files {
		text, err := scenarios.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s, err := parseScenario(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if want := strings.TrimSuffix(path.Base(file), ".yaml"); s.Name != want {
			return nil, fmt.Errorf("%s: name is %q, want %q", file, s.Name, want)
		}
		all[s.Name] = s
	}
	return all, nil
}

// parseScenario reads a scenario from YAML. Unknown fields are errors.
func parseScenario(text []byte) (Scenario, error) {
	var s Scenario
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	err := decoder.Decode(&s)
	return s, err
}
