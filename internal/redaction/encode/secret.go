package encode

import (
	"reflect"
	"strings"

	"github.com/sligo-go/sligo/internal/redaction/name"
)

// isSecretType reports whether the values of a type are secret: the policy
// lists the type, its name is the name of a secret, or it holds a private key.
// A pointer has the verdict of its element.
func (c *Encoding) isSecretType(t reflect.Type) bool {
	if len(c.types) > 0 && c.types[t] {
		return true
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.PkgPath() == "" { // built in, or without a name
		return len(c.types) > 0 && c.types[t]
	}
	if secret, ok := c.secrets.Load(t); ok {
		return secret.(bool)
	}
	secret := c.types[t] || c.hidesNamed(t)
	c.secrets.Store(t, secret)
	return secret
}

// hidesNamed judges a type by its name and its fields. A struct or a list of
// structs has names of its own inside, so its type's name hides it only if it
// is the name of a private key.
func (c *Encoding) hidesNamed(t reflect.Type) bool {
	typeName, _, _ := strings.Cut(t.Name(), "[") // without type arguments
	typeName = strings.TrimSuffix(typeName, "Bytes")
	switch shape, ok := typeShape(t); {
	case ok && shape == name.ShapeCompound:
		return c.judge.Verdict(typeName).Hides(shape)
	case ok:
		return c.judge.Verdict(typeName) == name.VerdictSecret
	}
	return name.IsPrivateKey(typeName) || holdsPrivateKey(t)
}

// typeShape returns the shape of a type's values; ok is false if they are
// structs or contain some. A list of bytes is a text.
func typeShape(t reflect.Type) (shape name.Shape, ok bool) {
	switch t.Kind() {
	case reflect.String:
		return name.ShapeText, true
	case reflect.Array, reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return name.ShapeText, true
		}
	case reflect.Map:
	default:
		return name.ShapeNumber, isNumeric(t.Kind())
	}
	_, ok = typeShape(t.Elem())
	return name.ShapeCompound, ok
}

func isNumeric(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Complex128 }

// holdsPrivateKey reports whether a struct type has the fields of a private key
// of the standard library, under whatever name a program defines it.
func holdsPrivateKey(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for _, names := range [...][]string{{"PublicKey", "D"}, {"PublicKey", "X"}, {"Dp", "Dq"}, {"Exp", "Coeff", "R"}} {
		found := 0
		for i := range t.NumField() {
			if f := t.Field(i); found < len(names) && f.Name == names[found] && isKeyPart(f.Type) {
				found++
			}
		}
		if found == len(names) {
			return true
		}
	}
	return false
}

// isKeyPart reports whether a type belongs to the standard library's
// cryptography, or is the *big.Int of its keys.
func isKeyPart(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.HasPrefix(t.PkgPath(), "crypto/") || t.PkgPath() == "math/big"
}
