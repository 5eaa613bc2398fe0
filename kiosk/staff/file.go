package staff

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"jobhome/kiosk/durable"
)

// create writes a file that is not there yet, whole or not at all;
// fs.ErrExist if it is there. Several programs may try it at once.
func create(path string, b []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	err = durable.Fill(f, b)
	if err == nil {
		err = os.Link(f.Name(), path)
	}
	return errors.Join(err, os.Remove(f.Name()), durable.SyncDir(dir))
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
