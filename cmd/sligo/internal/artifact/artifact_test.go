package artifact_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/sligo-go/sligo/cmd/sligo/internal/artifact"
)

// holds fails unless a folder has one file, which has the text.
func holds(t *testing.T, name, want string) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 1 {
		t.Errorf("files in the folder: %v, %v, want one", entries, err)
	}
}

func TestWrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "deep", "er", "slo.yaml")
	for _, text := range []string{"new\n", "longer than before\n", ""} {
		if err := (artifact.File{Name: name, Data: []byte(text)}).Write(); err != nil {
			t.Fatal(err)
		}
		holds(t, name, text)
	}
}

func TestWriteKeepsPermissions(t *testing.T) {
	name := filepath.Join(t.TempDir(), "slo.yaml")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (artifact.File{Name: name, Data: []byte("new")}).Write(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want mode 0600", info.Mode(), err)
	}
	holds(t, name, "new")
}

func TestWriteFollowsLinks(t *testing.T) {
	name, link := filepath.Join(t.TempDir(), "slo.yaml"), filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(name, link); err != nil {
		t.Skip(err) // a system without links
	}
	for _, text := range []string{"a new file", "the file that exists"} {
		if err := (artifact.File{Name: link, Data: []byte(text)}).Write(); err != nil {
			t.Fatal(err)
		}
		holds(t, name, text)
		if target, err := os.Readlink(link); target != name {
			t.Errorf("the link leads to %q, %v", target, err)
		}
	}
}

// TestWriteFails keeps the old content and leaves no other file.
func TestWriteFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dir")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := (artifact.File{Name: dir}).Write(); err == nil {
		t.Error("a folder is overwritten")
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (artifact.File{Name: filepath.Join(file, "below")}).Write(); err == nil {
		t.Error("a file is written below a file")
	}
	holds(t, file, "old")
}

// TestPipe writes to a pipe, and does not wait for one to be read.
func TestPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	name := fmt.Sprintf("/proc/self/fd/%d", w.Fd())
	if _, err := os.Stat(name); err != nil {
		t.Skip(err) // another system than Linux
	}
	file := artifact.File{Name: name, Data: []byte("text")}
	if _, err := file.Compare(); err == nil {
		t.Error("a pipe is compared")
	}
	if err := errors.Join(file.Write(), w.Close()); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "text" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestCompare(t *testing.T) {
	name := filepath.Join(t.TempDir(), "slo.yaml")
	if _, err := (artifact.File{Name: name}).Compare(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: got %v", err)
	}
	if err := os.WriteFile(name, []byte("a\nb\nc\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"a\nb\nc\n": 0, "x\nb\nc\n": 1, "a\nx\nc\n": 2, "a\nb\nc": 3, "a\nb\nc\nd\n": 4, "": 1, "a\nb": 2,
	} {
		got, err := artifact.File{Name: name, Data: []byte(text)}.Compare()
		if got != want || err != nil {
			t.Errorf("Compare(%q): got %d, %v, want %d", text, got, err, want)
		}
	}
}
