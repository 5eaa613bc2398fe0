package samusb

import (
	"errors"
	"os"
	"time"
)

// drain drops what a pipe still holds: the answer of a command that was given
// up, or noise. Scratch is zeroed.
func drain(p In, scratch []byte) error {
	defer clear(scratch)
	for end := time.Now().Add(noiseTime); time.Now().Before(end); {
		if err := p.SetReadDeadline(time.Now().Add(staleTime)); err != nil {
			return err
		}
		if _, err := p.Read(scratch); errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}
