package browser_test

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// sheet is the path of the sheet with the most on it.
const sheet = "users/availability"

// pages are the paths of all pages, by the names of their pictures.
var pages = []struct{ name, path string }{
	{"overview", ""}, {"sheet", sheet}, {"journey", "journey/browse"}, {"wall", "?view=wall"}, {"help", "help"}, {"missing", "nowhere/none"},
}

// TestScreens shows each page on each screen. None needs a scroll sideways, and
// none makes the browser complain.
func TestScreens(t *testing.T) {
	t.Parallel()
	url := serve(t, newShop(t, shopPromises...), shopOptions())
	for _, s := range []struct {
		name   string
		screen screen
		query  string
	}{
		{"light", desktop, ""}, {"dark", dark, ""}, {"phone", phone, ""}, {"320", narrow, ""},
		{"ko", desktop, "lang=ko"}, {"ko-phone", phone, "lang=ko"}, {"ko-320", narrow, "lang=ko"},
		{"forced", screen{width: 1280, height: 800, forced: true}, ""},
		{"print", screen{width: 1047, height: 718, media: "print"}, ""},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, s.screen)
			for _, p := range pages {
				if p.name == "missing" {
					b.expect(isMissing)
				}
				b.open(url + withQuery(p.path, s.query))
				b.fits()
				b.picture(p.name + "-" + s.name)
				if p.name == "wall" && s.screen.width < 400 {
					want(b, `$('h1').getBoundingClientRect().width > innerWidth * .8`, true)
				}
				if p.name == "overview" && s.screen.phone {
					// A finger needs 44 pixels, which reach into the space
					// around.
					want(b, `all('.tile h3 a, .more summary').filter(e => e.getBoundingClientRect().height < 43).length`, 0)
					want(b, `Math.max(...all('.tile.healthy').map(e => e.getBoundingClientRect().height)) < 170`, true)
				}
			}
		})
	}
}

// isMissing matches the log's line about a page that does not exist.
func isMissing(trouble string) bool {
	return regexp.MustCompile(`^log: network: .* 404 .*/nowhere/none`).MatchString(trouble)
}

// withQuery adds a query to a path.
func withQuery(path, query string) string {
	switch {
	case query == "":
		return path
	case regexp.MustCompile(`\?`).MatchString(path):
		return path + "&" + query
	}
	return path + "?" + query
}

// TestLoad checks that the overview needs nothing but its assets, and shows
// each objective with its state in words, the worst first.
func TestLoad(t *testing.T) {
	t.Parallel()
	url := serve(t, newShop(t, shopPromises...), shopOptions())
	b := newTab(t, desktop)
	b.open(url)
	want(b, `text('h1')`, "3 of 8 objectives need attention")
	want(b, `all('.tile h3').map(h => h.innerText.replace(/\s+/g, ' ')).slice(0, 4).join(', ')`,
		"Frozen orders/checkout-availability, Caution users/availability, No data payments/freshness, Healthy payments/availability")
	want(b, `document.title`, "3\u00a0of\u00a08 objectives need attention · Shop")
	b.until(`text('#pulse') === 'Live'`)
	b.until(`performance.getEntriesByType('resource').length >= 2`)
	want(b, `performance.getEntriesByType('resource').map(r => r.name.replace(/.*\/slo\//, '').replace(/[?].*/, '').replace(/-[0-9a-f]+[.]/, '.')).filter(n => !/^events$|[.]svg$/.test(n)).sort().join(' ')`,
		"live.js page.css")
}

// TestWall checks that a screen on a wall shows everything without a scroll,
// even with many objectives.
func TestWall(t *testing.T) {
	t.Parallel()
	many := append([]promise(nil), shopPromises...)
	for _, suffix := range []string{"-eu", "-us", "-kr"} {
		for _, p := range shopPromises {
			p.name += suffix
			many = append(many, p)
		}
	}
	for _, test := range []struct {
		name, query string
		promises    []promise
		screen      screen
	}{
		{"wall-tv", "", shopPromises, tv}, {"wall-tv-dark", "", shopPromises, screen{width: 1920, height: 1080, dark: true}},
		{"wall-tv-ko", "&lang=ko", shopPromises, tv}, {"wall-tv-many", "", many, tv}, {"wall-tv-well", "", shopPromises[3:], tv},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, newShop(t, test.promises...), shopOptions())
			b := newTab(t, test.screen)
			b.open(url + "?view=wall" + test.query)
			b.picture(test.name)
			want(b, `document.scrollingElement.scrollHeight <= innerHeight`, true)
			b.fits()
			want(b, `all('main *').filter(e => e.getBoundingClientRect().bottom > innerHeight).length`, 0)
			want(b, `all('.tile, .sq').length > 0`, true)
		})
	}
}

