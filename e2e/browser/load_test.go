package browser_test

import (
	"bufio"
	"context"
	"flag"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// loadTime is how long the customers of TestShopUnderLoad call the shop.
var loadTime = flag.Duration("load", 3*time.Second, "length of the load test of the shop")

// TestShopUnderLoad lets customers make 2,000 calls a second while 50 viewers
// watch the page of the shop, and one reads nothing. The shop ends with an
// error if it did not count each event. The test logs how long overviews took.
func TestShopUnderLoad(t *testing.T) {
	admin := startShop(t, "-rate", "2000", "-customers", "200", "-traffic", loadTime.String())
	watchWithoutReading(t, admin)
	ctx, leave := context.WithCancel(t.Context())
	var updates [50]atomic.Int64
	var watching sync.WaitGroup
	for i := range updates {
		watching.Go(func() { watchStream(ctx, t, admin, i, &updates[i]) })
	}
	defer watching.Wait()
	defer leave()

	start := time.Now()
	var renders []time.Duration
	var heaps []float64
	for time.Since(start) < *loadTime || len(heaps) < 4 {
		began := time.Now()
		get(t, admin+"slo/")
		renders = append(renders, time.Since(began))
		if len(renders)%10 == 0 {
			heaps = append(heaps, sum(t, admin, "go_memstats_heap_inuse_bytes"))
		}
		time.Sleep(20 * time.Millisecond)
	}
	served := sum(t, admin, "http_server_request_duration_seconds_count") + sum(t, admin, "rpc_server_call_duration_seconds_count")
	took := time.Since(start)

	eventually(t, "each viewer has seen an update", func() bool {
		for i := range updates {
			if updates[i].Load() == 0 {
				return false
			}
		}
		return true
	})
	// A scrape in the middle of a cycle sees garbage, so the least of many
	// counts.
	half := len(heaps) / 2
	first, last := slices.Min(heaps[:half]), slices.Min(heaps[half:])
	if last > 1.5*first+16<<20 {
		t.Errorf("the heap grew from %.0f to %.0f bytes", first, last)
	}
	slices.Sort(renders)
	t.Logf("%.0f requests a second for %v; %d overviews: p50 %v, p99 %v; heap %.1f, then %.1f MiB", served/took.Seconds(),
		took.Round(time.Second), len(renders), renders[len(renders)/2], renders[len(renders)*99/100], first/(1<<20), last/(1<<20))
}

// watchStream counts the updates of a view until the context ends.
func watchStream(ctx context.Context, t *testing.T, admin string, i int, updates *atomic.Int64) {
	views := []string{"lang=en", "lang=ko", "lang=en&view=wall", "lang=en&page=users/availability", "lang=en&by=service"}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, admin+"slo/events?"+views[i%len(views)], nil)
	if err != nil {
		t.Error(err)
		return
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("viewer %d: %s", i, response.Status)
	}
	lines := bufio.NewReader(response.Body)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		if strings.HasPrefix(line, "event: ") {
			updates.Add(1)
		}
	}
}

// watchWithoutReading opens a stream and reads nothing from it.
func watchWithoutReading(t *testing.T, admin string) {
	t.Helper()
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	if _, err := io.WriteString(connection, "GET /slo/events?lang=en HTTP/1.1\r\nHost: "+u.Host+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
}

// get returns the body of a page.
func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, response.Status, err)
	}
	return string(body)
}

// sum adds up the series of a metric of the shop.
func sum(t *testing.T, admin, metric string) float64 {
	t.Helper()
	var total float64
	found := false
	for line := range strings.Lines(get(t, admin+"metrics")) {
		if strings.HasPrefix(line, metric+" ") || strings.HasPrefix(line, metric+"{") {
			fields := strings.Fields(line)
			value, err := strconv.ParseFloat(fields[len(fields)-1], 64)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			total, found = total+value, true
		}
	}
	if !found {
		t.Fatalf("the metrics lack %s", metric)
	}
	return total
}
