package daemon

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"creditsync/connector"
	"creditsync/connector/registry"
)

// OpenExplorer opens a registry that a person names by its place: the DSN of a database, a database file, a folder of
// files, or one file of it, which is then within. Errors never hold a password.
func OpenExplorer(ctx context.Context, place string) (x connector.Explorer, within string, err error) {
	if driver, dsn, ok := databaseOf(place); ok {
		x, err = registry.OpenSQL(ctx, driver, dsn)
		return x, "", err
	}
	if info, err := os.Stat(place); err == nil && !info.IsDir() {
		return registry.OpenFolder(filepath.Dir(place)), filepath.Base(place), nil
	}
	return registry.OpenFolder(place), "", nil
}

// OpenNamed opens a database of the settings, or the folder of files under the name "".
func OpenNamed(ctx context.Context, o Options, name string) (connector.Explorer, error) {
	if d, ok := o.Databases[name]; ok {
		return registry.OpenSQL(ctx, d.Driver, d.DSN)
	}
	return registry.OpenFolder(o.Folder), nil
}

// databaseOf tells a database by the scheme of its DSN or by how its file begins.
func databaseOf(place string) (driver, dsn string, ok bool) {
	for scheme, driver := range map[string]string{"postgres://": "postgres", "postgresql://": "postgres", "sqlite:": "sqlite"} {
		if strings.HasPrefix(place, scheme) {
			return driver, place, true
		}
	}
	f, err := os.Open(place)
	if err != nil {
		return "", "", false
	}
	defer f.Close()
	head := make([]byte, 16)
	if n, err := f.Read(head); err != nil || !strings.HasPrefix(string(head[:n]), "SQLite format 3") {
		return "", "", false
	}
	return "sqlite", place, true
}
