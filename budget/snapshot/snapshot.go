package snapshot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Part is the memory of one objective.
type Part struct {
	// Objective is the objective. It must be valid, and its ID unique in a
	// file.
	Objective slo.Objective
	// Trackers count the events of the objective. Their number and order are
	// the same in each process. For Load, they have counted nothing yet.
	Trackers []*budget.Tracker
	// Step is the step of the policy's last decision, for the next one. It is
	// optional. Load sets it.
	Step string
	// State is the state of the objective, which is not the step while there is
	// no data or too little. It is optional, and empty means the Step. Load sets
	// it.
	State string
	// Since is the time at which the state began. It is optional. Load sets it.
	Since time.Time
	// Memory is other state of the program, as valid JSON. It is optional.
	// Load sets it, and leaves it if the file has none.
	Memory json.RawMessage
}

// Report tells which objectives were restored. The zero Report is of a process
// without a file.
type Report struct {
	// At is the time of the snapshot.
	At time.Time
	// Restored lists the IDs of the objectives that continue their counts.
	Restored []string
	// Changed lists the IDs of the objectives whose definition has changed, and
	// which therefore begin at zero.
	Changed []string
	// Missing lists the IDs of the objectives that the file does not have.
	Missing []string
}

// String returns the report on one line: "2 of 4 objectives continue the
// snapshot of 2026-03-15T12:00:00Z; changed: users/latency; new:
// users/imports", or "no snapshot".
func (r Report) String() string {
	if r.At.IsZero() {
		return "no snapshot"
	}
	text := fmt.Sprintf("%d of %d objectives continue the snapshot of %s", len(r.Restored),
		len(r.Restored)+len(r.Changed)+len(r.Missing), r.At.UTC().Format(time.RFC3339))
	if len(r.Changed) > 0 {
		text += "; changed: " + strings.Join(r.Changed, ", ")
	}
	if len(r.Missing) > 0 {
		text += "; new: " + strings.Join(r.Missing, ", ")
	}
	return text
}

// header begins a file. The version and the checksum of the rest follow on the
// same line.
const header = "sligo-snapshot"

// version is the version of the format.
const version = "1"

// content is the rest of a file, as JSON.
type content struct {
	At         time.Time `json:"at"`
	Objectives []record  `json:"objectives"`
}

// record is a Part in a file.
type record struct {
	ID         string    `json:"id"`
	Definition string    `json:"definition"` // its fingerprint
	Step       string    `json:"step,omitempty"`
	State      string    `json:"state,omitempty"`
	Since      time.Time `json:"since,omitzero"`
	Trackers   [][]byte  `json:"trackers"`
	// Memory is missing in files of earlier versions of the program.
	Memory json.RawMessage `json:"memory,omitempty"`
}

// fingerprint identifies the definition of an objective's events, without the
// fields that only describe them.
func fingerprint(o slo.Objective) (string, error) {
	o.Indicator.Journey, o.Indicator.Aggregation = "", sli.Aggregation{}
	text, err := json.Marshal(struct {
		Indicator sli.Indicator
		Slices    slo.Slices
	}{o.Indicator, o.Slices})
	if err != nil {
		return "", fmt.Errorf("%s: %w", o.ID(), err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

// Save replaces the file with the present counts of the parts. The file has
// either its old or its new content at any time, even if the machine fails. The
// folder must exist.
func Save(path string, parts []Part) error {
	data, err := encode(parts, time.Now())
	if err == nil {
		err = replace(path, data)
	}
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	return nil
}

func encode(parts []Part, now time.Time) ([]byte, error) {
	c := content{At: now.UTC().Round(0)}
	for _, p := range parts {
		definition, err := fingerprint(p.Objective)
		if err != nil {
			return nil, err
		}
		r := record{
			ID: p.Objective.ID(), Definition: definition, Step: p.Step, State: p.State, Since: p.Since, Memory: p.Memory,
		}
		for _, t := range p.Trackers {
			r.Trackers = append(r.Trackers, t.Snapshot())
		}
		c.Objectives = append(c.Objectives, r)
	}
	text, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	line := fmt.Sprintf("%s %s %x\n", header, version, sha256.Sum256(text))
	return append([]byte(line), text...), nil
}

// Load restores the parts from the file. Without a file, it returns the zero
// Report. It restores each objective of the file whose definition is unchanged,
// and sets the Step, the State, the Since and the Memory of its part.
//
// If the file is damaged, of another version or from the future, Load restores
// nothing, sets the file aside as path + ".bad" and returns an error. It also
// returns an error if it cannot read the file, and then leaves it there.
func Load(path string, parts []Part) (Report, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Report{}, nil
	}
	if err != nil {
		return Report{}, fmt.Errorf("snapshot: %w", err)
	}
	c, err := decode(data)
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return Report{}, setAside(path, err)
	}
	report, err := c.restore(parts)
	if err != nil {
		return Report{}, fmt.Errorf("snapshot: %w", err)
	}
	return report, nil
}

// setAside moves a file out of the way, and returns why.
func setAside(path string, why error) error {
	bad := path + ".bad"
	if err := os.Rename(path, bad); err != nil {
		return fmt.Errorf("snapshot: %s: %w, and %w", path, why, err)
	}
	return fmt.Errorf("snapshot: %s: %w; it is now %s", path, why, bad)
}

func decode(data []byte) (*content, error) {
	line, text, _ := strings.Cut(string(data), "\n")
	fields := strings.Split(line, " ")
	switch {
	case len(fields) != 3 || fields[0] != header:
		return nil, errors.New("the file is not a snapshot")
	case fields[1] != version:
		return nil, fmt.Errorf("unknown version %.20q: want %q", fields[1], version)
	case fields[2] != fmt.Sprintf("%x", sha256.Sum256([]byte(text))):
		return nil, errors.New("the file is damaged: its checksum differs")
	}
	var c content
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return nil, err
	}
	return &c, nil
}

// check restores all Trackers on trial.
func (c *content) check() error {
	for i, r := range c.Objectives {
		for j, data := range r.Trackers {
			trial, err := budget.NewTracker(time.Hour)
			if err == nil {
				err = trial.Restore(data)
			}
			if err != nil {
				return fmt.Errorf("objectives[%d].trackers[%d]: %w", i, j, err)
			}
		}
	}
	return nil
}

// restore restores the parts. It fails only if the program has used a Tracker
// before.
func (c *content) restore(parts []Part) (Report, error) {
	report := Report{At: c.At}
	for i := range parts {
		p := &parts[i]
		id := p.Objective.ID()
		definition, err := fingerprint(p.Objective)
		if err != nil {
			return Report{}, err
		}
		at := slices.IndexFunc(c.Objectives, func(r record) bool { return r.ID == id })
		switch {
		case at < 0:
			report.Missing = append(report.Missing, id)
		case c.Objectives[at].Definition != definition || len(c.Objectives[at].Trackers) != len(p.Trackers):
			report.Changed = append(report.Changed, id)
		default:
			if err := p.restore(c.Objectives[at]); err != nil {
				return Report{}, fmt.Errorf("%s: %w", id, err)
			}
			report.Restored = append(report.Restored, id)
		}
	}
	return report, nil
}

func (p *Part) restore(r record) error {
	for i, t := range p.Trackers {
		if err := t.Restore(r.Trackers[i]); err != nil {
			return err
		}
	}
	p.Step, p.State, p.Since = r.Step, cmp.Or(r.State, r.Step), r.Since
	if r.Memory != nil {
		p.Memory = r.Memory
	}
	return nil
}
