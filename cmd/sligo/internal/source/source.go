// Package source reads the files of objectives that are named on a command
// line: files, folders, and "-" for the standard input.
package source

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo/slofile"
)

// maxSize bounds the bytes that are read of a file. The parser refuses less.
const maxSize = 4 << 20

// File is the text of a file.
type File struct {
	// Name is the name for people, and opens the file unless it is the standard
	// input's.
	Name string
	// Short is the name below the folder in the arguments, or the last part of
	// the name.
	Short string
	// Data is the text.
	Data []byte
}

// IsStdin reports whether f is the standard input.
func (f File) IsStdin() bool { return f.Name == finding.Stdin }

// IsDefinition reports whether the version is one of sligo's, also if it is
// newer or misspelt. In a rare form of YAML, it must be [slofile.Version].
func (f File) IsDefinition() bool {
	if found := version.Match(f.Data); found || !bytes.Contains(f.Data, []byte(slofile.Version)) {
		return found
	}
	_, err := slofile.Parse(f.Name, f.Data, nil)
	return !slices.ContainsFunc(sli.Mistakes(err), isOther)
}

// isOther reports whether a mistake is that the file is not one of sligo's.
func isOther(m *sli.FieldError) bool {
	e := new(slofile.Error)
	return !errors.As(m, &e) || e.Path == "" || e.Path == "version"
}

// Error is the failure of one file or folder, or of the standard input.
type Error struct {
	// Name is its name in the operating system, or [finding.Stdin].
	Name string
	// Err is the cause.
	Err error
}

// Error returns the text of Err.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Finding returns the failure as a finding of the file.
func (e *Error) Finding() finding.Finding {
	f := finding.Finding{File: e.Name, Message: e.Err.Error()}
	if failed := new(fs.PathError); errors.As(e.Err, &failed) {
		f.Message = fmt.Sprintf("cannot %s: %v", failed.Op, failed.Err)
	}
	return f
}

// Read reads the arguments and returns each file once, sorted by name. In a
// folder and the folders below it, it reads the files *.yaml and *.yml whose
// version is one of sligo's. It leaves out folders whose names begin with ".",
// such as .git. It also returns an error for each argument or file that it
// cannot read, and for a folder without a file to read.
func Read(args []string, stdin io.Reader) ([]File, []*Error) {
	r := reader{stdin: stdin, seen: make(map[string]bool)}
	for _, arg := range args {
		r.argument(arg)
	}
	slices.SortFunc(r.files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return r.files, r.errs
}

type reader struct {
	stdin io.Reader
	seen  map[string]bool // files, by their paths without links
	files []File
	errs  []*Error
}

func (r *reader) fail(name string, err error) { r.errs = append(r.errs, &Error{name, err}) }

func (r *reader) argument(arg string) {
	if arg == "-" {
		r.standardInput()
		return
	}
	info, err := os.Stat(arg)
	switch {
	case err != nil:
		r.fail(arg, err)
	case info.IsDir():
		r.folder(arg)
	default:
		r.file(arg, filepath.Base(arg), false)
	}
}

func (r *reader) standardInput() {
	if r.seen["-"] {
		return
	}
	r.seen["-"] = true
	data, err := io.ReadAll(io.LimitReader(r.stdin, maxSize))
	if err != nil {
		r.fail(finding.Stdin, fmt.Errorf("read the standard input: %w", err))
		return
	}
	r.files = append(r.files, File{Name: finding.Stdin, Short: "stdin.yaml", Data: data})
}

func (r *reader) folder(dir string) {
	found, mistakes := false, len(r.errs)
	fsys := os.DirFS(dir)
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.fail(filepath.Join(dir, filepath.FromSlash(name)), inFolder(dir, err))
			return nil
		case entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case isCandidate(fsys, name, entry):
			found = r.file(filepath.Join(dir, filepath.FromSlash(name)), filepath.FromSlash(name), true) || found
		}
		return nil
	})
	if err != nil {
		r.fail(dir, inFolder(dir, err))
	}
	if !found && len(r.errs) == mistakes {
		r.fail(dir, fmt.Errorf("no objectives in %s: want a file *.yaml or *.yml with version: sligo/v1", dir))
	}
}

// inFolder names the folder in an error, whose path is below it.
func inFolder(dir string, err error) error { return fmt.Errorf("%s: %w", dir, err) }

// isCandidate reports whether a file, or the file behind a link, has a name
// for objectives. Kubernetes mounts a ConfigMap as links.
func isCandidate(fsys fs.FS, name string, entry fs.DirEntry) bool {
	if ext := path.Ext(name); ext != ".yaml" && ext != ".yml" {
		return false
	}
	if entry.Type()&fs.ModeSymlink == 0 {
		return entry.Type().IsRegular()
	}
	info, err := fs.Stat(fsys, name)
	return err != nil || info.Mode().IsRegular()
}

// version matches the line by which a file is one of sligo's.
var version = regexp.MustCompile(`(?m)(?:^|\r)\x{FEFF}?(?:\{\s*)?["']?version["']?\s*:\s*["']?sligo/`)

// file reads a file once, and reports whether it is one to read: if it was
// found in a folder, it must have a version of sligo.
func (r *reader) file(name, short string, inFolder bool) bool {
	real, err := realPath(name)
	if err == nil && r.seen[real] {
		return true
	}
	data, err := readAll(name)
	if err != nil {
		r.fail(name, err)
		return false
	}
	f := File{Name: name, Short: short, Data: data}
	if inFolder && !f.IsDefinition() {
		return false
	}
	r.seen[real] = true
	r.files = append(r.files, f)
	return true
}

// realPath returns the absolute path of a file without links.
func realPath(name string) (string, error) {
	absolute, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(absolute)
}

func readAll(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxSize))
}
