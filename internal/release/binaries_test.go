package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestProgramsAreReproducible(t *testing.T) {
	m := theRelease(t)
	host := runtime.GOOS + "/" + runtime.GOARCH
	built := []string{host, "windows/arm64"}
	first, second := t.TempDir(), t.TempDir()
	for _, out := range []string{first, second} {
		if err := m.repo.build(m.version, out, built); err != nil {
			t.Fatal(err)
		}
	}
	sums, err := os.ReadFile(filepath.Join(first, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range built {
		name := programName(m.version, target)
		one, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		two, err := os.ReadFile(filepath.Join(second, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one, two) {
			t.Errorf("two builds for %s differ", target)
		}
		sum := sha256.Sum256(one)
		if line := hex.EncodeToString(sum[:]) + "  " + name + "\n"; !strings.Contains(string(sums), line) {
			t.Errorf("SHA256SUMS has no %q:\n%s", line, sums)
		}
	}
	revision, err := output(string(m.repo), "git", "rev-parse", m.version+"^{commit}")
	if err != nil {
		t.Fatal(err)
	}
	got, err := output(".", filepath.Join(first, programName(m.version, host)), "version")
	want := "sligo " + m.version + " (" + revision[:12] + ") " + runtime.Version() + " " + host + "\n"
	if err != nil || got != want {
		t.Errorf("sligo version prints %q, %v; want %q", got, err, want)
	}
}
