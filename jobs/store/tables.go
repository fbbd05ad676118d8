package store

import (
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
)

// tablesOf names our tables, as the migrations up to a version make them: whoever adds a table adds it to the backups.
func tablesOf(dialect string, schema int64) ([]string, error) {
	folder := "migrations/" + dialect
	files, err := fs.ReadDir(migrations, folder)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	created := regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)
	var names []string
	for _, f := range files { // by name, that is by version
		number, _, _ := strings.Cut(f.Name(), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", f.Name(), err)
		}
		if version > schema {
			break
		}
		text, err := fs.ReadFile(migrations, folder+"/"+f.Name())
		if err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		for _, m := range created.FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[1])
		}
	}
	return names, nil
}
