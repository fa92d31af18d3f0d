package browser_test

import "testing"

// TestKeys walks over all pages with the keyboard alone.
func TestKeys(t *testing.T) {
	t.Parallel()
	url := serve(t, newShop(t, shopPromises...), shopOptions())
	b := newTab(t, desktop)
	b.open(url)

	b.press(tabKey)
	want(b, `document.activeElement.className`, "skip")
	want(b, `document.activeElement.getBoundingClientRect().top >= 0`, true)
	b.picture("keys-skip")
	b.press(enter)
	b.until(`location.hash === '#verdict' && document.activeElement.id === 'verdict'`)
	b.press(tabKey) // goes on behind the heading
	want(b, `document.activeElement.closest('.tools') !== null`, true)

	id := `document.activeElement.closest('.tile')?.id`
	b.press("j")
	want(b, id, "orders.checkout-availability")
	b.press("j")
	want(b, id, "users.availability")
	want(b, `document.activeElement.matches('h3 a')`, true)
	b.picture("keys-tile")
	b.press("j")
	b.press("k")
	want(b, id, "users.availability")
	b.press(enter)
	b.until(`location.pathname === '/slo/users/availability' && document.readyState === 'complete'`)
	b.press("u")
	b.until(`location.pathname === '/slo/' && $('#q') && document.readyState === 'complete'`)

	b.press("/")
	want(b, `document.activeElement.id + $('#q').value`, "q")
	for _, letter := range "jpwlatency" { // letters are text here
		b.press(string(letter))
	}
	want(b, `$('#q').value`, "jpwlatency")
	js[bool](b, `$('#q').value = 'latency', true`)
	b.press(enter)
	b.until(`location.search.includes('q=latency') && all('.tile').length === 3`)

	b.open(url)
	for _, by := range []string{"?by=service", "?by=journey", ""} {
		b.press("b")
		b.until(`location.search === '` + by + `' && document.readyState === 'complete' && $('.tile')`)
	}
	b.press("p")
	b.until(`location.search === '?pause=1' && text('#pulse') === 'Paused' && document.readyState === 'complete'`)
	b.press("p")
	b.until(`location.search === '' && text('#pulse') === 'Live' && document.readyState === 'complete'`)
	b.press("w")
	b.until(`location.search === '?view=wall' && $('#wall') && document.readyState === 'complete'`)
	b.press("u")
	b.until(`location.search === '' && $('#q') && document.readyState === 'complete'`)
	b.press("?")
	b.until(`location.pathname === '/slo/help' && document.readyState === 'complete'`)

	// The keys can be switched off, and stay off on other pages.
	js[bool](b, `$('#keys').click(), true`)
	b.open(url)
	b.press("j")
	b.press("w")
	b.press(tabKey)
	want(b, `location.pathname + document.activeElement.className`, "/slo/skip")
	b.open(url + "help")
	want(b, `$('#keys').checked`, false)
	js[bool](b, `$('#keys').click(), true`)
	b.press("u")
	b.until(`location.pathname === '/slo/' && $('#q')`)
}
