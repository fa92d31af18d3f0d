package rules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sligo-go/sligo/e2e/rules/lab"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// alertmanager is a real Alertmanager whose notifications a web hook receives.
type alertmanager struct {
	url  string
	mu   sync.Mutex
	sent []notification
}

// A notification is the message about one group of alerts.
type notification struct {
	Status string // firing or resolved
	Alerts []struct {
		Status string
		Labels map[string]string
	}
}

// minute is how long a simulated minute takes in the real Alertmanager.
const minute = 300 * time.Millisecond

// startAlertmanager starts Debian's Alertmanager with inhibit rules. It waits a
// minute before it notifies, because the groups of two indicators are evaluated
// in different seconds.
func startAlertmanager(t *testing.T, inhibit []byte) *alertmanager {
	t.Helper()
	a := &alertmanager{}
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var n notification
		if err := json.Unmarshal(body, &n); err != nil {
			t.Error(err)
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.sent = append(a.sent, n)
	}))
	t.Cleanup(hook.Close)
	dir := t.TempDir()
	config := filepath.Join(dir, "alertmanager.yml")
	writeFile(t, config, fmt.Appendf(nil, `
route:
  receiver: hook
  group_by: [sli_service, sli, slo]
  group_wait: %dms
  group_interval: %dms
  repeat_interval: 12h
receivers:
  - name: hook
    webhook_configs: [{url: %q, send_resolved: false}]
%s`, minute.Milliseconds(), (5*minute).Milliseconds(), hook.URL, inhibit))
	amtool := exec.Command(debian(t, "amtool", "prometheus-alertmanager"), "check-config", config)
	if out, err := amtool.CombinedOutput(); err != nil {
		t.Fatalf("amtool check-config: %v\n%s", err, out)
	}
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	a.url = "http://" + address
	start(t, a.url+"/-/ready", debian(t, "prometheus-alertmanager", "prometheus-alertmanager"),
		"--config.file="+config, "--storage.path="+filepath.Join(dir, "data"), "--web.listen-address="+address,
		"--cluster.listen-address=")
	return a
}

// A change is the moment at which an alert begins to fire, or is resolved.
type change struct {
	at       time.Time
	labels   map[string]string
	resolved bool
}

// changes returns the changes in the order of their times.
func changes(p *lab.Pager) []change {
	var all []change
	for _, e := range p.Episodes {
		all = append(all, change{e.Fired, e.Labels.Map(), false})
		if !e.Resolved.IsZero() {
			all = append(all, change{e.Resolved, e.Labels.Map(), true})
		}
	}
	slices.SortStableFunc(all, func(a, b change) int { return a.at.Compare(b.at) })
	return all
}

// replay posts the changes in simulated time.
func (a *alertmanager) replay(t *testing.T, all []change) {
	t.Helper()
	began := time.Now()
	for _, c := range all {
		time.Sleep(time.Until(began.Add(time.Duration(float64(c.at.Sub(all[0].at)) * float64(minute) / float64(time.Minute)))))
		a.post(t, c)
	}
	time.Sleep(10 * minute) // the last group may wait
}

// post sends an alert as Prometheus does. It begins now: simulated time is far
// from Alertmanager's.
func (a *alertmanager) post(t *testing.T, c change) {
	t.Helper()
	alert := map[string]any{"labels": c.labels, "startsAt": time.Now()}
	if c.resolved {
		alert["endsAt"] = time.Now()
	}
	body, err := json.Marshal([]any{alert})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(a.url+"/api/v2/alerts", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s: %s", resp.Status, text)
	}
}

// notifications returns the messages so far.
func (a *alertmanager) notifications() []notification {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]notification(nil), a.sent...)
}

// TestOneNotification has an incident of a service and of another one that
// depends on it. The first one also has a contract, whose budget is larger. All
// burn fast enough for every page and ticket. People must
// be notified once, about the cause, also in the hours after the incident.
func TestOneNotification(t *testing.T) {
	t.Parallel()
	cause, dependent := objective("99.9%"), objective("99.9%")
	cause.Indicator.Service, cause.Tier = "payments", "1"
	dependent.Tier, dependent.DependsOn = "2", []string{cause.ID()}
	contract := cause
	contract.Name, contract.Target = "contract", slo.MustParseTarget("99.8%")
	rules, err := promrules.Generate([]slo.Objective{dependent, cause, contract}, nil)
	if err != nil {
		t.Fatal(err)
	}
	scenario := lab.Scenario{
		Name: "cascade", Traffic: steady(10, 0.0001), Incidents: []lab.Span{span("03:00", 40*time.Minute, 0.3)},
	}
	payments := shop()
	payments["sli_service"] = "payments"
	var pager lab.Pager
	tell(t, lab.Run{
		Fleets: []lab.Fleet{
			{Scenario: scenario, Pods: 2, Scrape: 30 * time.Second, Labels: shop()},
			{Scenario: scenario, Pods: 2, Scrape: 30 * time.Second, Labels: payments},
		},
		Length: 12 * time.Hour,
		Rules:  []lab.RuleFile{{Path: "/etc/prometheus/rules/shop.yml", Text: rules.YAML()}},
	}, func(_ *testing.T, _ *lab.Lab, p *lab.Pager) { pager = *p })

	fired := make(map[string]bool)
	for _, e := range pager.Episodes {
		fired[e.Labels.Get("sli_service")+"/"+e.Labels.Get("slo")+" "+e.Severity()+" "+e.Labels.Get("long")] = true
	}
	for _, want := range []string{
		"shop/availability page 1h", "shop/availability page 6h", "payments/availability page 1h", "payments/availability page 6h",
		"payments/contract page 1h", "payments/contract page 6h",
	} {
		if !fired[want] {
			t.Errorf("no %s fired: the story shows nothing", want)
		}
	}
	a := startAlertmanager(t, rules.Inhibit())
	a.replay(t, changes(&pager))
	sent := a.notifications()
	if len(sent) != 1 || len(sent[0].Alerts) != 1 || sent[0].Alerts[0].Labels["sli_service"] != "payments" ||
		sent[0].Alerts[0].Labels["slo"] != "availability" {
		t.Errorf("%d notifications, want one about payments/availability: %+v", len(sent), sent)
	}
}
