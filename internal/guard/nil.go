package guard

import "reflect"

// NilPointer reports whether v is a nil pointer, such as a *os.File whose
// opening failed. It reports false if v itself is nil.
func NilPointer(v any) bool {
	p := reflect.ValueOf(v)
	return p.Kind() == reflect.Pointer && p.IsNil()
}
