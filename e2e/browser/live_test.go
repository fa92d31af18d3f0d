package browser_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// watchStates makes the page write down each state that a tile shows, and each
// announcement.
const watchStates = `(() => {
	const state = () => text('.tile h3 .state');
	window.states = [state()], window.said = [];
	const note = () => {
		if (state() !== undefined && state() !== states.at(-1)) states.push(state());
		for (const id of ['say', 'alert']) {
			const s = text('#' + id);
			if (s && !said.includes(id + ': ' + s)) said.push(id + ': ' + s);
		}
	};
	new MutationObserver(note).observe(document.body, {childList: true, subtree: true, characterData: true, attributes: true});
	return true;
})()`

// TestStates spends a budget of 30 days, all of which are known, while somebody
// watches, until releases are frozen. 720 bad events are allowed.
func TestStates(t *testing.T) {
	t.Parallel()
	s := newShop(t, promise{service: "users", name: "availability", target: "99.9%", hourly: 1000})
	url := serve(t, s, statuspage.Options{})
	b := newTab(t, desktop)
	b.open(url)
	js[bool](b, watchStates)
	for _, step := range []struct {
		bad         uint64
		state, left string // the part behind the point depends on the hour
	}{
		{0, "Healthy", "100"}, {360, "Healthy", "50"}, {200, "Caution", "22"}, {200, "Frozen", "−5"},
	} {
		s.record("users/availability", false, step.bad)
		b.until(`text('.tile h3 .state') === '` + step.state + `' && /^` + step.left + `(\.\d)? % of the budget left$/.test(text('.tile .left'))`)
	}
	b.picture("states-frozen")
	want(b, `states.join(', ')`, "Healthy, Caution, Frozen")
	want(b, `said.join('; ').replace(/\.\d/g, '')`, "say: users/availability: Caution, 22 % left; alert: users/availability: Frozen, −5 % left")
	want(b, `text('h1')`, "The objective needs attention")
	want(b, `/^Stopped, except repairs and security fixes\. 105\.\d % is spent/.test(text('.tile .facts dd:nth-of-type(3)'))`, true)
	want(b, `$('link[rel=icon]').href.includes('frozen')`, true)
	want(b, `document.title.startsWith('The objective needs attention')`, true)
}

