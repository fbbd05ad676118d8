package config

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SettingsFile is the name of the settings file that Init writes.
const SettingsFile = "creditsync.yaml"

// secretsFile holds the key that the settings file points to. Init fills it with a random one, which serves for the mock
// platform until the real platform's key takes its place.
const secretsFile = "secrets/platform_secret"

// Init writes a commented configuration into dir, which it makes if it must: creditsync.yaml, the folders that it names,
// and a random key for the platform that only its owner may read. It gives the number of files. It overwrites nothing: if one of its files exists, it writes none, and reports
// Faults that name all of them.
func Init(dir string) (int, error) {
	files, err := shipped()
	if err != nil {
		return 0, err
	}
	var faults Faults
	for _, f := range append(files, secretsFile) {
		target := filepath.Join(dir, installed(f))
		if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, Fault{What: wontOverwrite, Args: []string{target}, File: target})
		}
	}
	if faults != nil {
		return 0, faults
	}
	for i, f := range files {
		b, err := fs.ReadFile(Files, f)
		if err != nil {
			return i, fmt.Errorf("read embedded %s: %w", f, err)
		}
		if err := install(filepath.Join(dir, installed(f)), b, 0o640); err != nil {
			return i, err
		}
	}
	if err := install(filepath.Join(dir, filepath.FromSlash(secretsFile)), []byte(rand.Text()+"\n"), 0o600); err != nil {
		return len(files), err
	}
	return len(files) + 1, nil
}

// shipped lists the embedded files.
func shipped() ([]string, error) {
	var files []string
	err := fs.WalkDir(Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the embedded files: %w", err)
	}
	return files, nil
}

// installed is the name under which an embedded file is written.
func installed(file string) string {
	return filepath.FromSlash(strings.Replace(file, "creditsync.example.yaml", SettingsFile, 1))
}

// install writes one file, never over another.
func install(target string, b []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
		return fmt.Errorf("make the folder of %s: %w", target, err)
	}
	f, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", target, err)
	}
	return nil
}
