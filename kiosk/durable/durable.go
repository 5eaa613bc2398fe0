// Package durable replaces small files so that a power cut leaves the old one or
// the new one, whole (fsync(2), rename(2)).
package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace writes a file so that after a power cut it holds either what it held
// or b, whole. Its directory is made if it is not there, mode 0700; the file's
// mode is 0600. One program at a time may replace a file.
func Replace(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temp := path + ".new" // always the same, so that power cuts leave one at most
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := Fill(f, b); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// Fill writes b to the disk, and closes f.
func Fill(f *os.File, b []byte) error {
	_, err := f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// SyncDir makes what was renamed, made or removed in a directory last.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
