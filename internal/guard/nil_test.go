package guard_test

import (
	"io"
	"os"
	"testing"

	"github.com/sligo-go/sligo/internal/guard"
)

func TestNilPointer(t *testing.T) {
	var file *os.File
	for _, tt := range []struct {
		v    any
		want bool
	}{
		{nil, false}, {file, true}, {io.Writer(file), true}, {os.Stdout, false}, {0, false}, {[]int(nil), false},
	} {
		if got := guard.NilPointer(tt.v); got != tt.want {
			t.Errorf("NilPointer(%#v) = %t, want %t", tt.v, got, tt.want)
		}
	}
}
