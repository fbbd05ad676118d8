package config

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// leastSecret: a shorter one could not be hidden by value without blotting out ordinary words.
const leastSecret = 6

// resolve reads secrets and makes paths independent of the working directory.
func (l *loader) resolve(s *Settings) {
	for _, p := range []*string{
		&s.Data, &s.Registry, &s.Site.Outbox, &s.Site.Published,
		&s.Folders.Mappings, &s.Folders.Platforms, &s.Folders.Codes, &s.Folders.Holidays, &s.Folders.Units,
	} {
		*p = l.beside(*p)
	}
	if s.Backup.Folder == "" {
		s.Backup.Folder = filepath.Join(s.Data, "backups")
	} else {
		s.Backup.Folder = l.beside(s.Backup.Folder)
	}
	l.secret("store.dsn", &s.Store.DSN)
	for i := range s.Databases {
		d := &s.Databases[i]
		l.secret(fmt.Sprintf("databases[%d].dsn", i), &d.DSN)
		if d.Driver == "sqlite" && !d.DSN.Secret() {
			d.DSN = Plain(l.beside(d.DSN.Text()))
		}
	}
	for i := range s.Platform.Variables {
		v := &s.Platform.Variables[i]
		path := fmt.Sprintf("platform.variables[%d].value", i)
		l.secret(path, &v.Value)
		if !v.Value.Secret() && soundsSecret(v.Name) && v.Value.Text() != "" {
			l.fault(plainSecret, path)
		}
	}
	if s.Store.DSN.Text() == "" {
		s.Store.DSN = Plain("sqlite:" + filepath.Join(s.Data, "creditsync.db"))
	} else if path, ok := strings.CutPrefix(s.Store.DSN.Text(), "sqlite:"); ok {
		s.Store.DSN.text = "sqlite:" + l.beside(path)
	}
}

// beside makes a path relative to the settings file's folder; an empty one stays empty.
func (l *loader) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(l.folder, path)
}

// soundsSecret says whether a variable's name promises a secret.
func soundsSecret(name string) bool {
	name = strings.ToUpper(name)
	for _, word := range []string{"SECRET", "PASSWORD", "PASSWD", "TOKEN", "PRIVATE"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// secret fills a value from where it says, and refuses a password that stands in the settings file.
func (l *loader) secret(path string, v *Value) {
	switch {
	case v.Env != "" && v.File != "":
		l.fault(secretBoth, path)
	case v.Env != "":
		text, ok := l.env(v.Env)
		if !ok || text == "" {
			l.fault(secretMissing, path, v.Env)
			return
		}
		v.text = text
	case v.File != "":
		l.secretFile(path, v)
	case hidePassword(v.text) != v.text:
		l.fault(plainSecret, path)
	}
	if v.Secret() && v.text != "" && utf8.RuneCountInString(v.text) < leastSecret {
		l.fault(secretShort, path, fmt.Sprint(leastSecret))
	}
}

// secretFile reads a secret from its own file, which nobody but its owner and group may read.
func (l *loader) secretFile(path string, v *Value) {
	file := l.beside(v.File)
	info, err := os.Stat(file)
	if err != nil {
		l.fault(secretFile, path, file, reason(err))
		return
	}
	if open := openToAll(info); open != "" {
		l.fault(secretOpen, path, file, open)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		l.fault(secretFile, path, file, reason(err))
		return
	}
	v.text = strings.TrimSpace(strings.TrimPrefix(string(b), "\uFEFF"))
	if v.text == "" {
		l.fault(secretMissing, path, file)
	}
}

// hidePassword blots out the password of an address or of a key=value DSN.
func hidePassword(text string) string {
	if u, err := url.Parse(text); err == nil && u.User != nil {
		if password, ok := u.User.Password(); ok && password != "" {
			return strings.Replace(text, ":"+rawPassword(text)+"@", ":"+hidden+"@", 1)
		}
	}
	fields := strings.Fields(text)
	for i, f := range fields {
		if strings.HasPrefix(strings.ToLower(f), "password=") && len(fields) > 1 {
			fields[i] = "password=" + hidden
			return strings.Join(fields, " ")
		}
	}
	return text
}

// rawPassword is the password of an address as it is written, with its % signs.
func rawPassword(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	authority, _, _ := strings.Cut(rest, "/")
	user := authority[:max(0, strings.LastIndexByte(authority, '@'))]
	_, password, _ := strings.Cut(user, ":")
	return password
}
