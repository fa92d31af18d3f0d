package browser_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is the time after which a test gives a condition up. It is long,
// because a busy machine is slow.
const patience = 60 * time.Second

// chromium is the browser of all tests, which the first one starts. Each test
// has a tab with a profile of its own.
var chromium struct {
	once sync.Once
	ctx  context.Context
	err  error
	stop func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

func startChromium() {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		// Root, and containers without user namespaces, have no sandbox.
		chromedp.NoSandbox,
		chromedp.Flag("lang", "en-US"),
		// Without hints, text has the same width everywhere.
		chromedp.Flag("font-render-hinting", "none"),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	chromium.ctx, _ = chromedp.NewContext(allocator)
	chromium.stop = stop
	chromium.err = chromedp.Do(chromium.ctx)
}

// screen is the device that a tab pretends to be.
type screen struct {
	width, height int64
	dark          bool
	phone         bool   // touch, and the pixels of a phone
	media         string // "print", or empty for a screen
	forced        bool   // forced colors
}

var (
	desktop = screen{width: 1280, height: 800}
	dark    = screen{width: 1280, height: 800, dark: true}
	phone   = screen{width: 390, height: 844, phone: true}
	narrow  = screen{width: 320, height: 640}
	tv      = screen{width: 1920, height: 1080}
)

// tab is a tab of the browser. It collects everything that the browser
// complains about, and a test fails at its end if there is anything.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	troubles []string
	expected func(trouble string) bool // nil means none
}

func newTab(t *testing.T, s screen) *tab {
	t.Helper()
	chromium.once.Do(startChromium)
	if chromium.err != nil {
		t.Fatalf("cannot start Chromium, of Debian's package chromium: %v", chromium.err)
	}
	ctx, cancel := context.WithTimeout(chromium.ctx, 2*patience)
	t.Cleanup(cancel)
	ctx, end := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	b := &tab{t: t, ctx: ctx}
	b.must(chromedp.Listen(ctx, b.listen))
	call(b, audits.Enable, cdp.Empty{})
	call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	b.becomes(s)
	t.Cleanup(func() {
		for _, trouble := range b.complaints() {
			t.Errorf("the browser complains: %s", trouble)
		}
	})
	return b
}

// call runs a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	b.must(err)
	return result
}

func (b *tab) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// becomes changes the device of the tab.
func (b *tab) becomes(s screen) {
	b.t.Helper()
	metrics := emulation.SetDeviceMetricsOverrideParams{Width: s.width, Height: s.height, DeviceScaleFactor: 1}
	if s.phone {
		metrics.Mobile, metrics.DeviceScaleFactor = true, 2
		call(b, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
	}
	call(b, emulation.SetDeviceMetricsOverride, metrics)
	media := emulation.SetEmulatedMediaParams{Media: s.media, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: "light"}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	if s.dark {
		media.Features[0].Value = "dark"
	}
	if s.forced {
		media.Features = append(media.Features, &emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	}
	call(b, emulation.SetEmulatedMedia, media)
}

// listen remembers complaints: errors and warnings of the console, exceptions,
// failed requests, and issues such as violations of the security policy.
func (b *tab) listen(event any) {
	var trouble string
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type != "error" && e.Type != "warning" && e.Type != "assert" {
			return
		}
		trouble = "console: " + string(e.Type)
		for _, arg := range e.Args {
			trouble += " " + string(arg.Value)
		}
	case *runtime.EventExceptionThrown:
		trouble = "exception: " + e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			trouble += " " + x.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != "error" && e.Entry.Level != "warning" {
			return
		}
		trouble = fmt.Sprintf("log: %s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
	case *audits.EventIssueAdded:
		trouble = "issue: " + string(e.Issue.Code)
		if csp := e.Issue.Details.ContentSecurityPolicyIssueDetails; csp != nil {
			trouble += fmt.Sprintf(": %s blocks %q", csp.ViolatedDirective, csp.BlockedURL)
		}
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.expected == nil || !b.expected(trouble) {
		b.troubles = append(b.troubles, trouble)
	}
}

// expect allows complaints.
func (b *tab) expect(match func(trouble string) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expected = match
}

// complaints returns and forgets the complaints so far.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	troubles := b.troubles
	b.troubles = nil
	return troubles
}
