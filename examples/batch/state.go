package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/sligo-go/sligo/sli"
)

// state is everything that a run leaves to the next one. The totals and the
// position are in one file, which is replaced at once: the totals have counted
// exactly the rows before the position, wherever a crash ends the run.
type state struct {
	// Totals are the events of all runs.
	Totals sli.Report `json:"totals"`
	// Shown are the totals that Prometheus may have seen. Showing fewer would
	// look like a restart at zero, so Shown is saved before it is sent.
	Shown sli.Report `json:"shown"`
	// Success is when the newest export began to be settled, if it is, with all
	// before it. The results are as old as that.
	Success time.Time `json:"success,omitzero"`
	// Position is how far the current export is settled.
	Position position `json:"position"`
}

// position is a place in an export and in its result.
type position struct {
	Export  string    `json:"export"` // its file name
	Began   time.Time `json:"began,omitzero"`
	Read    int64     `json:"read"`    // bytes of the export
	Written int64     `json:"written"` // bytes of the result
}

// header begins a state file. Another version of the format has another one.
const header = "sligo-batch-state 1"

// store is the state file of a run, which holds the lock.
type store struct {
	path string
	lock *flock.Flock
}

// openStore locks the state file. The lock ends with the process, even if it is
// killed.
func openStore(path string) (*store, error) {
	s := &store{path: path, lock: flock.New(path + ".lock")}
	locked, err := s.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the state: %w", err)
	}
	if !locked {
		return nil, fmt.Errorf("another run holds the lock %s", s.lock.Path())
	}
	return s, nil
}

func (s *store) close() error { return s.lock.Close() }

// errDamaged is the error of a state file that no run has saved like this.
var errDamaged = errors.New("damaged state")

// load reads the state. It returns fs.ErrNotExist before the first run.
func (s *store) load() (state, error) {
	text, err := os.ReadFile(s.path)
	if err != nil {
		return state{}, err
	}
	return decode(string(text))
}

// save replaces the state file. After a crash it has the old state or the new.
func (s *store) save(st state) error {
	text, err := encode(st)
	if err != nil {
		return err
	}
	next := s.path + ".new"
	if err := writeSynced(next, text); err != nil {
		return err
	}
	if err := os.Rename(next, s.path); err != nil {
		return err
	}
	return syncFolder(s.path)
}

// setAside renames a damaged state file, and returns the new name.
func (s *store) setAside(now time.Time) (string, error) {
	name := s.path + now.UTC().Format(".bad-20060102T150405.000000000Z")
	return name, os.Rename(s.path, name)
}

// encode returns the text of a state file: the header with a checksum, and a
// line of JSON.
func encode(st state) (string, error) {
	body, err := json.Marshal(st)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %s\n%s\n", header, checksum(header, string(body)), body), nil
}

func checksum(header, body string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(header+"\n"+body)))
}

// decode reads the text of a state file. The checksum covers the header, so a
// damaged header is not taken for another version.
func decode(text string) (state, error) {
	first, body, _ := strings.Cut(text, "\n")
	at := max(0, strings.LastIndexByte(first, ' '))
	found, sum := first[:at], strings.TrimPrefix(first[at:], " ")
	body, whole := strings.CutSuffix(body, "\n")
	if !whole || sum != checksum(found, body) {
		return state{}, fmt.Errorf("%w: its checksum is wrong", errDamaged)
	}
	if found != header {
		return state{}, fmt.Errorf("unknown version %q of the state: want %q", found, header)
	}
	var st state
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&st); err != nil {
		return state{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return st, nil
}

// writeSynced writes a file and waits until it is on the disk.
func writeSynced(name, text string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncFolder waits until the name of a file is on the disk. Windows cannot do
// this for a folder.
func syncFolder(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
