//go:build unix

package slilog

import (
	"os"
	"syscall"
)

// inodeOf returns the identity of a file in its file system.
func inodeOf(info os.FileInfo) inode {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return inode{}
	}
	return inode{Device: uint64(stat.Dev), Number: uint64(stat.Ino)}
}
