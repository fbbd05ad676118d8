package store

import (
	"fmt"
	"os"
	"strings"
	"time"

	"creditsync/mapping"

	"github.com/gofrs/flock"
)

// takeLock keeps a second daemon off the same SQLite file. The lock is the kernel's and ends with the process, however that
// ends; what stands in the file is for people.
func (db *DB) takeLock(path string) error {
	name := path + ".lock"
	db.lock = flock.New(name)
	held, err := db.lock.TryLock()
	if err != nil {
		return trouble{mapping.Fault{What: CodeUnreachable}, fmt.Errorf("lock the store: %w", err)}
	}
	if !held {
		holder, since := holderOf(name)
		return fault(CodeLocked, path, holder, since)
	}
	// Where it cannot be written, a refused one is told less.
	_ = os.WriteFile(name, []byte(db.o.Holder+"\n"), 0o600)
	return nil
}

// holderOf is who holds a lock, and since when: "?" for what cannot be read, as on Windows, where a lock keeps readers out.
func holderOf(name string) (holder, since string) {
	holder, since = "?", "?"
	if info, err := os.Stat(name); err == nil {
		since = info.ModTime().In(time.FixedZone("CST", 8*3600)).Format(time.DateTime)
	}
	if b, err := os.ReadFile(name); err == nil {
		if text := strings.TrimSpace(string(b)); text != "" {
			holder = text
		}
	}
	return holder, since
}
