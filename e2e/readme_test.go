package e2e_test

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// TestReadmesProgram follows README's quick start in a new module: it pastes
// the program, and runs the commands while the program serves. Only the ports
// differ. The program sends its traces to a receiver, and ends with status 0.
func TestReadmesProgram(t *testing.T) {
	program, session := quickStart(t)
	users, admin := strconv.Itoa(freePort(t)), strconv.Itoa(freePort(t))
	var jaeger tracingtest.Receiver
	service := exec.Command(paste(t, strings.ReplaceAll(program, ":8080", ":"+users)))
	service.Env = append(os.Environ(), "OTEL_EXPORTER_PROMETHEUS_PORT="+admin, "OTEL_EXPORTER_OTLP_ENDPOINT="+jaeger.URL(t))
	var log bytes.Buffer
	service.Stdout, service.Stderr = &log, &log
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = service.Process.Kill() })
	eventually(t, func() error { _, err := get("http://127.0.0.1:" + admin + "/readyz"); return err })
	eventually(t, func() error { _, err := get("http://127.0.0.1:" + admin + "/metrics"); return err })

	for _, step := range session {
		command := strings.NewReplacer("8080", users, "9464", admin).Replace(step.command)
		eventually(t, func() error { // until the budget is known for a second
			out, err := exec.Command("bash", "-c", command).Output()
			if got := fixed(string(out)); err == nil && got != fixed(step.output) {
				err = fmt.Errorf("%s prints\n%s\nREADME says\n%s", step.command, got, step.output)
			}
			return err
		})
	}
	if err := service.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := service.Wait(); err != nil {
		t.Errorf("the service ends with %v, and logged\n%s", err, &log)
	}
	if spans := jaeger.Spans(); len(spans) != 1 || !strings.Contains(log.String(), spans[0].TraceID) {
		t.Errorf("spans %v, want one, and a line with its trace in\n%s", spans, &log)
	}
}

// fixed replaces the time since the start, which differs between runs, and the
// estimate that depends on it.
func fixed(text string) string {
	text = regexp.MustCompile(`of about \d+ bad`).ReplaceAllString(text, "of about many bad")
	return regexp.MustCompile(`known for \w+ of`).ReplaceAllString(text, "known for a while of")
}

// step is a command of a session and its output.
type step struct{ command, output string }

// quickStart returns the program and the session of README's quick start.
func quickStart(t *testing.T) (program string, session []step) {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Quick start\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, m := range regexp.MustCompile("(?ms)^```(go|console)\n(.*?)^```$").FindAllStringSubmatch(section, -1) {
		if m[1] == "go" {
			program = m[2]
			continue
		}
		for _, part := range strings.Split(strings.TrimPrefix(m[2], "$ "), "\n$ ") {
			command, output, _ := strings.Cut(part, "\n")
			session = append(session, step{command, strings.TrimSuffix(output, "\n") + "\n"})
		}
	}
	if program == "" || len(session) < 3 {
		t.Fatalf("README's quick start has the program %q and %d commands", program, len(session))
	}
	return program, session
}

// paste compiles a program in a new module, with the working tree in place of
// the version that go get finds.
func paste(t *testing.T, program string) string {
	t.Helper()
	const module = "github.com/sligo-go/sligo"
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	tree, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"mod", "init", "example.com/users"},
		{"mod", "edit", "-require", module + "@v0.0.0", "-replace", module + "=" + tree},
		{"mod", "tidy"},
		{"build", "-o", "users", "."},
	} {
		command := exec.Command("go", args...)
		command.Dir = folder
		command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	return filepath.Join(folder, "users")
}

// TestSmallestService counts the lines of README's program that are not blank,
// without comments, the package clause and the imports.
func TestSmallestService(t *testing.T) {
	program, _ := quickStart(t)
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "main.go", program, 0)
	if err != nil {
		t.Fatal(err)
	}
	imports := files.Position(file.Imports[len(file.Imports)-1].End()).Line + 1
	lines := map[int]bool{}
	var s scanner.Scanner
	source := token.NewFileSet()
	s.Init(source.AddFile("main.go", -1, len(program)), []byte(program), nil, 0)
	for {
		at, tok, literal := s.Scan()
		if tok == token.EOF {
			break
		}
		if inserted := tok == token.SEMICOLON && literal == "\n"; !inserted {
			lines[source.Position(at).Line] = true
		}
	}
	count := 0
	for line := range lines {
		if line > imports {
			count++
		}
	}
	if count > 21 {
		t.Errorf("README's program has %d lines, want at most 21", count)
	}
	t.Logf("%d lines", count)
}
