package slofile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Version is the only value of the key version.
const Version = "sligo/v1"

// File is the content of a file for one environment.
type File struct {
	// Objectives are the objectives, each with its indicator. At least one is
	// required.
	Objectives []slo.Objective
	// Policy is the error budget policy of all objectives. The zero Policy is the
	// default policy.
	Policy budget.Policy
	// Matchers select the series of the objectives' services, each in PromQL:
	// `env="prod"`. Without them, one Prometheus would add up production and
	// staging. A label has one matcher.
	Matchers []string
	// Exclusions are planned intervals that spend nothing of any budget. Each has
	// a unique Name and an End, and is never an outage.
	Exclusions []ledger.Entry

	source *source // nil unless the file was read
}

// source is the origin of a File.
type source struct {
	name         string
	places       map[string]mark   // of values, by path
	moved        map[string]string // paths in the File to paths in the text
	environments []string
}

// Options configures reading. The zero Options, and nil, read a file of the
// operating system without an environment.
type Options struct {
	// Environment names the entry of environments that changes the file. Empty
	// means none.
	Environment string
	// FS has the file for Load. Nil means the operating system.
	FS fs.FS
}

// Load reads and validates a file. It returns all mistakes at once, as joined
// [*Error] values, or the error of opening and reading the file.
func Load(name string, opts *Options) (*File, error) {
	if opts == nil {
		opts = new(Options)
	}
	data, err := read(name, opts.FS)
	if err != nil {
		return nil, fmt.Errorf("slofile: %w", err)
	}
	return Parse(name, data, opts)
}

// read returns the content of a file, or a little more than the maximum.
func read(name string, fsys fs.FS) ([]byte, error) {
	var file fs.File
	var err error
	if fsys == nil {
		file, err = os.Open(name)
	} else {
		file, err = fsys.Open(name)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxSize+1))
}

// Parse reads and validates the text of a file. The name is for errors, and
// Parse ignores opts.FS. It returns all mistakes at once, as joined [*Error]
// values.
//
// A mistake in an environment is an error even if the options do not select
// it.
func Parse(name string, data []byte, opts *Options) (*File, error) {
	if opts == nil {
		opts = new(Options)
	}
	p := &problems{file: name}
	r := reader{decoder: newDecoder(p), source: &source{name: name, moved: make(map[string]string)}}
	r.source.places = r.places
	if !r.read(data) {
		return nil, p.err()
	}
	f := r.content()
	r.check(f)
	r.checkEnvironments(f)
	r.selectEnvironment(f, opts.Environment)
	if err := p.err(); err != nil {
		return nil, err
	}
	return f, nil
}

// Environments returns the names of the environments in the file that was
// read, sorted.
func (f *File) Environments() []string {
	if f.source == nil {
		return nil
	}
	return slices.Clone(f.source.environments)
}

// Validate reports every mistake in the file at once, as joined
// [*sli.FieldError] values with paths such as "Objectives[2].Window".
func (f *File) Validate() error {
	var errs sli.FieldErrors
	if len(f.Objectives) == 0 {
		errs.Addf("Objectives", "required")
	}
	for _, e := range sli.Mistakes(slo.Validate(f.Objectives)) {
		errs.Addf("O"+strings.TrimPrefix(e.Path, "o"), "%w", e.Err)
	}
	errs.Add("Policy", f.Policy.Validate())
	errs.Add("Matchers", validateMatchers(f.Matchers))
	errs.Add("Exclusions", validateExclusions(f.Exclusions))
	return errs.Err()
}

// validateMatchers reports matchers that Prometheus refuses or that the labels
// of the library forbid.
func validateMatchers(matchers []string) error {
	var errs sli.FieldErrors
	promtext.ParseMatchers(matchers, func(i int, err error) { errs.Add(fmt.Sprintf("[%d]", i), err) })
	return errs.Err()
}

// validateExclusions reports exclusions that no ledger can exclude.
func validateExclusions(entries []ledger.Entry) error {
	var errs sli.FieldErrors
	for _, e := range sli.Mistakes(ledger.Ledger{Entries: entries}.Validate()) {
		if !strings.HasSuffix(e.Path, ".Kind") {
			errs.Addf(strings.TrimPrefix(e.Path, "Entries"), "%w", e.Err)
		}
	}
	names := make(map[string]int, len(entries))
	for i, e := range entries {
		path := fmt.Sprintf("[%d]", i)
		if same, twice := names[e.Name]; twice && e.Name != "" {
			errs.Addf(path+".Name", "duplicate name %q: Exclusions[%d] has it", e.Name, same)
		} else {
			names[e.Name] = i
		}
		errs.Add(path+".Kind", validateKind(e.Kind))
		if e.End.IsZero() {
			errs.Addf(path+".End", "required")
		}
		if e.Degree != (slo.Share{}) {
			errs.Addf(path+".Degree", "invalid degree %v: an exclusion is never partial", e.Degree)
		}
	}
	return errs.Err()
}

// validateKind reports a kind that no ledger can exclude.
func validateKind(kind ledger.Kind) error {
	if kind == "" {
		return errors.New("required")
	}
	for _, e := range sli.Mistakes(ledger.Ledger{Exclude: []ledger.Kind{kind}}.Validate()) {
		return e.Err
	}
	return nil
}
