package statuspage_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget/statuspage"
)

var placeholders = regexp.MustCompile(`\{\w+\}|<[^>]+>`)

// TestLanguagesAreComplete compares the keys of both languages, and the names
// and the markup of each message.
func TestLanguagesAreComplete(t *testing.T) {
	english, korean := statuspage.Messages("en"), statuspage.Messages("ko")
	keys := func(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
	if diff := cmp.Diff(keys(english), keys(korean)); diff != "" {
		t.Errorf("keys (-English +Korean):\n%s", diff)
	}
	hangul := regexp.MustCompile(`\p{Hangul}`)
	for key, text := range english {
		names := func(text string) []string {
			found := placeholders.FindAllString(text, -1)
			slices.Sort(found)
			return slices.DeleteFunc(slices.Compact(found), func(s string) bool { return s[0] == '<' && strings.Contains(s, "span") })
		}
		if diff := cmp.Diff(names(text), names(korean[key])); diff != "" {
			t.Errorf("%s: names (-English +Korean):\n%s", key, diff)
		}
		if strings.TrimSpace(text) == "" || strings.TrimSpace(korean[key]) == "" {
			t.Errorf("%s is empty", key)
		}
		if text == korean[key] && regexp.MustCompile(`[a-z]{4}`).MatchString(placeholders.ReplaceAllString(text, "")) {
			t.Errorf("%s is not translated: %q", key, text)
		}
		if hangul.MatchString(text) {
			t.Errorf("%s: Korean in English: %q", key, text)
		}
	}
}

// TestKoreanEndings checks that no line ends between a percentage and its
// ending. The break is possible there, and wrong.
func TestKoreanEndings(t *testing.T) {
	apart := regexp.MustCompile(`\{(a|b|max|target)\}\p{Hangul}`)
	for _, key := range []string{"trend_desc", "journey_course", "within_of"} {
		if text := statuspage.Messages("ko")[key]; apart.MatchString(text) || !strings.Contains(text, "\u2060") {
			t.Errorf("%s can break before an ending: %q", key, text)
		}
	}
}

// TestMessagesAreUsed finds keys that nothing uses. A key that is put together
// from parts counts as used if a part is there.
func TestMessagesAreUsed(t *testing.T) {
	var used strings.Builder
	sources, _ := filepath.Glob("*.go")
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || name == "english.go" || name == "korean.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					used.WriteString("\x00" + text + "\x00")
				}
			}
			return true
		})
	}
	templates, _ := filepath.Glob("templates/*.tmpl")
	for _, name := range templates {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`T "(\w+)"`).FindAllStringSubmatch(string(text), -1) {
			used.WriteString("\x00" + m[1] + "\x00")
			if _, ok := statuspage.Messages("en")[m[1]]; !ok {
				t.Errorf("%s uses %q, which is not a message", name, m[1])
			}
		}
	}
	all := used.String()
	for key := range statuspage.Messages("en") {
		if strings.Contains(all, "\x00"+key+"\x00") {
			continue
		}
		i := strings.IndexAny(key, "_")
		begin := i > 0 && strings.Contains(all, "\x00"+key[:i+1]+"\x00")
		last := strings.LastIndex(key, "_")
		end := i > 0 && strings.Contains(all, "\x00"+key[last:]+"\x00")
		both := i > 0 && strings.Contains(all, "\x00"+key[:last+1]+"\x00")
		if !begin && !end && !both {
			t.Errorf("nothing uses the message %q", key)
		}
	}
}

// TestNoMessageIsMissing renders all pages in both languages. A key without a
// message would show as itself.
func TestNoMessageIsMissing(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	leak := regexp.MustCompile(`\{[a-z0-9]+\}|\b(?:verdict|past|strip|th|events|count|free|planned|period|this|chart|def|own|why|key|word|help|sheet|wall|journey|spent|alert|alerts|decision|decide|ignored|source|kind)_\w+\b`)
	for _, path := range []string{"/", "/?view=wall", "/users/availability?target=99", "/users/availability?target=x", "/payments/freshness", "/journey/browse", "/help", "/nowhere"} {
		for _, lang := range []string{"en", "ko"} {
			separator := "?"
			if strings.Contains(path, "?") {
				separator = "&"
			}
			text := words(get(t, page, path+separator+"lang="+lang).Body.String())
			for _, found := range leak.FindAllString(text, -1) {
				if !slices.Contains([]string{"{id}", "{userid}"}, found) {
					t.Errorf("%s in %s shows %q", path, lang, found)
				}
			}
		}
	}
}

// TestClassesOfMessages checks that a style sheet knows each class that the
// words of a language have.
func TestClassesOfMessages(t *testing.T) {
	var styles strings.Builder
	sheets, err := filepath.Glob("assets/*.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sheets {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		styles.Write(text)
	}
	classes := regexp.MustCompile(`class="([^"]+)"`)
	for _, language := range []string{"en", "ko"} {
		found := 0
		for key, text := range statuspage.Messages(language) {
			for _, m := range classes.FindAllStringSubmatch(text, -1) {
				found++
				if !regexp.MustCompile(`\.` + m[1] + `\b`).MatchString(styles.String()) {
					t.Errorf("%s, %s: no style sheet knows the class %q", language, key, m[1])
				}
			}
		}
		if found == 0 {
			t.Errorf("%s has no classes", language)
		}
	}
}
