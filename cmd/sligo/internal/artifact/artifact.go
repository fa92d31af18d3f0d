// Package artifact writes files that a command makes, or compares them with
// the files that exist.
package artifact

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// File is a file to write.
type File struct {
	// Name is its name in the operating system.
	Name string
	// Data is its content.
	Data []byte
}

// Write writes the file at once: a reader sees the old content or the new one,
// also if the computer stops. It makes missing folders, follows a link, and
// keeps the permissions of a file that exists. It writes directly to something
// else than a file, such as a pipe.
func (f File) Write() error {
	name, err := filepath.EvalSymlinks(f.Name)
	if errors.Is(err, fs.ErrNotExist) {
		name, err = f.Name, os.MkdirAll(filepath.Dir(f.Name), 0o777)
	}
	if err != nil {
		return err
	}
	mode := fs.FileMode(0)
	switch info, err := os.Stat(name); {
	case err == nil && !info.Mode().IsRegular():
		return os.WriteFile(name, f.Data, 0o666)
	case err == nil:
		mode = info.Mode().Perm()
	}
	return f.replace(name, mode)
}

// replace writes a new file beside name and renames it. A mode of zero means
// the default for new files.
func (f File) replace(name string, mode fs.FileMode) (err error) {
	temp := filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s.%x", filepath.Base(name), rand.Uint64()))
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp)
		}
	}()
	_, err = file.Write(f.Data)
	if mode != 0 {
		err = errors.Join(err, file.Chmod(mode))
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(temp, name)
}

// Compare returns the number of the first line, from 1, in which the file on
// disk differs, and zero if it is the same. A missing file is an
// [fs.ErrNotExist].
func (f File) Compare() (line int, err error) {
	data, err := os.ReadFile(f.Name)
	if err != nil || bytes.Equal(data, f.Data) {
		return 0, err
	}
	return FirstDifference(data, f.Data), nil
}

// FirstDifference returns the number of the first line, from 1, in which two
// different texts differ.
func FirstDifference(a, b []byte) int {
	line := 1
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			break
		}
		if a[i] == '\n' {
			line++
		}
	}
	return line
}
