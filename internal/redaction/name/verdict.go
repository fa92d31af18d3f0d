package name

// A Verdict says which values a name makes secret: all under password, none
// under user_id. Under tokens, a number counts them and is not secret.
type Verdict uint8

// The verdicts.
const (
	Plain   Verdict = iota // no value is secret
	Secret                 // every value is secret
	Scalar                 // a value is secret unless it has members
	Counted                // a value is secret unless it is a number
)

// A Shape is the kind of a value, as far as a verdict depends on it.
type Shape uint8

// The shapes.
const (
	Constant Shape = iota // a boolean or null, which reveals nothing
	Number                // a number
	Text                  // a string
	Counts                // an object in which every value is a number
	Compound              // any other object, or a list
)

// Hides reports whether the verdict makes a value of this shape secret.
func (v Verdict) Hides(s Shape) bool {
	switch {
	case s == Constant:
		return false
	case v == Scalar:
		return s == Number || s == Text
	case v == Counted:
		return s == Text || s == Compound
	}
	return v == Secret
}
