package outbox

import (
	"errors"
	"io/fs"
	"os"

	"jobhome/kiosk/durable"
)

// File is a State in a file that a power cut leaves whole.
type File string

// Load reads the file; nil when it is not there.
func (f File) Load() ([]byte, error) {
	b, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Save replaces the file. When it returns, it is on the disk.
func (f File) Save(b []byte) error { return durable.Replace(string(f), b) }
