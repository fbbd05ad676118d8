//go:build !unix

package config

import "os"

// openToAll cannot tell where the system has no such permissions; the folder's rights have to guard the file there.
func openToAll(os.FileInfo) string { return "" }
