package main

import (
	"strings"
	"testing"
	"time"
)

func TestDated(t *testing.T) {
	const head = "# Changelog\n\nEntries have a form.\n\n"
	date := time.Date(2026, 12, 1, 23, 0, 0, 0, time.UTC)
	tests := []struct{ name, changelog, want, mistake string }{
		{"first", head + "## v0.2.0 (unreleased)\n\n- [FIX] sli: it works.\n",
			head + "## v0.2.0 (2026-12-01)\n\n- [FIX] sli: it works.\n", ""},
		{"later", head + "## v0.2.0 (unreleased)\n\nText.\n\n- [FIX] sli: it works.\n\n## v0.1.0 (2026-11-01)\n",
			head + "## v0.2.0 (2026-12-01)\n\nText.\n\n- [FIX] sli: it works.\n\n## v0.1.0 (2026-11-01)\n", ""},
		{"no entry", head, "", "no entry"},
		{"another version", head + "## v0.3.0 (unreleased)\n\n- [FIX] sli: it works.\n", "", `is "## v0.3.0 (unreleased)": want "## v0.2.0 (unreleased)"`},
		{"released", head + "## v0.2.0 (2026-11-01)\n\n- [FIX] sli: it works.\n", "", "want"},
		{"no line", head + "## v0.2.0 (unreleased)\n\n## v0.1.0 (2026-11-01)\n\n- [FIX] sli: it works.\n", "", "no line"},
		{"twice", head + "## v0.2.0 (unreleased)\n\n- [FIX] sli: it works.\n\n## v0.2.0 (2026-11-01)\n", "", "two entries"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := dated(test.changelog, "v0.2.0", date)
			if got != test.want {
				t.Errorf("dated = %q, want %q", got, test.want)
			}
			if (err == nil) != (test.mistake == "") || err != nil && !strings.Contains(err.Error(), test.mistake) {
				t.Errorf("error %v, want %q", err, test.mistake)
			}
		})
	}
}
