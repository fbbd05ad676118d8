package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
)

// holdTwin takes the lock that no two copies of one store hold on one machine: a name that the kernel gives up when the
// process ends. It reports false where there is no such lock, and for a process beside the daemon, which holds it.
func (db *DB) holdTwin(ctx context.Context) (bool, error) {
	path, file := strings.CutPrefix(db.o.DSN, "sqlite:")
	if !file || path == ":memory:" {
		return false, nil
	}
	if db.o.Beside || db.twin != nil {
		return db.twin != nil, nil
	}
	var name string
	if err := db.get(ctx, &name, "SELECT value FROM meta WHERE name = 'instance'"); err != nil {
		return false, fmt.Errorf("read the store's name: %w", err)
	}
	var c net.ListenConfig
	l, err := c.Listen(ctx, "unix", "@creditsync-"+name)
	if errors.Is(err, syscall.EADDRINUSE) {
		return false, fault(CodeTwin, path)
	}
	if err == nil { // else there are no such names here, and the place alone has to tell
		db.twin = l
	}
	return err == nil, nil
}
