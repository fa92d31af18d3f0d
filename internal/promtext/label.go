package promtext

import (
	"fmt"
	"strings"
)

// ownLabels are the labels that the library gives to series and alerts, and
// the field of an objective that each comes from.
var ownLabels = map[string]string{
	LabelService: "Indicator.Service",
	LabelGroup:   "Indicator.Groups",
	LabelSLI:     "Indicator.Name",
	LabelSLO:     "Name",
	LabelWindow:  "Window",
	LabelKind:    "Indicator.Kind",
	LabelJourney: "Indicator.Journey",
	LabelOwner:   "Owner",
	LabelTier:    "Tier",
	LabelTarget:  "Target",
	LabelStage:   "Stage",
	LabelReason:  "Indicator.Valid",

	LabelSeverity: "Alerts",
	LabelIntended: "Alerts",
	LabelLong:     "Alerts",
	LabelShort:    "Alerts",
	"alertname":   "Alerts",
	"alertstate":  "Alerts",

	"part":  "Window", // of a recorded window
	"start": "Window",
}

// CheckLabel returns an error that quotes the name of a user's label if
// Prometheus refuses it or if it is one of the library's own.
func CheckLabel(name string) error {
	if source, own := ownLabels[name]; own {
		return fmt.Errorf("reserved label %q: its value comes from %s", name, source)
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
	if name == "" || strings.Trim(name, letters+"0123456789") != "" || strings.Trim(name[:1], letters) != "" || strings.HasPrefix(name, "__") {
		return fmt.Errorf(`invalid label %q: want letters a-z and A-Z, digits and "_", without a digit or "__" in front`, name)
	}
	return nil
}
