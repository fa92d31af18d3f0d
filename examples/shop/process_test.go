package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/grpclog"

	"github.com/sligo-go/sligo/tracing/tracingtest"
)

// TestMain makes the test's binary the shop, or the part of curl that README.md
// uses, if it has their name.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "shop":
		main()
		os.Exit(0)
	case "curl":
		os.Exit(curl(os.Args[1:]))
	}
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	os.Exit(m.Run())
}

// program returns the test's binary by another name.
func program(t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func curl(args []string) int {
	fs := flag.NewFlagSet("curl", flag.ExitOnError)
	fs.Bool("s", false, "")
	header := fs.String("H", "", "")
	form := fs.String("data-urlencode", "", "")
	_ = fs.Parse(args)
	r, err := http.NewRequest(http.MethodGet, fs.Arg(0), nil)
	if err != nil {
		return 3
	}
	if name, value, ok := strings.Cut(*header, ": "); ok {
		r.Header.Set(name, value)
	}
	if name, value, ok := strings.Cut(*form, "="); ok {
		r.Method, r.Body = http.MethodPost, io.NopCloser(strings.NewReader(name+"="+strings.ReplaceAll(value, "%", "%25")))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := noRedirect.Do(r)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		return 22
	}
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		return 23
	}
	return 0
}

// running is the shop as a program.
type running struct {
	command     *exec.Cmd
	lines       *bufio.Reader // of its output
	admin, shop string        // addresses
}

func startProgram(t *testing.T, env []string, flags ...string) *running {
	t.Helper()
	r := &running{command: exec.Command(program(t, "shop"), append(flags, "-addr", freeAddr, "-admin", freeAddr)...)}
	r.command.Env = append(os.Environ(), env...)
	stdout, err := r.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.command.Stderr = os.Stderr
	if err := r.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.command.Process.Kill() })
	r.lines = bufio.NewReader(stdout)
	first, err := r.lines.ReadString('\n')
	got := regexp.MustCompile(`^admin: http://(\S+)/  shop: http://(\S+)/  objectives: http://\S+/slo/\n$`).FindStringSubmatch(first)
	if got == nil {
		t.Fatalf("the first line is %q: %v", first, err)
	}
	r.admin, r.shop = got[1], got[2]
	return r
}

// end sends a signal and returns the last line of the output.
func (r *running) end(t *testing.T, signal os.Signal) string {
	t.Helper()
	if err := r.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(r.lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.command.Wait(); err != nil {
		t.Error(err)
	}
	lines := strings.Split(strings.TrimSpace(string(rest)), "\n")
	return lines[len(lines)-1]
}

// TestSignals ends the shop in the middle of its traffic. Its log is complete,
// and so are its traces.
func TestSignals(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			var receiver tracingtest.Receiver
			log := filepath.Join(t.TempDir(), "shop.log")
			r := startProgram(t, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + receiver.URL(t)},
				"-log", log, "-every", "1s", "-errors", "5%", "-slow", "5%", "-panics", "5%", "-hangups", "5%")
			if _, err := r.lines.ReadString('%'); err != nil { // a table
				t.Fatal(err)
			}
			if last := r.end(t, signal); last != "The counters of the services equal the tally of their clients." {
				t.Errorf("the last line is %q", last)
			}
			checkSpans(t, log, &receiver)
		})
	}
}

// checkSpans compares the lines of served requests with the spans that arrived,
// and finds the last line of each service.
func checkSpans(t *testing.T, log string, receiver *tracingtest.Receiver) {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	spans, stopped := map[string]bool{}, []string{}
	for _, s := range receiver.Spans() {
		spans[s.SpanID] = true
	}
	for line := range strings.Lines(string(text)) {
		var l struct {
			Application, Message string
			RequestID            string `json:"request_id"`
			SpanID               string `json:"span_id"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if l.Message == "Service stopping" {
			stopped = append(stopped, l.Application)
		}
		if l.RequestID != "" && !spans[l.SpanID] {
			t.Errorf("no span of %s", line)
		}
	}
	if diff := cmp.Diff(serviceNames, stopped); diff != "" || len(spans) < 10 {
		t.Errorf("%d spans, and services ended in the order (-want +got):\n%s", len(spans), diff)
	}
}

var (
	consoles = regexp.MustCompile("(?s)```console\n(.*?)```")
	runs     = regexp.MustCompile(`(?m)^go run ./examples/shop(.*)$`)
)

// TestReadme runs the commands of README.md.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	r := startProgram(t, nil, "-log", filepath.Join(t.TempDir(), "shop.log"))
	folder := filepath.Dir(r.command.Args[2])
	path := filepath.Dir(program(t, "curl")) + string(filepath.ListSeparator) + os.Getenv("PATH")
	addresses := strings.NewReplacer(adminAddr, r.admin, pagesAddr, r.shop)
	commands := 0
	for _, block := range consoles.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			typed := exec.Command("sh", "-c", addresses.Replace(strings.TrimPrefix(line, "$ ")))
			typed.Dir, typed.Env = folder, append(os.Environ(), "PATH="+path)
			if out, err := typed.CombinedOutput(); err != nil {
				t.Errorf("%s%v\n%s", line, err, out)
			}
			commands++
		}
	}
	if last := r.end(t, os.Interrupt); commands < 6 || !strings.HasPrefix(last, "The counters") {
		t.Errorf("%d commands, and %q", commands, last)
	}
}

// TestReadmeRuns runs the shop with the flags of README.md, for a shorter time.
func TestReadmeRuns(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	ended := 0
	for _, typed := range runs.FindAllStringSubmatch(string(text), -1) {
		c, err := parseFlags("shop", strings.Fields(typed[1]))
		if err != nil {
			t.Errorf("%s: %v", typed[0], err)
		}
		if c.lasts == 0 {
			continue // it ends by a signal
		}
		c.lasts, c.admin, c.addr = time.Second, freeAddr, freeAddr
		if err := run(t.Context(), c, t.Output()); err != nil {
			t.Errorf("%s: %v", typed[0], err)
		}
		ended++
	}
	if ended < 2 {
		t.Errorf("%d commands have -for", ended)
	}
}
