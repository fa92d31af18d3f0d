package text_test

import (
	"os"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

// TestEveryRuleFindsItsKey makes a random key of each rule's form.
func TestEveryRuleFindsItsKey(t *testing.T) {
	f := newFinder()
	samples := text.Samples()
	if len(samples) < 400 {
		t.Errorf("there are %d rules, want 400 or more", len(samples))
	}
	for _, s := range samples {
		lines := []string{"the key " + s.Key + " was used", "https://a.example/" + s.Key, "key-name: '" + s.Key + "'"}
		if s.Name != "" {
			lines = []string{s.Name + ": " + s.Key, "X_" + strings.ToUpper(s.Name) + `_VALUE="` + s.Key + `"`}
		}
		for _, line := range lines {
			if got := f.Redact(line); strings.Contains(got, s.Key) {
				t.Errorf("rule %s: Redact(%q) = %q", s.Rule, line, got)
			}
		}
	}
}

// TestVendorKeys has keys as the documentation of their vendors shows them.
func TestVendorKeys(t *testing.T) {
	f := newFinder()
	for _, key := range []string{
		"sk-ant-api03-" + strings.Repeat("aB3_", 23) + "xAA", "glpat-aB3dE6gH9jK1mN4pQ7rS0tU2vW5.01a1b2c3d", "hvs.CAESIJ1" + strings.Repeat("a1B2", 22),
		"abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789ab", "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6-us21", "Ab3dE6_" + strings.Repeat("a", 28) + "1_mmk",
		"MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs", "aB3dE6gH9jK1mN.atlasv1." + strings.Repeat("aB3", 22),
		"1234567890123456|aBcDeFgHiJkLmNoPqRsTuVwXyZ0", "00D5g00000A1b2C!AQ8AQ" + strings.Repeat("aB3.", 20), "re_123abcDE_aB3dE6gH9jK1mN4pQ7rS0tU2",
		"access_token$production$x0y1z2x0y1z2x0y1$0123456789abcdef0123456789abcdef", "A3-AB1CD2-EF3GH4-IJ5KL-MN6OP-QR7ST-UV8WX",
		"AGE-SECRET-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE", "xnd_production_aB3dE6gH9jK1mN4pQ7rS", "pcsk_aB3dE6_gH9jK1mN4pQ7rS0tU2vW5xY8",
	} {
		if got, want := f.Redact("got "+key+" back"), "got "+text.Replacement+" back"; got != want {
			t.Errorf("Redact of %q = %q", key, got)
		}
	}
}

// TestNotVendorKeys has words that start as keys do, and values beside the name
// of a vendor that are not keys.
func TestNotVendorKeys(t *testing.T) {
	f := newFinder()
	for _, s := range []string{
		"live_session_started_for_the_second_time", "test_redaction_of_long_words_with_2_numbers", "pat-response to sk-learn-models-in-production",
		"SK-II", "re_index_of_all_2_shards_started_now", "datadog agent: started", "sentry: event captured", "hf_transfer_enabled_for_the_model",
		"jira_commit=0123456789abcdef01234567", "fastly_request_id: 0123456789abcdef0123456789abcdef", "heroku dyno: 550e8400-e29b-41d4-a716-446655440000",
		"twitter: see https://a.example/status", "api-gateway-v2-production-eu-west-1", "secret_scanning_alerts_are_enabled_for_all",
		"pk_live_is_public", "A3-sized paper", "EAA countries", "glpat- is the prefix", "dapi-service listens", "1234567890123456|GET /",
		"npm_config_registry_is_not_set_in_this_build", "okta: connection established to 2 servers", "sl.no.of.records.in.the.file.2",
		"confluent-kafka-go v2.3.0 connected", "asana sync: 0123 of 4567 tasks", "linear: 20241116",
	} {
		if got := f.Redact(s); got != s {
			t.Errorf("Redact(%q) = %q, want it unchanged", s, got)
		}
	}
}

// TestNotice checks that the license of the rules is with them.
func TestNotice(t *testing.T) {
	b, err := os.ReadFile("../../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"gitleaks", "v8.30.1", "Copyright (c) 2019 Zachary Rice", "Permission is hereby granted"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("NOTICE lacks %q", want)
		}
	}
	data, err := os.ReadFile("gitleaks.txt")
	if err != nil {
		t.Fatal(err)
	}
	if head, _, _ := strings.Cut(string(data), "\n"); !strings.Contains(head, "v8.30.1 of 2026-02-21") {
		t.Errorf("gitleaks.txt starts with %q", head)
	}
}
