//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// detach gives a child a session of its own: a Ctrl-C in the terminal reaches only us.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
