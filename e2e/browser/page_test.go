package browser_test

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// open loads a page and waits until it is complete.
func (b *tab) open(url string) {
	b.t.Helper()
	b.must(chromedp.Do(b.ctx, chromedp.Navigate(url)))
	b.until(`document.readyState === 'complete' && document.fonts.status === 'loaded'`)
}

// js evaluates an expression. $ finds an element by a selector, and text
// returns its visible text with plain spaces.
func js[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := evaluate[T](b, expression)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func evaluate[T any](b *tab, expression string) (T, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[T](`(() => {
		const $ = s => document.querySelector(s), all = s => [...document.querySelectorAll(s)];
		const text = s => $(s)?.innerText.replace(/[\u00a0\s]+/g, ' ').replace(/[\u2066-\u2069]/g, '').trim();
		return `+expression+`;
	})()`, chromedp.EvalAwaitPromise))
}

// until waits until an expression is true.
func (b *tab) until(expression string) {
	b.t.Helper()
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var ok bool
		// While a page loads, the old one can be gone.
		if ok, err = evaluate[bool](b, `!!(`+expression+`)`); err == nil && ok {
			return
		}
	}
	b.picture(b.t.Name() + "-failed")
	b.t.Fatalf("not true after %v: %s (%v)\nat %s\n%s", patience, expression, err, js[string](b, `location.href`), js[string](b, `text('body')`))
}

// want checks the value of an expression.
func want[T comparable](b *tab, expression string, want T) {
	b.t.Helper()
	if got := js[T](b, expression); got != want {
		b.t.Errorf("%s: got %v, want %v", expression, got, want)
	}
}

// click clicks on an element with the mouse.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.must(chromedp.Do(b.ctx, chromedp.Click(chromedp.CSS(selector))))
}

// press types a key: a letter, or one of the names below.
func (b *tab) press(key string) {
	b.t.Helper()
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key}
	switch key {
	case enter:
		down.Text, down.Code, down.WindowsVirtualKeyCode = "\r", key, 13
	case tabKey:
		down.Text, down.Code, down.WindowsVirtualKeyCode = "", key, 9
	}
	call(b, input.DispatchKeyEvent, down)
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, Code: down.Code, WindowsVirtualKeyCode: down.WindowsVirtualKeyCode})
}

const (
	tabKey = "Tab"
	enter  = "Enter"
)

// fits checks that nobody has to scroll sideways.
func (b *tab) fits() {
	b.t.Helper()
	if wide := js[string](b, `(w => all('body *').filter(e => e.getBoundingClientRect().right > w + 1 && !e.closest('.scroll, .sr, .skip, svg *'))
		.map(e => e.tagName + '.' + e.className + '#' + e.id).join(' '))(innerWidth)`); wide != "" {
		b.t.Errorf("wider than the screen: %s", wide)
	}
	want(b, `document.scrollingElement.scrollWidth <= innerWidth`, true)
}

// picture takes a picture of the whole page, and keeps it in the folder that
// SLIGO_SCREENSHOTS names.
func (b *tab) picture(name string) []byte {
	b.t.Helper()
	data, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	b.must(err)
	picture, err := png.DecodeConfig(bytes.NewReader(data))
	b.must(err)
	if width := js[int](b, `innerWidth * devicePixelRatio`); picture.Width != width {
		b.t.Errorf("picture %s is %d pixels wide, and the screen %d", name, picture.Width, width)
	}
	keep(b.t, name+".png", data)
	return data
}

// keep writes a file into the folder of pictures.
func keep(t *testing.T, name string, data []byte) {
	t.Helper()
	folder := os.Getenv("SLIGO_SCREENSHOTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, filepath.Base(fmt.Sprint(name))), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// eventually waits until a check succeeds.
func eventually(t *testing.T, name string, check func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !check(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not true after %v: %s", patience, name)
		}
	}
}
