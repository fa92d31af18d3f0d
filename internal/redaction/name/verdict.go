package name

// A Verdict says which values a name makes secret: all under password, none
// under user_id. Under tokens, numbers count them and are not secret; under
// max_tokens, neither is a text of digits. Under pins, a single number counts
// them, but a list of numbers is secret.
type Verdict uint8

// The verdicts.
const (
	VerdictPlain    Verdict = iota // no value is secret
	VerdictSecret                  // every value is secret
	VerdictScalar                  // a value is secret unless it has members
	VerdictCounted                 // a value is secret unless it has only numbers
	VerdictMeasured                // a value is secret unless it has digits only
	VerdictListed                  // a value is secret unless it is a number
)

// A Shape is the kind of a value, as far as a verdict depends on it.
type Shape uint8

// The shapes.
const (
	ShapeConstant Shape = iota // a boolean or null, which reveals nothing
	ShapeNumber                // a number
	ShapeText                  // a string, or a list of strings and numbers
	ShapeDigits                // a string of digits
	ShapeCounts                // an object in which every value is a number
	ShapeCompound              // any other object, or a list
)

// Hides reports whether the verdict makes a value of this shape secret.
func (v Verdict) Hides(s Shape) bool {
	switch {
	case s == ShapeConstant:
		return false
	case v == VerdictScalar:
		return s == ShapeNumber || s == ShapeText || s == ShapeDigits
	case v == VerdictCounted:
		return s == ShapeText || s == ShapeDigits || s == ShapeCompound
	case v == VerdictMeasured:
		return s == ShapeText || s == ShapeCompound
	case v == VerdictListed:
		return s != ShapeNumber
	}
	return v == VerdictSecret
}
