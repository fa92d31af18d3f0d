package sli

// Presence says whether a condition matches events that have a property. The
// meaning of the zero Presence depends on the field; see [Condition].
type Presence string

const (
	// PresenceInclude matches events with and without the property.
	PresenceInclude Presence = "include"
	// PresenceExclude matches only events without the property.
	PresenceExclude Presence = "exclude"
	// PresenceOnly matches only events with the property.
	PresenceOnly Presence = "only"
)

var presences = []Presence{PresenceInclude, PresenceExclude, PresenceOnly}

// accepts returns the events that match, with the given meaning of the zero
// Presence.
func (p Presence) accepts(zero Presence) accepted {
	if p == "" {
		p = zero
	}
	return accepted{with: p != PresenceExclude, without: p != PresenceOnly}
}
