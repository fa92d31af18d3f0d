package logging_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// TestMessagesSeenBefore logs more messages than are remembered, with
// secrets among them, again and again from several goroutines.
func TestMessagesSeenBefore(t *testing.T) {
	var out lockedBuilder
	l := slog.New(mustNew(t, &out, nil))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for round := range 4 {
				for i := range 600 {
					l.Info(fmt.Sprintf("message %c%d", 'a'+round, i))
					// Texts of equal length from one call site.
					for _, m := range []string{"password expired", "password=hunter2"} {
						l.Info(m)
					}
					l.Info("a \"quoted\"\nmessage")
				}
			}
		})
	}
	wg.Wait()
	got := out.String()
	for want, n := range map[string]int{`"message":"password=REDACTED"`: 9600, `"message":"password expired"`: 9600, `"message":"a \"quoted\"\nmessage"`: 9600, `"message":"message b17"`: 4, `"message":"message d599"`: 4} {
		if c := strings.Count(got, want); c != n {
			t.Errorf("%s occurs on %d lines, want %d", want, c, n)
		}
	}
}

type lockedBuilder struct {
	mu sync.Mutex
	strings.Builder
}

func (b *lockedBuilder) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.Write(p)
}
