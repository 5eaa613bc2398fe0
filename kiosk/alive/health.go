package alive

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jobhome/kiosk/durable"
)

// State is how a part of the terminal is, in one word.
type State string

// The states of a device, and those of the hub.
const (
	OK    State = "ok"    // it answers, even if it has no paper
	Fault State = "fault" // it does not answer
	None  State = "none"  // none is fitted, or none is set

	Reached State = "reached" // it has answered, or a stick of its brought the board in step
	Offline State = "offline" // it was not reached when that was last tried
)

// Health is what the rest of the machine may know of the terminal. Nothing in it
// is of a resident but that somebody may be there.
type Health struct {
	Drawn   time.Time `json:"drawn"` // when the screen's loop last answered; zero: it has not yet
	Printer State     `json:"printer"`
	Reader  State     `json:"reader"`
	Hub     State     `json:"hub"`
	Busy    bool      `json:"busy"`    // somebody is there, or was a minute ago
	Program string    `json:"program"` // its version
}

// healthFile is where the health goes; "" where no directory was given. When the
// unit has several runtime directories, the first is meant.
func healthFile() string {
	dir, _, _ := strings.Cut(os.Getenv("RUNTIME_DIRECTORY"), ":")
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "health.json")
}

// write replaces the health file, whole.
func (h Health) write(path string) error {
	h.Drawn = h.Drawn.UTC().Truncate(time.Second)
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return durable.Replace(path, append(b, '\n'))
}
