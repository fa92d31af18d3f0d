package slilog

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An entry is a file that belongs to a followed log.
type entry struct {
	path string
	info os.FileInfo
}

// list returns the files of a log in the order in which they were written. If
// the log itself exists, it is the last. An empty pattern for rotated files
// means their usual names.
func list(path, rotated string) (entries []entry, current bool, err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	dir, base := filepath.Split(path)
	names, err := os.ReadDir(cmp.Or(dir, "."))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	var log *entry
	for _, name := range names {
		if name.Name() != base && !isRotated(base, name.Name(), rotated) {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, name.Name()))
		if errors.Is(err, fs.ErrNotExist) { // renamed or removed meanwhile
			continue
		}
		if err != nil {
			return nil, false, err
		}
		e := entry{filepath.Join(dir, name.Name()), info}
		switch {
		case name.Name() == base:
			log = &e
		case info.Mode().IsRegular():
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, older)
	if log == nil {
		return entries, false, nil
	}
	return append(entries, *log), true, nil
}

// older compares the times of two rotated files, and their names if their times
// are the same: log.2 is older than log.1, and a date is older than a later
// one.
func older(a, b entry) int {
	if c := a.info.ModTime().Compare(b.info.ModTime()); c != 0 {
		return c
	}
	return olderName(a.path, b.path)
}

// olderName compares the names of two rotated files.
func olderName(a, b string) int {
	m, isNumber := generation(a)
	n, both := generation(b)
	if isNumber && both {
		return cmp.Compare(n, m)
	}
	return cmp.Compare(a, b)
}

// generation returns the number at the end of the name of a rotated file. A
// date is not a number.
func generation(path string) (int, bool) {
	number := strings.TrimPrefix(filepath.Ext(path), ".")
	n, err := strconv.Atoi(number)
	return n, err == nil && len(number) < 6
}

// stamp matches a number, a date or a time between the parts of a name.
var stamp = regexp.MustCompile(`^[-._@][0-9][-._0-9TZ:+]*$`)

// isRotated reports whether a name is a rotated file of the log named base:
// access.log.1, access.log-20241116, access.log.old, access-2024-11-16.log.
// Compressed files are not read.
func isRotated(base, name, pattern string) bool {
	if pattern != "" {
		ok, _ := filepath.Match(pattern, name)
		return ok
	}
	if rest, ok := strings.CutPrefix(name, base); ok && (rest == ".old" || stamp.MatchString(rest)) {
		return true
	}
	ext := filepath.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	if stem == "" || !strings.HasPrefix(name, stem) || !strings.HasSuffix(name, ext) || len(name) < len(base) {
		return false
	}
	return stamp.MatchString(name[len(stem) : len(name)-len(ext)])
}
