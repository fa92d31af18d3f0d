package post_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sligo-go/sligo/tracing/internal/post"
)

// TestBufferIsNotReusedWhileItIsRead uses a transport that responds at once and
// reads the request's body later, as HTTP/2 may.
func TestBufferIsNotReusedWhileItIsRead(t *testing.T) {
	for _, zipped := range []bool{false, true} {
		var wg sync.WaitGroup
		var mu sync.Mutex
		bodies := make(map[int]string)
		n := 0
		c := client(roundTrip(func(r *http.Request) (*http.Response, error) {
			i := n
			n++
			wg.Go(func() {
				time.Sleep(10 * time.Millisecond)
				text, _ := io.ReadAll(r.Body)
				if zipped {
					if z, err := gzip.NewReader(bytes.NewReader(text)); err == nil {
						text, _ = io.ReadAll(z)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				bodies[i] = string(text)
			})
			return httptest.NewRecorder().Result(), nil
		}))
		c.Gzip, c.MaxBytes = zipped, 1<<20
		for i := range 20 {
			if _, err := c.Send(t.Context(), body(strings.Repeat(fmt.Sprintf("%02d", i), 10_000))); err != nil {
				t.Fatal(err)
			}
		}
		wg.Wait()
		for i := range 20 {
			if want := strings.Repeat(fmt.Sprintf("%02d", i), 10_000); bodies[i] != want {
				t.Errorf("request %d has the body %.10q…", i, bodies[i])
			}
		}
	}
}

// TestBufferIsReused counts the memory of many requests.
func TestBufferIsReused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer server.Close()
	c := client(post.NewTransport(nil))
	defer c.Close()
	c.URL, c.MaxBytes = server.URL, 10<<20
	text := body(strings.Repeat("x", 4<<20))
	least := uint64(math.MaxUint64)
	for range 20 { // a collection of garbage may take the buffer away
		least = min(least, allocated(func() {
			if _, err := c.Send(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}))
	}
	if least > 2<<20 {
		t.Errorf("a request of 4 MiB allocates %d bytes", least)
	}
}

// allocated returns the bytes that a function and the goroutines beside it
// allocate.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
