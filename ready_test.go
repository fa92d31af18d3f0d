package sligo_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo"
)

func TestReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true})
		admin := kit.Admin()
		want := func(status int, text string) {
			t.Helper()
			if gotStatus, got := get(admin, "/readyz"); gotStatus != status || got != text {
				t.Errorf("/readyz: %d %q, want %d %q", gotStatus, got, status, text)
			}
		}
		want(http.StatusOK, "ok\n")
		kit.Ready("database", func(context.Context) error { return errors.New("dial postgres://lora:secret@db: refused") })
		kit.Ready("cache", func(context.Context) error { panic("no cache") })
		want(http.StatusServiceUnavailable, "database: dial postgres://lora:REDACTED@db: refused\ncache: the check panicked: no cache\n")
		kit.Ready("cache", func(context.Context) error { return nil })
		kit.Ready("database", func(context.Context) error { return nil })
		want(http.StatusOK, "ok\n")

		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- kit.Run(ctx) }()
		cancel()
		synctest.Wait()
		want(http.StatusServiceUnavailable, "draining\n")
		if status, _ := get(admin, "/healthz"); status != http.StatusOK {
			t.Errorf("/healthz: %d while the service drains", status)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A check that hangs runs once, however many probes ask.
func TestReadyWithACheckThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := mustStart(t, sligo.Options{})
		release, runs := make(chan struct{}), atomic.Int32{}
		kit.Ready("database", func(context.Context) error { runs.Add(1); <-release; return nil })
		for range 3 {
			began := time.Now()
			status, text := get(kit.Admin(), "/readyz")
			if want := "database: the check has not returned in time\n"; status != http.StatusServiceUnavailable || text != want {
				t.Errorf("/readyz: %d %q, want 503 %q", status, text, want)
			}
			if took := time.Since(began); took != 5*time.Second {
				t.Errorf("/readyz took %v, want 5s", took)
			}
		}
		if n := runs.Load(); n != 1 {
			t.Errorf("the check ran %d times, want once", n)
		}
		close(release)
		synctest.Wait()
		if status, _ := get(kit.Admin(), "/readyz"); status != http.StatusOK {
			t.Errorf("/readyz: %d after the check has returned", status)
		}
	})
}
