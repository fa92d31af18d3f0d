package snapshot_test

import (
	"bufio"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/snapshot"
	"github.com/sligo-go/sligo/sli"
)

// saveForever names the file that the test binary writes again and again, as a
// process that is killed.
const saveForever = "SLIGO_TEST_SAVE_FOREVER"

func TestMain(m *testing.M) {
	if path := os.Getenv(saveForever); path != "" {
		save(path)
	}
	os.Exit(m.Run())
}

// save adds an event before each Save, and reports each one.
func save(path string) {
	tracker, err := budget.NewTracker(30 * day)
	if err != nil {
		os.Exit(1)
	}
	part := snapshot.Part{Objective: objective("latency"), Trackers: []*budget.Tracker{tracker}}
	for {
		tracker.Add(sli.Counts{Good: 1, Valid: 1})
		if err := snapshot.Save(path, []snapshot.Part{part}); err != nil {
			os.Exit(1)
		}
		os.Stdout.WriteString("\n")
	}
}

// TestKilledProcessLeavesAWholeFile kills processes while they save. The file
// has the counts that were saved last, or those that were about to be.
func TestKilledProcessLeavesAWholeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	for i := range 10 {
		saves := runAndKill(t, path)
		part := snapshot.Part{Objective: objective("latency"), Trackers: []*budget.Tracker{newTracker(t)}}
		if _, err := snapshot.Load(path, []snapshot.Part{part}); err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		if got := part.Trackers[0].Counts(day).Good; got != saves && got != saves+1 {
			t.Errorf("kill %d: got %d events after %d saves", i, got, saves)
		}
	}
}

// runAndKill returns how many saves the process reported.
func runAndKill(t *testing.T, path string) (saves uint64) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), saveForever+"="+path)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(rand.Int64N(int64(30 * time.Millisecond))))
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	_ = process.Wait() // reports the kill
	return 1 + uint64(len(rest))
}

// TestFailedSaveKeepsTheFile lets the disk be full, the temporary file and the
// renaming fail. The file keeps its content, and nothing else is left.
func TestFailedSaveKeepsTheFile(t *testing.T) {
	for _, tt := range []struct {
		name     string
		sabotage func(path string) error
		want     error
	}{
		{"full disk", func(path string) error { return os.Symlink("/dev/full", path+".tmp") }, syscall.ENOSPC},
		{"temporary file", func(path string) error { return os.MkdirAll(path+".tmp/in", 0o700) }, syscall.EISDIR},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := saved(t)
			if err := tt.sabotage(path); err != nil {
				t.Fatal(err)
			}
			part := partOf(t, objective("latency"))
			if err := snapshot.Save(path, []snapshot.Part{part}); !errors.Is(err, tt.want) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
			if _, err := snapshot.Load(path, []snapshot.Part{part}); err != nil || part.Trackers[0].Counts(day).Valid != 8 {
				t.Errorf("got %v, %v", part.Trackers[0].Counts(day), err)
			}
		})
	}
}

func TestFailedRenameLeavesNoFile(t *testing.T) {
	path := t.TempDir() // a folder that is not empty
	if err := os.Mkdir(filepath.Join(path, "in"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Save(path, nil); err == nil {
		t.Error("got no error")
	}
	if _, err := os.Stat(path + ".tmp"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary file is left: %v", err)
	}
}

func TestSaveIntoAMissingFolder(t *testing.T) {
	if err := snapshot.Save(filepath.Join(t.TempDir(), "none", "slo.snapshot"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got error %v, want %v", err, os.ErrNotExist)
	}
}

func TestFileIsPrivate(t *testing.T) {
	info, err := os.Stat(saved(t))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want -rw-------", info.Mode(), err)
	}
}
