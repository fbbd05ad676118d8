//go:build unix

package config

import "os"

// openToAll gives the permissions of a file that everyone may read, "" otherwise.
func openToAll(info os.FileInfo) string {
	if info.Mode().Perm()&0o004 == 0 {
		return ""
	}
	return info.Mode().Perm().String()
}
