package main

import (
	"os"
	"strings"
)

// machineFiles hold this machine's own name, as the system made it (machine-id(5)). A container often has none, and then
// only the place in the file system tells one store from its copy.
func machineFiles() []string { return []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} }

// machine is that name, empty if there is none.
func machine() string {
	for _, f := range machineFiles() {
		if b, err := os.ReadFile(f); err == nil {
			if id := strings.TrimSpace(string(b)); id != "" {
				return id
			}
		}
	}
	return ""
}