// TestPlanned shows an objective over a month, with its earlier periods and
// planned events, on each screen.
func TestPlanned(t *testing.T) {
	t.Parallel()
	monthly := shopPromises[0]
	monthly.window = "month"
	url := serve(t, newShop(t, monthly), shopOptions())
	for _, s := range []struct {
		name   string
		screen screen
		query  string
	}{{"light", desktop, ""}, {"dark", dark, ""}, {"phone", phone, ""}, {"ko-320", narrow, "lang=ko"}} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, s.screen)
			b.open(url + withQuery(sheet, s.query))
			js[int](b, `all('details').map(d => { d.open = true }).length`)
			b.fits()
			b.picture("planned-" + s.name)
			want(b, `all('#planned li').length`, 3)
			want(b, `all('#periods tbody tr').length`, 3)
			want(b, `all('#chart .now').length`, 1)
			// The chart, the list and the table have the same letters.
			want(b, `all('#chart .letter').map(e => e.textContent).join('') === all('#chart .key b').map(e => e.textContent).join('')`, true)
			want(b, `all('#chart details tbody th').filter(e => /^[A-Z] /.test(e.innerText)).length === all('#chart .letter').length`, true)
			if found := b.check(); found != "" {
				t.Error(found)
			}
		})
	}
}

// TestPrint prints the pages on paper in landscape, on three sheets at most.
// All details of the tiles are open. A sheet leaves out the tables that repeat
// its pictures, and everything to try out or to copy.
func TestPrint(t *testing.T) {
	t.Parallel()
	url := serve(t, newShop(t, shopPromises...), shopOptions())
	b := newTab(t, desktop)
	for _, p := range pages[:3] {
		b.open(url + p.path)
		pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(func(p *page.PrintToPDFParams) { p.PreferCSSPageSize = new(bool); *p.PreferCSSPageSize = true }))
		b.must(err)
		keep(t, p.name+".pdf", pdf)
		// A4 in landscape is 842 × 595 points.
		if !regexp.MustCompile(`/MediaBox \[0 0 84[12][.\d]* 59[45][.\d]*\]`).Match(pdf) {
			t.Errorf("%s: the paper is not A4 in landscape: %s", p.name, regexp.MustCompile(`/MediaBox \[[^]]*\]`).Find(pdf))
		}
		if sheets := bytes.Count(pdf, []byte("/Type /Page\n")); sheets < 1 || sheets > 3 {
			t.Errorf("%s: %d sheets of paper", p.name, sheets)
		}
	}
	b.becomes(screen{width: 1047, height: 718, media: "print"})
	b.open(url)
	want(b, `all('details').filter(d => [...d.children].slice(1).some(c => c.getBoundingClientRect().height === 0)).length`, 0)
	b.open(url + sheet)
	want(b, `all('details, pre, form').filter(e => e.getBoundingClientRect().height > 0).length`, 0)
	want(b, `text('footer .printed').includes(location.pathname)`, true)
}

// TestKorean checks that the page is in Korean, in a font that has its letters.
func TestKorean(t *testing.T) {
	t.Parallel()
	url := serve(t, newShop(t, shopPromises...), shopOptions())
	b := newTab(t, desktop)
	b.open(url + "?lang=ko")
	want(b, `document.documentElement.lang`, "ko")
	want(b, `text('h1')`, "목표 8개 중 3개 확인 필요")
	// A missing letter has the width of another missing one.
	want(b, `(() => {
		const c = document.createElement('canvas').getContext('2d');
		c.font = getComputedStyle($('h1')).font;
		const picture = s => { c.canvas.width = 40; c.font = getComputedStyle($('h1')).font; c.fillText(s, 0, 32); return c.canvas.toDataURL(); };
		return new Set([...'목표확인필요\u{10fffe}'].map(picture)).size;
	})()`, 7)
	b.click("footer a[hreflang=en]")
	b.until(`document.documentElement.lang === 'en' && text('h1') === '3 of 8 objectives need attention'`)
}

// TestNoScript checks that everything except live updates works without
// scripts. The page reloads itself instead.
func TestNoScript(t *testing.T) {
	t.Parallel()
	url := serve(t, newShop(t, shopPromises...), shopOptions())
	b := newTab(t, desktop)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.open(url)
	b.picture("overview-noscript")
	want(b, `$('meta[http-equiv=refresh]').content`, "30")
	follow := func(link, then string) {
		t.Helper()
		b.click(link)
		b.until(then)
	}
	follow(`.tools nav li:nth-child(2) a`, `location.search === '?by=service' && text('.group h2') === 'orders'`)
	follow(`.tile h3 a[href*="`+sheet+`"]`, `location.pathname === '/slo/`+sheet+`' && text('h1').includes('`+sheet+`')`)
	follow(`.small a`, `location.pathname === '/slo/' && $('#q')`)
	follow(`.live a`, `location.search === '?pause=1' && !$('meta[http-equiv=refresh]') && text('#pulse') === 'Paused'`)
	follow(`.live a`, `location.search === '' && $('meta[http-equiv=refresh]')`)
	b.must(chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.CSS("#q"), "checkout")))
	b.press(enter)
	b.until(`location.search.startsWith('?q=checkout') && all('.tile').length === 1`)
}
