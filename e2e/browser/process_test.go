package browser_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestShopFaults makes the services of examples/shop fail while somebody
// watches the pages of all services and of one.
func TestShopFaults(t *testing.T) {
	t.Parallel()
	admin := startShop(t)
	b := newTab(t, desktop)
	b.open(admin + "slo/")
	const (
		sli = `parseFloat(text('[id="users.availability"] .big'))`
		bad = `parseInt(text('[id="users.availability"] .budget .meta').replaceAll(',', ''))`
	)
	b.until(sli + ` === 100`)
	want(b, bad, 0)
	want(b, `text('[id="users.availability"] .facts').endsWith('Alerts Not judged yet')`, true)
	b.picture("shop-before")
	inject(t, admin, "50%")
	b.until(sli + ` < 90 && ` + bad + ` > 20`)
	b.picture("shop-faults")
	b.open(admin + "users/slo/users/availability")
	count := js[string](b, `text('#strip')`)
	b.until(`text('#strip') !== ` + quoted(count))
	b.picture("shop-sheet")
	inject(t, admin, "0%")
}

// inject sets the share of requests that users fails to answer.
func inject(t *testing.T, admin, share string) {
	t.Helper()
	response, err := http.PostForm(admin, url.Values{"users.errors": {share}})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the control page: %s", response.Status)
	}
}

// startShop starts examples/shop and returns the URL of its admin address. The
// shop ends with the test, and must have counted each event.
func startShop(t *testing.T, args ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "shop")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "examples", "shop")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	args = append([]string{"-addr", "127.0.0.1:0", "-admin", "127.0.0.1:0", "-rate", "40", "-every", "1h"}, args...)
	shop := exec.Command(program, args...)
	var output bytes.Buffer
	shop.Stderr = &output
	stdout, err := shop.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shop.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	var admin string
	if lines.Scan() {
		_, err = fmt.Sscanf(lines.Text(), "admin: %s", &admin)
	}
	t.Cleanup(func() {
		_ = shop.Process.Signal(os.Interrupt)
		var last []string
		for lines.Scan() {
			last = append(last, lines.Text())
		}
		if err := shop.Wait(); err != nil {
			t.Errorf("the shop: %v\n%s\n%s", err, strings.Join(last, "\n"), output.Bytes())
		}
	})
	if err != nil || admin == "" {
		t.Fatalf("the shop has no admin address: %v, %v", lines.Err(), err)
	}
	return admin
}
