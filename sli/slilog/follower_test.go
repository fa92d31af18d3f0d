package slilog_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

// A followed log and the events that its follower has counted.
type followed struct {
	t        *testing.T
	path     string
	recorder *sli.Recorder
	reader   *slilog.Reader
	follower *slilog.Follower
}

func follow(t *testing.T, text string) *followed {
	t.Helper()
	f := &followed{t: t, path: filepath.Join(t.TempDir(), "access.log")}
	f.recorder, f.reader = newReader(t, nil)
	f.write("", text)
	f.restart(slilog.FollowerOptions{})
	return f
}

// restart continues as a new process does, from the position as JSON.
func (f *followed) restart(options slilog.FollowerOptions) {
	f.t.Helper()
	if f.follower != nil {
		text, err := json.Marshal(f.follower.Position())
		if err == nil {
			err = json.Unmarshal(text, &options.Position)
		}
		if err != nil {
			f.t.Fatal(err)
		}
		f.follower.Close()
	}
	var err error
	if f.follower, err = slilog.NewFollower(f.reader, f.path, slilog.FormatJSON, &options); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { f.follower.Close() })
}

// write appends to the file with a suffix of the log's name.
func (f *followed) write(suffix, text string) {
	f.t.Helper()
	file, err := os.OpenFile(f.path+suffix, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err == nil {
		_, err = file.WriteString(text)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		f.t.Fatal(err)
	}
}

func (f *followed) rename(from, to string) {
	f.t.Helper()
	if err := os.Rename(f.path+from, f.path+to); err != nil {
		f.t.Fatal(err)
	}
}

// expect polls and compares the number of events counted since the beginning.
func (f *followed) expect(events uint64) {
	f.t.Helper()
	if _, err := f.follower.Poll(); err != nil {
		f.t.Error(err)
	}
	if counts, _ := f.recorder.Counts("availability"); counts.Valid != events {
		f.t.Errorf("got %d events, want %d (%v)", counts.Valid, events, f.follower.Result())
	}
}

// line returns a line that differs from others.
func line(mark string) string { return strings.Replace(object, "{", `{"mark":"`+mark+`",`, 1) + "\n" }

func TestFollowerWaitsForTheEndOfALine(t *testing.T) {
	f := follow(t, line("a")+object[:10])
	f.expect(1)
	f.expect(1)
	f.write("", object[10:50])
	f.restart(slilog.FollowerOptions{})
	f.expect(1)
	f.write("", object[50:]+"\n"+object)
	f.expect(2)
	f.write("", "\n")
	f.expect(3)
}

// TestFollowerJoinsPartsAcrossRotations checks that the position stays at the
// first part of an unfinished line.
func TestFollowerJoinsPartsAcrossRotations(t *testing.T) {
	const cri = "2016-10-06T00:17:09Z stdout "
	first := cri + "F " + object + "\n"
	f := follow(t, first+cri+"P "+object[:10]+"\n")
	f.expect(1)
	if at := f.follower.Position().Offset(); at != int64(len(first)) {
		t.Errorf("got %v, want the offset %d", f.follower.Position(), len(first))
	}
	f.rename("", ".20241116-101112")
	f.write("", cri+"P "+object[10:20]+"\n2016-10-06T00:17:09Z stderr F "+object+"\n")
	f.expect(1)
	f.restart(slilog.FollowerOptions{})
	f.expect(1)
	f.write("", cri+"F "+object[20:]+"\n")
	f.expect(3)
	f.restart(slilog.FollowerOptions{})
	f.expect(3)
}

// TestFollowerBoundsLines checks that a line without an end costs little memory
// and is one unreadable line.
func TestFollowerBoundsLines(t *testing.T) {
	f := follow(t, line("a"))
	for range 5 {
		f.write("", strings.Repeat("x", 1<<20))
		f.expect(1)
	}
	f.restart(slilog.FollowerOptions{})
	f.expect(1)
	f.write("", "x\n"+line("b"))
	f.expect(2)
	if result := f.follower.Result(); result.Unreadable != 1 || result.Lines != 2 {
		t.Errorf("got %v, want one unreadable line and one event since the restart", result)
	}
}

func TestFollowerReadsABacklogInSteps(t *testing.T) {
	f := follow(t, "")
	text := strings.Repeat(object+strings.Repeat(" ", 8<<10)+"\n", 100)
	for len(text) < 20<<20 {
		text += text
	}
	f.write("", text)
	more, err := f.follower.Poll()
	if err != nil || !more || f.follower.Position().Offset() > 17<<20 {
		t.Errorf("got %t, %v, %v, want a part", more, err, f.follower.Position())
	}
	f.expect(uint64(strings.Count(text, "\n")))
}

func TestFollowerTellsWhatIsWrong(t *testing.T) {
	f := follow(t, line("a"))
	f.expect(1)
	f.write("", line("b"))
	f.rename("", ".gz")
	f.write("", line("c"))
	f.restart(slilog.FollowerOptions{})
	_, err := f.follower.Poll()
	if err == nil || !strings.Contains(err.Error(), "access.log is gone: its lines after byte ") {
		t.Errorf("got %v, want a loss", err)
	}
	f.expect(2)

	_, err = newFollower(t, f, "absent.log").Poll()
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that the log does not exist", err)
	}
	_, err = newFollower(t, f, ".").Poll()
	if err == nil || !strings.HasSuffix(err.Error(), "is not a regular file") || strings.Count(err.Error(), "slilog: ") != 1 {
		t.Errorf("got %v, want that a directory is not a log", err)
	}
}

