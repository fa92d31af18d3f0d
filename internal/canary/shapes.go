package canary

import "maps"

// pw is the secret of most cases, and jwt is the token of N26.
const (
	pw  = "hunter2-Zx91"
	jwt = "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
)

// shapes returns the calls of the form go, by ID. Each call of shapes makes new
// values, so a handler that changes a value cannot hide a secret from others.
func shapes() map[string]call {
	all := map[string]call{}
	for _, part := range []map[string]call{
		secretKeys(), structs(), taggedStructs(), lists(), pairs(), mapValues(), groups(), loggers(), large(),
		headers(), messages(), urls(), databases(), systems(), rawBytes(), rawJSON(), slogValues(),
		valuers(), valuersWithin(), marshalers(), texts(), failures(), failuresWithin(), typedSecrets(),
		numbers(), ordinaryMaps(), ordinaryTypes(), ordinaryStructs(),
	} {
		want := len(all) + len(part)
		maps.Copy(all, part)
		if len(all) != want {
			panic("canary: two calls have the same ID")
		}
	}
	return all
}

// v returns a call that logs the value under the name "v".
func v(value any) call { return info("v", value) }

// quoted returns a JSON document with s as a string.
func quoted(s string) string { return `{"p":` + literal(s) + `}` }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
