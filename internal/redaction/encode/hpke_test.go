//go:build go1.26

package encode_test

import (
	"crypto/ecdh"
	"crypto/hpke"
	"log/slog"
	"testing"
)

func TestHPKEKeys(t *testing.T) {
	c := newEncoding()
	for name, kem := range map[string]hpke.KEM{"DHKEM": hpke.DHKEM(ecdh.P256()), "MLKEM": hpke.MLKEM768(), "hybrid": hpke.MLKEM768X25519()} {
		key, err := kem.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := object(c, slog.Any("v", []any{key})), `{"v":["REDACTED"]}`; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
