package statuspage

// Names for tests.
var (
	Fixed           = fixed
	Apart           = apart
	Zero, Hundred   = zero, hundred
	SLIPercent      = sliPercent
	IntervalPercent = intervalPercent
	Clean           = clean
	ElementID       = elementID
	Preferred       = func(header string) string { return preferred(header).code }
)

// Messages returns the messages of a language by key.
func Messages(code string) map[string]string { return languageOf(code).messages }
