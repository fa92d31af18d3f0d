package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the expected output of the cases anew")

// bin is the folder with the program, built for the tests.
var bin string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		temp, err := os.MkdirTemp("", "sligo")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(temp)
		bin = temp
		build := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(bin, "sligo"), ".")
		build.Env = append(os.Environ(), "GOWORK=off")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// outcome is the result of one command.
type outcome struct {
	stdout, stderr string
	status         int
}

// shell runs a line in a folder in which sligo is a command.
func shell(t *testing.T, dir, line string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "bash", "-c", line)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	cmd.WaitDelay = time.Second // its children may live on
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "LC_ALL=C.UTF-8")
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", line, err)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// String returns the outcome as the cases have it.
func (o outcome) String() string {
	text := o.stdout
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "(no line break)\n"
	}
	for line := range strings.Lines(o.stderr) {
		text += "stderr: " + strings.TrimSuffix(line, "\n") + "\n"
	}
	return text + fmt.Sprintf("exit %d\n", o.status)
}

// TestCases runs the commands of each file in testdata/cases. A case is a text
// archive: commands after "$ ", the files that they read, and the expected
// output in "want". All commands run in one folder.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runCase(t, file)
		})
	}
}

func runCase(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	want, inputs := "", archive.Files[:0:0]
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		inputs = append(inputs, f)
		writeFile(t, filepath.Join(dir, f.Name), f.Data)
	}
	got := ""
	for line := range strings.Lines(string(archive.Comment)) {
		if command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ "); ok {
			got += "$ " + command + "\n" + shell(t, dir, command).String()
		}
	}
	if *update {
		archive.Files = append(inputs, txtar.File{Name: "want", Data: []byte(got)})
		writeFile(t, file, txtar.Format(archive))
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestHelp checks the help of every command: three examples first, and each of
// them has only flags that exist.
func TestHelp(t *testing.T) {
	var check func(cmd *cobra.Command)
	check = func(cmd *cobra.Command) {
		help := shell(t, t.TempDir(), cmd.CommandPath()+" --help")
		begin := cmd.Short + ".\n\nExamples:\n  $ "
		if help.status != 0 || help.stderr != "" || !strings.HasPrefix(help.stdout, begin) {
			t.Errorf("%s --help: got %v, want it to begin with %q", cmd.CommandPath(), help, begin)
		}
		lines := strings.Split(cmd.Example, "\n")
		if len(lines) < 3 {
			t.Errorf("%s has %d examples, want 3", cmd.CommandPath(), len(lines))
		}
		for _, line := range lines {
			checkExample(t, cmd, line)
		}
		for _, sub := range cmd.Commands() {
			check(sub)
		}
	}
	check(new(program).root())
}

// exampleCommand is the call of sligo in a line of a shell.
var exampleCommand = regexp.MustCompile(`sligo [^|<>)]+`)

func checkExample(t *testing.T, cmd *cobra.Command, line string) {
	t.Helper()
	command := exampleCommand.FindString(line)
	if !strings.HasPrefix(command, cmd.CommandPath()+" ") && command != cmd.CommandPath() {
		t.Errorf("example %q of %s is about another command", line, cmd.CommandPath())
	}
	if got := shell(t, t.TempDir(), command+" --help"); got.status != 0 {
		t.Errorf("example %q: %v", line, got)
	}
}