// TestStatesOfANewService spends the same budget in a service that has just
// begun. The window is barely known, so nothing is healthy and nothing frozen.
func TestStatesOfANewService(t *testing.T) {
	t.Parallel()
	p := promise{service: "users", name: "availability", target: "99.9%"}
	recorder, err := sli.NewRecorder(p.objective().Indicator)
	if err != nil {
		t.Fatal(err)
	}
	books, err := status.Open(recorder, []slo.Objective{p.objective()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(books.Close)
	b := newTab(t, desktop)
	b.open(serve(t, books, statuspage.Options{}))
	js[bool](b, watchStates)
	recorder.RecordN(p.event(true), 1000)
	b.until(`text('.tile h3 .state') === 'Too early'`)
	recorder.RecordN(p.event(false), 760)
	b.until(`text('.tile .budget .meta').startsWith('760 of ')`)
	b.picture("states-early")
	want(b, `states.join(', ')`, "No data, Too early")
	want(b, `text('h1')`, "Too early to tell")
}

// TestLive checks that a tile moves to its group and keeps the focus, and that
// open details stay open.
func TestLive(t *testing.T) {
	t.Parallel()
	s := newShop(t, shopPromises...)
	url := serve(t, s, shopOptions())
	b := newTab(t, phone)
	b.open(url)
	b.until(`text('#pulse') === 'Live'`)
	const tile = `$('[id="orders.availability"]')`
	js[bool](b, tile+`.querySelector('summary').click(), `+tile+`.querySelector('h3 a').focus(), true`)
	want(b, tile+`.closest('section').dataset.group`, "healthy")
	b.picture("live-before")
	s.record("orders/availability", false, 600)
	b.until(tile + `.querySelector('.state').innerText === 'Caution'`)
	want(b, tile+`.closest('section').dataset.group`, "attention")
	want(b, tile+`.querySelector('details').open`, true)
	want(b, tile+`.contains(document.activeElement)`, true)
	want(b, `text('h1')`, "4 of 8 objectives need attention")
	s.record("orders/availability", false, 600)
	b.until(tile + `.querySelector('.state').innerText === 'Frozen'`)
	want(b, `all('.tile').indexOf(`+tile+`) < 2`, true)
	b.picture("live-after")

	// The same change reaches the other pages.
	for _, p := range []struct{ path, state string }{{"orders/availability", "h1 .state"}, {"?view=wall", ".tile:nth-of-type(3) .state"}} {
		b.open(url + p.path)
		b.until(`text('#pulse') === 'Live'`)
		before := js[string](b, `text('main')`)
		s.record("orders/availability", false, 1000)
		b.until(`text('main') !== ` + quoted(before))
	}
}

func quoted(s string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`", "$", "\\$").Replace(s) + "`"
}

// restarting is a server that can end and come back at the same address.
type restarting struct {
	t       *testing.T
	handler http.Handler
	server  *httptest.Server
	address string
}

func (r *restarting) start() {
	r.t.Helper()
	if r.address == "" {
		r.address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.address = listener.Addr().String()
	r.server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: r.handler, ReadHeaderTimeout: time.Minute}}
	r.server.Start()
}

// kill ends the server without a word to its clients.
func (r *restarting) kill() {
	r.server.Listener.Close()
	r.server.CloseClientConnections()
	r.server.Close()
}

// TestLost kills the server. The page says that it is not live, and since when,
// and recovers when the server is back, even if nothing has changed.
func TestLost(t *testing.T) {
	t.Parallel()
	shop := newShop(t, shopPromises...)
	page, err := statuspage.New(shop, &statuspage.Options{Title: "Shop"})
	if err != nil {
		t.Fatal(err)
	}
	server := &restarting{t: t, handler: mount(page)}
	server.start()
	// Another viewer of the same page keeps its stream alive on the server.
	other := httptest.NewServer(mount(page))
	t.Cleanup(func() {
		page.Close()
		server.kill()
		other.Close()
	})
	const was, is = "At 00:00 UTC, 3 of 8 objectives needed attention", "3 of 8 objectives need attention"
	for _, test := range []struct {
		name, path string
		screen     screen
		was, is    string
	}{
		{"overview", "", desktop, was, is}, {"sheet", sheet, desktop, "Caution " + sheet, "Caution " + sheet}, {"wall", "?view=wall", tv, was, is},
	} {
		b := newTab(t, test.screen)
		b.expect(func(trouble string) bool {
			return strings.Contains(trouble, "/slo/events") || strings.Contains(trouble, "ERR_CONNECTION_REFUSED")
		})
		b.open("http://" + server.address + "/slo/" + test.path)
		b.connected(shop)
		leave := watch(t, other.URL+js[string](b, `'/slo/' + new URL($('script').dataset.events, location).href.split('/slo/')[1]`))
		server.kill()
		// Nobody waits for 45 s of silence: the page's clock goes forward.
		js[bool](b, `(now => { Date.now = () => now() + 60000; return true; })(Date.now.bind(Date))`)
		b.until(`text('#pulse') === 'Not live'`)
		want(b, `/^Not live since \d\d:\d\d UTC, trying again\. The figures below are from that time\.$/.test(text('#notice'))`, true)
		want(b, `text('h1').replace(/\d\d:\d\d/, '00:00')`, test.was)
		want(b, `$('link[rel=icon]').href.includes('stale') && document.documentElement.classList.contains('stale')`, true)
		b.picture("lost-" + test.name)
		b.fits()
		if test.screen == tv {
			want(b, `document.scrollingElement.scrollHeight <= innerHeight`, true)
		}
		server.start()
		b.until(`text('#pulse') === 'Live' && text('#notice') === '' && !document.documentElement.classList.contains('stale')`)
		want(b, `text('h1')`, test.is)
		leave()
	}
}

// connected waits until the page has a stream, so that it shows an event.
func (b *tab) connected(s *shop) {
	b.t.Helper()
	before := js[string](b, `text('main')`)
	s.record("users/availability", false, 1)
	b.until(`text('#pulse') === 'Live' && text('main') !== ` + quoted(before))
}

// watch holds a stream open until the returned function ends it.
func watch(t *testing.T, url string) func() {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", url, response.Status)
	}
	return func() { _ = response.Body.Close() }
}

// TestBye ends the page as a shutdown does. The viewers learn it at once.
func TestBye(t *testing.T) {
	t.Parallel()
	shop := newShop(t, shopPromises...)
	page, err := statuspage.New(shop, &statuspage.Options{Title: "Shop"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(mount(page))
	t.Cleanup(server.Close)
	b := newTab(t, phone)
	// The page refuses streams after its end.
	b.expect(func(trouble string) bool { return strings.Contains(trouble, "/slo/events") })
	b.open(server.URL + "/slo/")
	b.connected(shop)
	page.Close()
	b.until(`text('#pulse') === 'Not live'`)
	b.picture("bye-phone")
}
