package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/sligo-go/sligo/sli"
)

// flagsOfOptions are the flags for the fields and parameters of promrules.
var flagsOfOptions = map[string]string{
	"Options.Dialect":        "dialect",
	"Options.Dashboard":      "dashboard",
	"Options.ScrapeInterval": "scrape-interval",
	"Options.QueryOffset":    "query-offset",
	"Options.ZonesFrom":      "zones-from",
	"Options.Scale":          "scale",
	"maxRules":               "max-rules",
	"namespace":              "namespace",
	"sourceTenants":          "source-tenant",
	"Name":                   "name",
	"Namespace":              "namespace",
	"Labels":                 "label",
	"Selector":               "selector",
	"Port":                   "port",
	"Path":                   "path",
	"Interval":               "scrape-interval",
}

// index is the rest of a path after the option.
var index = regexp.MustCompile(`\[.*`)

// optionErrors returns the mistakes in flags as a usage error, and otherwise
// err.
func optionErrors(err error) error {
	var wrong []string
	for _, e := range sli.Mistakes(err) {
		if flag, ok := flagsOfOptions[index.ReplaceAllString(e.Path, "")]; ok {
			wrong = append(wrong, fmt.Sprintf("--%s: %v", flag, e.Err))
		}
	}
	if wrong != nil {
		return usageErrorf("%s", strings.Join(wrong, "\n"))
	}
	return err
}
