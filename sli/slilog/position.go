package slilog

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Position is a place in a log that a [Follower] reads. Every line before it is
// counted, and no line after it. It survives restarts, as JSON, and finds its
// file under any name. The zero Position is the beginning of the log.
type Position struct {
	marks []mark // of the last files, the newest last
}

// positionJSON is the JSON form of a Position.
type positionJSON struct {
	Version int    `json:"version"`
	Files   []mark `json:"files"`
}

const positionVersion = 1

// IsZero reports whether p is the beginning of the log.
func (p Position) IsZero() bool { return len(p.marks) == 0 }

// Offset returns the offset in the file that is to be read next.
func (p Position) Offset() int64 {
	if m := p.first(); m != nil {
		return m.Offset
	}
	return 0
}

// equal reports whether two positions are the same place.
func (p Position) equal(q Position) bool { return slices.Equal(p.marks, q.marks) }

// first returns the mark of the file from which reading continues. Before it
// are the files that were read to their ends.
func (p Position) first() *mark {
	for i := len(p.marks) - 1; i >= 0; i-- {
		if i == 0 || p.marks[i].Offset > 0 {
			return &p.marks[i]
		}
	}
	return nil
}

// String returns the position as text: "access.log at 1234".
func (p Position) String() string {
	if m := p.first(); m != nil {
		return fmt.Sprintf("%s at %d", filepath.Base(m.Path), m.Offset)
	}
	return "beginning"
}

// MarshalJSON returns the position as an object.
func (p Position) MarshalJSON() ([]byte, error) {
	return json.Marshal(positionJSON{positionVersion, append([]mark{}, p.marks...)})
}

// UnmarshalJSON reads the form that MarshalJSON writes, and refuses others.
func (p *Position) UnmarshalJSON(text []byte) error {
	var wire positionJSON
	if string(text) == "null" {
		return nil
	}
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return fmt.Errorf("slilog: invalid position: %w", err)
	}
	if wire.Version != positionVersion {
		return fmt.Errorf("slilog: invalid position: version %d: want %d", wire.Version, positionVersion)
	}
	for _, m := range wire.Files {
		if err := m.validate(); err != nil {
			return fmt.Errorf("slilog: invalid position: %w", err)
		}
	}
	p.marks = wire.Files
	return nil
}

// validate reports a mark that advance cannot have made.
func (m *mark) validate() error {
	switch {
	case m.Path == "":
		return errors.New("path is empty")
	case m.Offset < 0:
		return fmt.Errorf("invalid offset %d of %q: want zero or more", m.Offset, m.Path)
	case (m.Offset == 0) != (m.Head == ""), (m.Offset == 0) != (m.Tail == ""):
		return fmt.Errorf("offset %d of %q does not suit its hashes", m.Offset, m.Path)
	}
	return nil
}
