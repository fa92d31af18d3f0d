package statuspage_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/budget/statuspage"
)

// TestShutdownEndsStreams shuts one of two servers down while streams are open.
// Shutdown would wait for them without end.
func TestShutdownEndsStreams(t *testing.T) {
	page := open(t, healthyShop(), statuspage.Options{})
	first, second := httptest.NewServer(page), httptest.NewServer(page)
	defer second.Close()
	defer page.Close()
	ending, staying := listen(t, first.URL), listen(t, second.URL)
	another := listen(t, first.URL)
	for range 2 { // a second Shutdown does no harm
		if err := first.Config.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	for _, stream := range []io.Reader{ending, another} {
		if rest, err := io.ReadAll(stream); err != nil || !strings.Contains(string(rest), "event: bye\n") {
			t.Errorf("the stream ended with %q, %v", rest, err)
		}
	}
	page.Close()
	if rest, _ := io.ReadAll(staying); !strings.Contains(string(rest), "event: bye\n") {
		t.Errorf("the stream of the other server ended with %q", rest)
	}
}

// listen opens a stream and reads its first event.
func listen(t *testing.T, url string) io.Reader {
	t.Helper()
	res, err := http.Get(url + "/events")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	r := bufio.NewReader(res.Body)
	for line := ""; line != "event: hello\n"; {
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return r
}
