package browser_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// axe is the script of axe-core that install.sh fetched.
var axe = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	script, err := os.ReadFile(filepath.Join(cache, "sligo", "axe-core-4.14.1.min.js"))
	return string(script), err
})

// check returns the violations of WCAG 2.2, levels A and AA, and of best
// practice, that axe-core finds on the page.
func (b *tab) check() string {
	b.t.Helper()
	script, err := axe()
	if err != nil {
		b.t.Fatalf("%v; install.sh fetches it", err)
	}
	if !js[bool](b, `'axe' in window`) {
		js[bool](b, `(() => { `+script+`; return true; })()`)
	}
	return js[string](b, `axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
		resultTypes: ['violations'],
	}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join('; ')).join('\n'))`)
}

// TestAccessibility checks every page in both themes, on a wide and a narrow
// screen, with closed and with open details.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	url := serve(t, newShop(t, shopPromises...), shopOptions())
	for _, s := range []struct {
		name   string
		screen screen
	}{
		{"light", desktop}, {"dark", dark}, {"light-320", narrow}, {"dark-320", screen{width: 320, height: 640, dark: true}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, s.screen)
			b.expect(isMissing)
			for _, p := range pages {
				b.open(url + p.path)
				if found := b.check(); found != "" {
					t.Errorf("%s: %s", p.name, found)
				}
				if js[int](b, `all('details').map(d => { d.open = true }).length`) == 0 {
					continue
				}
				if found := b.check(); found != "" {
					t.Errorf("%s with open details: %s", p.name, found)
				}
			}
		})
	}
}

// TestFaultsAreSeen checks that the tests would see an inaccessible page, a
// violation of the security policy, an exception, and a page that is too wide.
func TestFaultsAreSeen(t *testing.T) {
	t.Parallel()
	url := serveFaults(t)
	b := newTab(t, narrow)
	b.open(url)
	if found := b.check(); !strings.Contains(found, "image-alt") || !strings.Contains(found, "color-contrast") {
		t.Errorf("axe found %q", found)
	}
	want(b, `document.scrollingElement.scrollWidth <= innerWidth`, false)
	var all string
	for _, kind := range []string{"issue: ContentSecurityPolicyIssue", "exception: Uncaught Error: out of order", "console: error \"out of order\"", "404"} {
		eventually(b.t, kind, func() bool {
			all += strings.Join(b.complaints(), "\n")
			return strings.Contains(all, kind)
		})
	}
}
