//go:build unix

package sligo_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sligo-go/sligo"
)

// Streams of the page end before the servers shut down, the one on the service
// itself and the one on the admin listener, which still answers then.
func TestSIGTERMWithAnOpenPage(t *testing.T) {
	s := startService(t)
	inService, onAdmin := openStream(t, s.url+"/admin/slo/events"), openStream(t, s.admin+"/slo/events")
	s.signal(t, syscall.SIGTERM)
	if rest := readAll(t, onAdmin); !strings.Contains(rest, "event: bye\n") {
		t.Errorf("the stream on the admin listener ended with %q", rest)
	}
	if status := s.readyz(); status != http.StatusServiceUnavailable {
		t.Errorf("after the last event, /readyz has status %d, want 503", status)
	}
	if sheet := s.sheet(t); sheet.Objective.Valid != 0 {
		t.Errorf("the page shows %+v", sheet)
	}
	if rest := readAll(t, inService); !strings.Contains(rest, "event: bye\n") {
		t.Errorf("the stream on the service ended with %q", rest)
	}
	if output, status := s.end(); status != 0 || output != "counts 0/0, error <nil>\n" {
		t.Errorf("status %d, output %q", status, output)
	}
}

// openStream opens a stream of the page and reads its first event.
func openStream(t *testing.T, url string) *bufio.Reader {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	r := bufio.NewReader(res.Body)
	for line := ""; line != "event: hello\n"; {
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// A process continues the counts of the one before, which ended by a signal.
func TestPageAfterARestart(t *testing.T) {
	snapshot := itsSnapshot + "=" + filepath.Join(t.TempDir(), "slo.snapshot")
	for i := range 3 {
		s := startService(t, snapshot)
		for _, user := range []string{"Lora", "nobody", "Max"} {
			res, err := http.Get(s.url + "/users/" + user)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
		}
		runs := uint64(i + 1)
		// A page is a second old at most.
		waitFor(func() bool { return s.sheet(t).Objective.Valid >= 3*runs })
		if got := s.sheet(t).Objective; got.Good != 2*runs || got.Valid != 3*runs {
			t.Errorf("run %d: got %+v", i, got)
		}
		s.signal(t, syscall.SIGTERM)
		if output, status := s.end(); status != 0 {
			t.Errorf("status %d, output %q", status, output)
		}
	}
}

// A disk that hangs delays the end of a service by a moment only. The pipe
// hangs when the snapshot is opened for writing.
func TestHungDiskDoesNotKeepTheServiceFromEnding(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	if err := syscall.Mkfifo(path+".tmp", 0o600); err != nil {
		t.Fatal(err)
	}
	var log lines
	kit := mustStart(t, sligo.Options{LogTo: &log, Snapshot: path, Timeout: time.Second})
	if err := kit.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "the snapshot was not written in time") {
		t.Errorf("no warning about the snapshot:\n%s", &log)
	}
	// With a reader, the goroutine that writes ends.
	reader, err := os.OpenFile(path+".tmp", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = reader.Close()
}

// onPage is the JSON of a sheet.
type onPage struct {
	Objective struct{ Good, Valid uint64 }
}

func (s *service) sheet(t *testing.T) (sheet onPage) {
	t.Helper()
	res, err := http.Get(s.admin + "/slo/users/availability.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if err := json.NewDecoder(res.Body).Decode(&sheet); err != nil {
		t.Fatal(err)
	}
	return sheet
}
