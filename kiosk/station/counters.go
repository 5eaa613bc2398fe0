package station

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"jobhome/drivers/printer"
	"jobhome/kiosk/durable"
)

// counterFile keeps the printer's counters over a restart. They are only an
// estimate of the paper: what cannot be read is begun anew, and what cannot be
// written is lost, neither of which keeps a slip from being printed.
type counterFile struct {
	path string
	log  *slog.Logger

	mu   sync.Mutex
	last printer.Counters
}

func openCounters(dir string, log *slog.Logger) *counterFile {
	return &counterFile{path: filepath.Join(dir, "paper.json"), log: log}
}

func (f *counterFile) read() printer.Counters {
	var c printer.Counters
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return c
	}
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		f.log.Warn("the paper counters begin anew", "file", f.path, "error", err)
		c = printer.Counters{}
	}
	f.last = c
	return c
}

// write replaces the file whole, so that a power cut leaves the old one.
func (f *counterFile) write(c printer.Counters) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c == f.last {
		return
	}
	data, err := json.Marshal(c)
	if err == nil {
		err = durable.Replace(f.path, data)
	}
	if err != nil {
		f.log.Warn("the paper counters could not be written", "error", err)
		return
	}
	f.last = c
}
