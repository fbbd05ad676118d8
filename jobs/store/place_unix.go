//go:build unix

package store

import (
	"os"
	"strconv"
	"syscall"
)

// fileNumber is the number of a file in its file system: a copy has another. The device's number is left out, because it may
// change with every start of the machine.
func fileNumber(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return strconv.FormatUint(s.Ino, 10), nil
	}
	return "", nil
}
