package rules_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestCommands(t *testing.T) {
	blocks, err := documents(root)
	if err != nil {
		t.Fatal(err)
	}
	none(t, unknownCommands(this(t), blocks))
}

// elsewhere lists the programs in documents that this repository does not have.
var elsewhere = []string{"amtool", "apt-get", "bash", "cat", "curl", "echo", "git", "grep", "promtool", "prometheus", "sudo"}

// unknownCommands returns the commands of shell blocks that would fail in the
// module, because a folder, script, make target or flag does not exist.
func unknownCommands(m *module, blocks []block) []string {
	var unknown []string
	for _, b := range blocks {
		if !slices.Contains([]string{"sh", "bash", "shell", "console"}, b.lang) {
			continue
		}
		sh := &shell{module: m, dir: m.dir}
		for _, command := range b.commands() {
			if err := sh.check(command); err != nil {
				unknown = append(unknown, fmt.Sprintf("%s: %s: %v", b.place, strings.Join(command, " "), err))
			}
		}
	}
	return unknown
}

var (
	shellComment = regexp.MustCompile(`(^|\s)#.*`)
	shellJoin    = regexp.MustCompile(`&&|\|\||[|;&]`)
	assignment   = regexp.MustCompile(`^\w+=`)
)

// commands splits a block into commands and each command into words. In a
// console, only the lines after a prompt are typed.
func (b block) commands() [][]string {
	var commands [][]string
	for line := range strings.Lines(strings.ReplaceAll(b.text, "\\\n", " ")) {
		line, prompt := strings.CutPrefix(strings.TrimSpace(line), "$ ")
		if b.lang == "console" && !prompt {
			continue
		}
		for _, part := range shellJoin.Split(shellComment.ReplaceAllString(line, ""), -1) {
			words := strings.Fields(part)
			for len(words) > 0 && assignment.MatchString(words[0]) {
				words = words[1:]
			}
			if len(words) > 0 {
				commands = append(commands, words)
			}
		}
	}
	return commands
}

// A shell holds the folder in which a block's commands run.
type shell struct {
	module *module
	dir    string
}

func (sh *shell) check(words []string) error {
	name, args := words[0], words[1:]
	switch {
	case name == "cd" && len(args) == 1:
		if args[0] == filepath.Base(sh.module.path) { // where git clone put it
			return nil
		}
		sh.dir = filepath.Join(sh.dir, args[0])
		_, err := os.Stat(sh.dir)
		return err
	case name == "go" && len(args) > 0:
		return sh.goCommand(args)
	case name == "make":
		return sh.makeTargets(args)
	case name == "sligo":
		return sh.sligo(args)
	case strings.Contains(name, "/"):
		return sh.script(name)
	case (name == "bash" || name == "sudo") && len(args) > 0:
		return sh.check(args)
	case slices.Contains(elsewhere, name):
		return nil
	}
	return fmt.Errorf("%s is not known", name)
}

// sligo checks a call of the module's own command against its help. The words
// before the first flag, file or number are a command and its subcommands.
func (sh *shell) sligo(args []string) error {
	path := args
	for i, arg := range args {
		if !regexp.MustCompile(`^[a-z]+$`).MatchString(arg) {
			path = args[:i]
			break
		}
	}
	help, err := sligoHelp(filepath.Join(sh.module.dir, "cmd", "sligo"), path)
	if err != nil {
		return err
	}
	for _, arg := range args[len(path):] {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if len(arg) > 1 && arg[0] == '-' && !regexp.MustCompile(`(?m)^ .*\s--?`+regexp.QuoteMeta(name)+`\b`).MatchString(help) {
			return fmt.Errorf("%s has no flag %s:\n%s", strings.Join(path, " "), arg, help)
		}
	}
	return nil
}

// helps has the texts that sligoHelp has returned, since each takes a build.
var helps = make(map[string]string)

// sligoHelp returns the help of a command of the program in dir.
func sligoHelp(dir string, path []string) (string, error) {
	key := strings.Join(append([]string{dir}, path...), " ")
	if help, known := helps[key]; known {
		return help, nil
	}
	help, err := goTool(dir, append([]string{"run", ".", "help"}, path...)...)
	if err == nil {
		helps[key] = help
	}
	return help, err
}

func (sh *shell) script(name string) error {
	info, err := os.Stat(filepath.Join(sh.dir, name))
	if err == nil && info.Mode()&0o100 == 0 {
		err = fmt.Errorf("%s cannot be executed", name)
	}
	return err
}

func (sh *shell) makeTargets(targets []string) error {
	text, err := os.ReadFile(filepath.Join(sh.dir, "Makefile"))
	if err != nil {
		return err
	}
	for _, target := range targets {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(target) + `:`).Match(text) {
			return fmt.Errorf("the Makefile has no %s", target)
		}
	}
	return nil
}

