package name

// A Verdict says which values a name makes secret: all under password, none
// under user_id. Under tokens, a number counts them and is not secret. Under
// max_tokens, neither is a text of digits.
type Verdict uint8

// The verdicts.
const (
	VerdictPlain    Verdict = iota // no value is secret
	VerdictSecret                  // every value is secret
	VerdictScalar                  // a value is secret unless it has members
	VerdictCounted                 // a value is secret unless it is a number
	VerdictMeasured                // a value is secret unless it has digits only
)

// A Shape is the kind of a value, as far as a verdict depends on it.
type Shape uint8

// The shapes.
const (
	ShapeConstant Shape = iota // a boolean or null, which reveals nothing
	ShapeNumber                // a number
	ShapeText                  // a string
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
	}
	return v == VerdictSecret
}
