package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

// TestPrometheusEqualsTheClientsTally runs the shop with every fault under a
// real Prometheus. The counts in Prometheus must equal the tally of the shop's
// clients to the event.
func TestPrometheusEqualsTheClientsTally(t *testing.T) {
	shop := startShop(t, "-traffic", "8s", "-rate", "400", "-errors", "5%", "-slow", "5%", "-panics", "5%", "-hangups", "5%")
	prom := startPrometheus(t, shop.address, "")

	eventually(t, func() error {
		if shop.tally(t).Traffic {
			return errors.New("there is still traffic")
		}
		return nil
	})
	want := shop.tally(t).Clients
	for id, clients := range want {
		if clients.Valid < 50 || clients.Bad() == 0 {
			t.Errorf("%s: clients counted %v, want at least 50 and one of them bad", id, clients)
		}
	}
	eventually(t, func() error { // Prometheus scrapes each second
		got := make(map[string]sli.Counts)
		for id, valid := range prom.query(t, "sli_valid_events_total", "sli_service", "sli") {
			got[id] = sli.Counts{Valid: valid}
		}
		for id, good := range prom.query(t, "sli_good_events_total", "sli_service", "sli") {
			got[id] = sli.Counts{Good: good, Valid: got[id].Valid}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			return errors.New("clients and Prometheus differ (-clients +Prometheus):\n" + diff)
		}
		return nil
	})

	// The histogram and the SLI of a route count the same requests, except
	// requests of clients that disconnected.
	served := prom.query(t, `sum by (http_route) (http_server_request_duration_seconds_count{error_type!="canceled"})`, "http_route")
	for id, route := range map[string]string{
		"users/availability": "/users/{userid}", "orders/availability": "/orders/users/{userid}",
		"shop/search": "/search", "shop/detail": "/products/{product}",
	} {
		if got := served[route]; got != want[id].Valid {
			t.Errorf("the histogram of %s has %d requests, %s has %v", route, got, id, want[id])
		}
	}
	calls := prom.query(t, `sum by (rpc_method) (rpc_server_call_duration_seconds_count{error_type!="canceled"})`, "rpc_method")
	if diff := cmp.Diff(map[string]uint64{"shop.Shipping/Track": want["shipping/availability"].Valid}, calls); diff != "" {
		t.Errorf("the histogram of shipping differs from its SLI (-SLI +histogram):\n%s", diff)
	}
	eventually(t, func() error { // a handler may outlive its client
		if active := prom.query(t, "sum(http_server_active_requests)"); active[""] != 0 {
			return fmt.Errorf("%d requests are active after the last", active[""])
		}
		return nil
	})
}

// TestExpositionIsSound checks the exposition of the shop with promtool.
func TestExpositionIsSound(t *testing.T) {
	shop := startShop(t, "-errors", "5%", "-panics", "5%")
	var exposed []byte
	eventually(t, func() error {
		var err error
		if exposed, err = get("http://" + shop.address + "/metrics"); err != nil {
			return err
		}
		if !bytes.Contains(exposed, []byte(`error_type="panic"`)) {
			return errors.New("no panic was counted yet")
		}
		return nil
	})
	promtool := exec.Command("promtool", "check", "metrics")
	promtool.Stdin = bytes.NewReader(exposed)
	if out, err := promtool.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

type shop struct{ address string }

// tally has the counts of the shop's clients by indicator.
type tally struct {
	Traffic bool
	Clients map[string]sli.Counts
}

func startShop(t *testing.T, flags ...string) shop {
	t.Helper()
	out := bufio.NewReader(start(t, build(t, "examples/shop"), append(flags, "-addr", "127.0.0.1:0", "-admin", "127.0.0.1:0")...))
	first, err := out.ReadString('\n')
	if err != nil {
		t.Fatalf("the shop did not start: %v", err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // the shop must not block
	var s shop
	if _, err := fmt.Sscanf(first, "admin: http://%s ", &s.address); err != nil {
		t.Fatalf("the shop's first line is %q: %v", first, err)
	}
	s.address = strings.TrimSuffix(s.address, "/")
	return s
}

func (s shop) tally(t *testing.T) tally {
	t.Helper()
	body, err := get("http://" + s.address + "/tally")
	if err != nil {
		t.Fatal(err)
	}
	var parsed tally
	if err := json.Unmarshal(body, &parsed); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return parsed
}

type promServer struct{ address string }

// startPrometheus starts a Prometheus that scrapes an address and evaluates the
// rules of a rule file each second. The rules may be empty.
func startPrometheus(t *testing.T, target, rules string) promServer {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	writeFile(t, config, fmt.Sprintf(`
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs: [{job_name: sligo, honor_labels: true, static_configs: [{targets: [%q]}]}]
`, target))
	writeFile(t, filepath.Join(dir, "rules.yml"), rules)
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	start(t, "prometheus", "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address)
	eventually(t, func() error {
		_, err := get("http://" + address + "/-/ready")
		return err
	})
	return promServer{address}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// query returns the instant vector of a query by the values of the labels,
// joined with slashes.
func (p promServer) query(t *testing.T, promql string, labels ...string) map[string]uint64 {
	t.Helper()
	body, err := get("http://" + p.address + "/api/v1/query?query=" + url.QueryEscape(promql))
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any // time, value as text
			}
		}
	}
	if err := json.Unmarshal(body, &parsed); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	values := make(map[string]uint64)
	for _, sample := range parsed.Data.Result {
		var key []string
		for _, label := range labels {
			key = append(key, sample.Metric[label])
		}
		value, err := strconv.ParseUint(sample.Value[1].(string), 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", promql, err)
		}
		values[strings.Join(key, "/")] = value
	}
	return values
}
