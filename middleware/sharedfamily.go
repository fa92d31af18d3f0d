package middleware

import "sync"

// families are the families that belong to an instrument, by name.
type families struct {
	mu  sync.Mutex
	all []*Family
}

// SharedFamily returns the instrument's family with the name of opts, and makes
// it on the first call. Later calls ignore the other options.
//
// The instrument collects its shared families, so that a program registers only
// the instrument. A registry that checks descriptions, such as a pedantic one,
// must register it after the call. The error is as for
// [Instrument.NewFamily].
func (in *Instrument) SharedFamily(opts FamilyOptions) (*Family, error) {
	in.shared.mu.Lock()
	defer in.shared.mu.Unlock()
	for _, f := range in.shared.all {
		if f.name == opts.Name {
			return f, nil
		}
	}
	f, err := in.NewFamily(opts)
	if err == nil {
		in.shared.all = append(in.shared.all, f)
	}
	return f, err
}

func (fs *families) list() []*Family {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return fs.all[:len(fs.all):len(fs.all)]
}
