package canary

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/tls"
	"log/slog"
	"math/big"
)

// The private numbers and the seed of the keys. They show where a key is
// written and are of no use to sign with.
const (
	rsaPrivate   = "4361895093752170368512896734205613874560913265714019283645500918273645"
	ecdsaPrivate = "81702934856102938475610293847561029384756102938475610293847560192837465019"
	keySeed      = "Seed-of-a-test-key-Kp4Zt9Wm2Qx7L"
)

// privateKeys returns the types of private keys of the standard library.
func privateKeys() map[string]call {
	return map[string]call{
		"TG30": info("signer", rsaKey()),
		"TG31": info("signer", ecdsaKey()),
		"TG32": info("signer", ed25519.NewKeyFromSeed([]byte(keySeed))),
		"TG33": info("peer", must(ecdh.X25519().NewPrivateKey([]byte(keySeed)))),
	}
}

// keysWithin returns values that contain private keys.
func keysWithin() map[string]call {
	signer := ed25519.NewKeyFromSeed([]byte(keySeed))
	return map[string]call{
		"TG34": info("v", struct{ Key rsa.PrivateKey }{*rsaKey()}),
		"TG35": info("certificate", tls.Certificate{PrivateKey: signer}),
		"TG36": info("signers", map[string]crypto.Signer{"a": rsaKey()}),
		"TG37": info("signers", []ed25519.PrivateKey{signer}),
		"TG38": info(slog.Group("tls", "key", crypto.PrivateKey(ecdsaKey()))),
	}
}

func rsaKey() *rsa.PrivateKey {
	return &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: big.NewInt(33), E: 3}, D: decimal(rsaPrivate)}
}

func ecdsaKey() *ecdsa.PrivateKey {
	key := new(ecdsa.PrivateKey)
	key.Curve = elliptic.P256()
	key.D = decimal(ecdsaPrivate)
	return key
}

func decimal(digits string) *big.Int {
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		panic("canary: invalid number " + digits)
	}
	return n
}
