package sligo

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// setting is a part of the kit as it was set up, and the source of its value:
// "default", "config" for an option, or "env" with the names of variables.
type setting struct{ name, value, source string }

const (
	byDefault = "default"
	byConfig  = "config"
)

// configured returns the setting of an option whose zero value means a default.
func configured(name, option, otherwise string) setting {
	if option == "" {
		return setting{name, otherwise, byDefault}
	}
	return setting{name, option, byConfig}
}

// settingOf returns the setting of a duration. The value differs from the
// option if it is the default or had to be limited.
func settingOf(name string, value, option time.Duration) setting {
	s := setting{name, value.String(), byConfig}
	if option == 0 {
		s.source = byDefault
	}
	return s
}

// String returns the value and its source: "3s (default)".
func (s setting) String() string {
	if s.source == "" {
		return s.value
	}
	return s.value + " (" + s.source + ")"
}

// String returns the settings of the kit, one per line, and then its warnings.
// Each value has its source: default, config for an option, or env for
// variables. An exporter with a String method, such as this module's, is
// shown with its receiver. [Kit.Run] logs the settings as one line.
func (k *Kit) String() string {
	var b strings.Builder
	for _, s := range k.settingsNow() {
		fmt.Fprintf(&b, "%-11s %s\n", s.name+":", s)
	}
	for _, w := range k.warnings {
		fmt.Fprintf(&b, "%-11s %s\n", "warning:", w)
	}
	return b.String()
}

// settingsNow returns the settings, with the address on which the admin
// listener listens.
func (k *Kit) settingsNow() []setting {
	all := make([]setting, len(k.settings))
	copy(all, k.settings)
	for i := range all {
		switch all[i].name {
		case "metrics":
			all[i].value = adminURL(all[i].value, k.adminAddress.Load(), metricsPath)
		case "page":
			all[i].value = adminURL(all[i].value, k.adminAddress.Load(), pagePath)
		}
	}
	return all
}

// announce logs the settings and the warnings.
func (k *Kit) announce() {
	var attrs []slog.Attr
	for _, s := range k.settingsNow() {
		attrs = append(attrs, slog.String(s.name, s.String()))
	}
	k.say(slog.LevelInfo, "Service started", attrs...)
	for _, w := range k.warnings {
		k.say(slog.LevelWarn, w)
	}
}

// adminURL returns the URL of a path below the admin address. It prefers the
// bound address, because the configured port can be 0. An empty bound address
// means that the listener failed.
func adminURL(configured string, bound *string, path string) string {
	switch {
	case configured == noAdmin:
		return "no listener, see Kit.Admin"
	case bound != nil && *bound == "":
		return "none: cannot listen on " + configured
	case bound != nil:
		configured = *bound
	}
	if everywhere := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(configured, "[::]"), "0.0.0.0"), "[::0]"); strings.HasPrefix(everywhere, ":") {
		return "http://localhost" + everywhere + path + ", on every address"
	}
	return "http://" + configured + path
}
