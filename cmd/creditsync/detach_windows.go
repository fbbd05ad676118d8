package main

import (
	"os/exec"
	"syscall"
)

// detach gives a child a process group of its own: a Ctrl-C in the terminal reaches only us.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