func newFollower(t *testing.T, f *followed, name string) *slilog.Follower {
	t.Helper()
	follower, err := slilog.NewFollower(f.reader, filepath.Join(filepath.Dir(f.path), name), slilog.FormatJSON, nil)
	if err != nil {
		t.Fatal(err)
	}
	return follower
}

func TestNewFollowerReportsEveryMistake(t *testing.T) {
	_, err := slilog.NewFollower(nil, "", "xml", &slilog.FollowerOptions{Interval: -1, Rotated: "["})
	const want = "reader: required\npath: required\nInterval: invalid interval -1ns: want a positive duration\n" +
		"Rotated: invalid pattern \"[\": syntax error in pattern"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, reader := newReader(t, &slilog.Options{Operation: "op"})
	for format, want := range map[slilog.Format]string{
		"xml":                 `format: unknown format "xml": want "json", "combined" or "envoy"`,
		slilog.FormatCombined: `format: the combined format has no field for the operation, and Options.Operation names "op"`,
	} {
		if _, err := slilog.NewFollower(reader, "access.log", format, nil); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestFollowerRuns checks that Run saves each position, reports an error once,
// and ends with its context.
func TestFollowerRuns(t *testing.T) {
	f := follow(t, "")
	if err := os.Remove(f.path); err != nil {
		t.Fatal(err)
	}
	var saved []string
	var failures []error
	ctx, cancel := context.WithCancel(t.Context())
	f.restart(slilog.FollowerOptions{
		Interval: time.Millisecond,
		OnError: func(err error) {
			failures = append(failures, err)
			f.write("", line("a"))
		},
		Save: func(p slilog.Position) {
			counts, _ := f.recorder.Counts("availability")
			if saved = append(saved, p.String()); counts.Valid != uint64(len(saved)) {
				t.Errorf("%d positions and %v", len(saved), counts)
			}
			if f.write("", line("b")); len(saved) == 3 {
				cancel()
			}
		},
	})
	if err := f.follower.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	if len(saved) != 3 || len(failures) != 1 || !errors.Is(failures[0], fs.ErrNotExist) {
		t.Errorf("got the positions %q and the errors %q", saved, failures)
	}
	f.restart(slilog.FollowerOptions{})
	if err := os.Remove(f.path); err != nil {
		t.Fatal(err)
	}
	if err := f.follower.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("without OnError: got %v, want the loss", err)
	}
}
