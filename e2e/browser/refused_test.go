package browser_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"

	"github.com/sligo-go/sligo/budget/statuspage"
)

// standstill stops the clock of a page, so that the page never finds that its
// stream is silent. Timers run a hundred times as fast, and their times are
// written down.
const standstill = `(() => {
	const now = Date.now(), after = setTimeout;
	window.waits = [];
	Date.now = () => now;
	window.setTimeout = (f, ms) => { waits.push(ms); return after(f, ms / 100); };
})()`

// atStart runs a script at the beginning of each page that the tab opens.
func (b *tab) atStart(script string) {
	b.t.Helper()
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// isStream matches complaints about a stream that the server refuses, or that
// has no server.
func isStream(trouble string) bool {
	return strings.Contains(trouble, "/slo/events") || strings.Contains(trouble, "ERR_CONNECTION_REFUSED")
}

// TestTooManyViewers opens a page for which the server has no stream. The page
// says so, gets its figures now and then, and is live when there is room.
func TestTooManyViewers(t *testing.T) {
	t.Parallel()
	s := newShop(t, shopPromises...)
	url := serve(t, s, statuspage.Options{MaxViewers: 1})
	leave := watch(t, url+"events?lang=en")
	b := newTab(t, phone)
	b.atStart(standstill)
	b.expect(isStream)
	b.open(url)
	b.until(`text('#pulse') === 'Not live' && text('#notice').startsWith('Not live since ')`)
	b.picture("refused-phone")

	const tile = `$('[id="orders.availability"]')`
	js[bool](b, tile+`.querySelector('summary').click(), `+tile+`.querySelector('h3 a').focus(), window.same = true`)
	s.record("orders/availability", false, 600)
	b.until(tile + `.querySelector('.state').innerText === 'Caution'`)
	want(b, `text('#pulse') + text('h1').replace(/\d\d:\d\d UTC/, '')`, "Not liveAt , 4 of 8 objectives needed attention")
	want(b, `document.documentElement.classList.contains('stale') && $('link[rel=icon]').href.includes('stale')`, true)
	want(b, tile+`.querySelector('details').open && `+tile+`.contains(document.activeElement)`, true)
	// The waits are as long as Retry-After says.
	want(b, `waits.length > 0 && waits.every(ms => ms === 30000)`, true)

	leave()
	b.until(`text('#pulse') === 'Live' && text('#notice') === '' && text('h1') === '4 of 8 objectives need attention'`)
	want(b, `!document.documentElement.classList.contains('stale') && same`, true)
	s.record("orders/availability", false, 600)
	b.until(tile + `.querySelector('.state').innerText === 'Frozen'`)
}

// TestTooManyViewersOfEachPage checks that all pages can do without a stream.
func TestTooManyViewersOfEachPage(t *testing.T) {
	t.Parallel()
	s := newShop(t, shopPromises...)
	url := serve(t, s, statuspage.Options{MaxViewers: 1})
	t.Cleanup(watch(t, url+"events?lang=en"))
	b := newTab(t, desktop)
	b.atStart(standstill)
	b.expect(isStream)
	for _, p := range pages[:4] {
		b.open(url + p.path)
		b.until(`text('#pulse') === 'Not live'`)
		before := js[string](b, `text('main')`)
		s.record(sheet, false, 20)
		b.until(`text('main') !== ` + quoted(before))
		want(b, `text('#pulse')`, "Not live")
		// An element of a picture is still one.
		want(b, `all('svg *').filter(e => e.namespaceURI !== 'http://www.w3.org/2000/svg').length`, 0)
		b.fits()
	}
}

// hide and show make a page believe that its tab is hidden or seen again.
const (
	hide = `(Object.defineProperty(document, 'hidden', {value: true, configurable: true}), document.dispatchEvent(new Event('visibilitychange')), true)`
	show = `(Object.defineProperty(document, 'hidden', {value: false, configurable: true}), document.dispatchEvent(new Event('visibilitychange')), true)`
)

// TestHidden hides a tab while its server ends. When the tab is seen again, it
// shows at once that it is not live.
func TestHidden(t *testing.T) {
	t.Parallel()
	s := newShop(t, shopPromises...)
	p, err := statuspage.New(s, &statuspage.Options{Title: "Shop"})
	if err != nil {
		t.Fatal(err)
	}
	server := &restarting{t: t, handler: mount(p)}
	server.start()
	other := httptest.NewServer(mount(p))
	t.Cleanup(func() {
		p.Close()
		server.kill()
		other.Close()
	})
	b := newTab(t, desktop)
	b.expect(isStream)
	b.open("http://" + server.address + "/slo/")
	const live = `text('#pulse') === 'Live' && text('#notice') === '' && !document.documentElement.classList.contains('stale')`

	// A short time: the figures are not old, and no stream begins. The clock is
	// stopped, so that only the failure can tell it.
	b.connected(s)
	js[bool](b, `(now => { Date.now = () => now; return true; })(Date.now())`)
	js[bool](b, hide)
	server.kill()
	want(b, show+` && text('#pulse')`, "Live")
	b.until(`text('#pulse') === 'Not live'`)
	server.start()
	b.until(live)

	// A long time: the figures are old before the first attempt.
	b.connected(s)
	js[bool](b, hide)
	js[bool](b, `(now => { Date.now = () => now + 60000; return true; })(Date.now())`)
	want(b, show+` && text('#pulse')`, "Not live")
	b.until(live)
}
