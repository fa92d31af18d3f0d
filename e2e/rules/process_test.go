package rules_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// version is the version of github.com/prometheus/prometheus in go.mod.
const version = "0.316.0"

// installed returns the path of a program that install.sh installed.
func installed(t *testing.T, program string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "sligo", program+"-"+version)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; install.sh installs it", err)
	}
	return path
}

// debian returns the path of a program of a Debian package.
func debian(t *testing.T, program, name string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%v: install Debian's package %s", err, name)
	}
	return path
}

func writeFile(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
