package slilog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli/slilog"
)

func TestFollowerReadsTheRenamedFileToItsEnd(t *testing.T) {
	f := follow(t, line("a"))
	f.expect(1)
	f.rename("", ".1")
	f.write(".1", line("b"))
	f.expect(2)
	f.write("", line("c"))
	f.write(".1", line("d")) // of a process that has not reopened the log
	f.expect(4)
	f.rename(".1", ".2")
	f.rename("", ".1")
	f.write("", line("e"))
	if err := os.Remove(f.path + ".2"); err != nil {
		t.Fatal(err)
	}
	f.expect(5)
}

func TestFollowerReadsEveryRotationSinceThePosition(t *testing.T) {
	for _, names := range [][]string{
		{".2", ".1"}, {"-20241116", "-20241117"}, {".20241116-101112", ".20241117-101112"}, {".2024-11-16", ".2024-11-17"}, {"-1731750000", "-1731836400"},
	} {
		f := follow(t, line("a"))
		f.expect(1)
		f.write("", line("b"))
		f.rename("", names[0])
		f.write("", line("c"))
		f.rename("", names[1])
		f.write("", line("d"))
		f.restart(slilog.FollowerOptions{})
		f.expect(4)
		f.expect(4)
	}
}

// TestFollowerReadsOtherNames reads names with the date before the extension,
// and names that a pattern describes.
func TestFollowerReadsOtherNames(t *testing.T) {
	for name, pattern := range map[string]string{"access-2024-11-16T10-11-12.123.log": "", "old.access": "old.*"} {
		f := follow(t, line("a"))
		f.restart(slilog.FollowerOptions{Rotated: pattern})
		f.expect(1)
		f.write("", line("b"))
		if err := os.Rename(f.path, filepath.Join(filepath.Dir(f.path), name)); err != nil {
			t.Fatal(err)
		}
		f.write("", line("c"))
		f.restart(slilog.FollowerOptions{Rotated: pattern})
		f.expect(3)
	}
}

// TestFollowerIgnoresOtherFiles checks that neither old files nor files of
// other logs nor compressed files are read.
func TestFollowerIgnoresOtherFiles(t *testing.T) {
	f := follow(t, line("a"))
	for _, suffix := range []string{".7", "-20241115"} {
		f.write(suffix, line("old"+suffix))
		if err := os.Chtimes(f.path+suffix, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	f.expect(1)
	f.rename("", ".1")
	for _, suffix := range []string{".1.gz", ".bak", "2", "~", ".offset", "s"} {
		f.write(suffix, line(suffix))
	}
	for _, name := range []string{"access-admin.log", "access2.log", "error.log", "access.log.d.1"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(f.path), name), []byte(line(name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f.write("", line("b"))
	f.expect(2)
}

func TestFollowerSeesTruncation(t *testing.T) {
	f := follow(t, line("a")+line("b"))
	f.expect(2)
	if err := os.Truncate(f.path, 0); err != nil {
		t.Fatal(err)
	}
	f.write("", line("c"))
	f.expect(3)
	if err := os.Truncate(f.path, 0); err != nil { // and longer than before
		t.Fatal(err)
	}
	f.write("", line("d")+line("e")+line("f"))
	f.restart(slilog.FollowerOptions{})
	f.expect(6)
}

// TestFollowerReadsTheCopyOfATruncatedLog copies and truncates a log within a
// line that no poll has seen.
func TestFollowerReadsTheCopyOfATruncatedLog(t *testing.T) {
	for _, restart := range []bool{false, true} {
		f := follow(t, line("a"))
		f.expect(1)
		f.write("", line("b")+object[:30])
		text, err := os.ReadFile(f.path)
		if err == nil {
			err = errors.Join(os.WriteFile(f.path+".1", text, 0o600), os.Truncate(f.path, 0))
		}
		if err != nil {
			t.Fatal(err)
		}
		f.write("", object[30:]+"\n"+line("c"))
		if restart {
			f.restart(slilog.FollowerOptions{})
		}
		f.expect(4)
		f.expect(4)
	}
}

// TestFollowerSkipsAHole truncates a file whose program does not append, so
// that zero bytes come before its next line.
func TestFollowerSkipsAHole(t *testing.T) {
	f := follow(t, "")
	file, err := os.OpenFile(f.path, os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for i, mark := range []string{"a", "b", "c"} {
		if _, err := file.WriteString(strings.Repeat(line(mark), 3000)); err != nil {
			t.Fatal(err)
		}
		f.expect(uint64(i+1) * 3000)
		if err := os.Truncate(f.path, 0); err != nil {
			t.Fatal(err)
		}
	}
	if result := f.follower.Result(); result.Unreadable > 0 {
		t.Errorf("got %v", result)
	}
}

// TestFollowerOfALink follows a link that is moved to another file, as in
// Kubernetes if a container is started anew.
func TestFollowerOfALink(t *testing.T) {
	f := follow(t, "")
	link := func(target string) {
		t.Helper()
		if err := errors.Join(os.Remove(f.path), os.Symlink(target, f.path)); err != nil {
			t.Fatal(err)
		}
	}
	pods := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(pods, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("0.log", line("a"))
	link(filepath.Join(pods, "0.log"))
	f.expect(1)
	write("0.log", line("a")+line("b"))
	write("1.log", line("c"))
	link(filepath.Join(pods, "1.log"))
	f.expect(3)
	if err := os.Rename(filepath.Join(pods, "1.log"), filepath.Join(pods, "1.log.20241116-101112")); err != nil {
		t.Fatal(err)
	}
	write("1.log", line("d"))
	f.restart(slilog.FollowerOptions{})
	f.expect(4)
}