func (sh *shell) goCommand(args []string) error {
	dir := sh.dir
	if args[0] == "-C" && len(args) > 2 {
		dir, args = filepath.Join(dir, args[1]), args[2:]
	}
	for i, arg := range args[1:] {
		path, _, _ := strings.Cut(arg, "@")
		switch {
		case strings.HasPrefix(arg, "."):
			if err := packages(dir, arg); err != nil {
				return err
			}
		case path == sh.module.path || strings.HasPrefix(path, sh.module.path+"/"):
			// A package may be in a module of its own below this one.
			folder := "." + strings.TrimPrefix(path, sh.module.path)
			if sh.module.pkgs[path] == nil && packages(sh.module.dir, folder) != nil {
				return fmt.Errorf("no package is %s", path)
			}
		default:
			continue
		}
		if args[0] == "run" {
			return flags(dir, arg, args[i+2:])
		}
	}
	return nil
}

// packages checks that a pattern has Go files, and "./..." a module.
func packages(dir, pattern string) error {
	name, tree := strings.CutSuffix(pattern, "...")
	want := "*.go"
	if tree && name == "./" {
		want = "go.mod"
	}
	found, err := filepath.Glob(filepath.Join(dir, name, want))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%s has no %s", pattern, want)
	}
	return err
}

// flags checks the flags of a program against its usage text. The program runs
// as in a reader's clone, with its go.work if there is one. A service without
// flags would not end, so flags runs no program that has none.
func flags(dir, program string, args []string) error {
	if !slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "-") }) {
		return nil
	}
	cmd := exec.Command("go", "run", program, "-h")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=")
	usage, _ := cmd.CombinedOutput() // flag.ExitOnError makes -h a failure or none
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if strings.HasPrefix(arg, "-") && !regexp.MustCompile(`(?m)^\s+--?`+regexp.QuoteMeta(name)+`\b`).Match(usage) {
			return fmt.Errorf("%s has no flag -%s:\n%s", program, name, usage)
		}
	}
	return nil
}

func TestUnknownCommands(t *testing.T) {
	m := loadFixture(t, map[string]string{
		"go.mod":            "module a.example/m\n\ngo 1.25.0\n",
		"Makefile":          "check:\n\tgo test ./...\n",
		"plain.txt":         "not a script",
		"e2e/go.mod":        "module a.example/m/e2e\n",
		"cmd/sligo/go.mod":  "module a.example/m/cmd/sligo\n\ngo 1.25.0\n",
		"cmd/sligo/main.go": "package main\n\nimport \"os\"\n\nfunc main() {\n\tif len(os.Args) != 3 || os.Args[1] != \"help\" || os.Args[2] != \"table\" {\n\t\tos.Exit(2)\n\t}\n\tprintln()\n\tos.Stdout.WriteString(\"  -o, --output FORMAT  in --json\\n\")\n}\n",
		"cmd/tool/main.go":  "package main\n\nimport (\n\t\"flag\"\n\t\"time\"\n)\n\nfunc main() {\n\tflag.Duration(\"for\", time.Second, \"how long\")\n\tflag.Parse()\n}\n",
	})
	tests := []struct {
		name, lang, text string
		want             []string // the ends of the reports
	}{
		{"known", "sh", "git clone https://a.example/m && cd m\ngo run ./cmd/tool -for 10s -for=1s # a comment\nCI=true go test -race ./...\ngo -C e2e test ./...\nmake check | curl -s \\\n  --fail x\ngo install a.example/m/cmd/tool@latest\ngo install a.example/m/cmd/sligo@latest\ngo install b.example/other@v1\n", nil},
		{"output in a console", "console", "$ make check\nfrobnicate\n", nil},
		{"not a shell", "text", "frobnicate\n", nil},
		{"program", "sh", "frobnicate -x\n", []string{"frobnicate is not known"}},
		{"after a prompt", "console", "$ frobnicate\n", []string{"frobnicate is not known"}},
		{"in a pipe", "sh", "curl x | frobnicate\n", []string{"frobnicate is not known"}},
		{"folder", "sh", "cd e2e && cd nowhere\n", []string{"nowhere: no such file or directory"}},
		{"package", "sh", "go run ./cmd/gone\n", []string{"./cmd/gone has no *.go"}},
		{"package after cd", "sh", "cd e2e\ngo vet ./cmd/tool\n", []string{"./cmd/tool has no *.go"}},
		{"module", "sh", "go -C cmd test ./...\n", []string{"./... has no go.mod"}},
		{"import path", "sh", "go install a.example/m/cmd/gone@latest\n", []string{"no package is a.example/m/cmd/gone"}},
		{"flag", "sh", "go run ./cmd/tool -for 10s -fast\n", []string{"./cmd/tool has no flag -fast"}},
		{"command of sligo", "sh", "sligo table 99.9% - -o json --output=json\nsligo tabel\nsligo table 99.9% --check -a\n", []string{"exit status 2", "table has no flag --check"}},
		{"target", "sh", "make check all\n", []string{"the Makefile has no all"}},
		{"script", "sh", "bash ./gone.sh\n./plain.txt\n", []string{"gone.sh: no such file or directory", "./plain.txt cannot be executed"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := unknownCommands(m, []block{{place: "x.md:1", lang: test.lang, text: test.text}})
			if len(got) != len(test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("got %q, want it to have %q", got[i], want)
				}
			}
		})
	}
}
