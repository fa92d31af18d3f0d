package routers

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var excerpt = regexp.MustCompile("(?ms)^```go e2e/routers/(\\S+)\n(.*?)^```$")

// TestDocument holds each block of docs/routers.md to its file, byte for byte.
// Each file has a block.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/routers.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := make(map[string]string)
	for _, m := range excerpt.FindAllStringSubmatch(string(text), -1) {
		shown[m[1]] = m[2]
	}
	if got, want := len(shown), strings.Count(string(text), "```go"); got != want {
		t.Errorf("%d of %d blocks have a file of their own", got, want)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file == "doc.go" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if shown[file] != string(code) {
			t.Errorf("docs/routers.md does not show %s as it is:\n%s", file, shown[file])
		}
		delete(shown, file)
	}
	for file := range shown {
		t.Errorf("docs/routers.md shows %s, which does not exist", file)
	}
}
