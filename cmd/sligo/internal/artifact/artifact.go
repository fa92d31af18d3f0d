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
// even if the computer stops. It makes missing folders, follows a link, and
// keeps the permissions of a file that exists. It writes directly to anything
// that is not a regular file, such as a pipe, or a link to a missing file.
func (f File) Write() error {
	info, err := os.Stat(f.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.isLink():
		return os.WriteFile(f.Name, f.Data, 0o666)
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o777); err != nil {
			return err
		}
		return f.replace(f.Name, 0)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return os.WriteFile(f.Name, f.Data, 0o666)
	}
	name, err := filepath.EvalSymlinks(f.Name)
	if err != nil {
		return err
	}
	return f.replace(name, info.Mode().Perm())
}

func (f File) isLink() bool {
	info, err := os.Lstat(f.Name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
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

// IsFile reports whether the file exists and is not a pipe, device or folder.
func (f File) IsFile() bool {
	info, err := os.Stat(f.Name)
	return err == nil && info.Mode().IsRegular()
}

// Compare returns the number of the first line, from 1, in which the file on
// disk differs, and zero if it is the same. A missing file is an
// [fs.ErrNotExist]. Anything that is not a regular file is an error.
func (f File) Compare() (line int, err error) {
	info, err := os.Stat(f.Name)
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s is not a file", f.Name)
	}
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
