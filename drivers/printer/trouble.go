package printer

import (
	"errors"
	"syscall"
)

// Trouble is why the printer could not be asked when it was last tried: the error
// of opening its port, or of the last look. It is nil when the printer answered,
// well or not, and before the first try. Any goroutine may call it.
func (d *Dev) Trouble() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.trouble
}

func (d *Dev) troubled(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trouble = err
}

// troubleKind is what a trouble is called, so that the same one is told once: how
// long something was waited for, and what else its error says, does not matter.
type troubleKind struct {
	err   error
	errno syscall.Errno // why a port cannot be opened
}

func kindOf(err error) (k troubleKind) {
	if err == nil {
		return k
	}
	k.err = ErrNotReady
	for _, e := range []error{ErrClosed, ErrUnplugged, ErrGarbled, ErrSilent} {
		if errors.Is(err, e) {
			k.err = e
			break
		}
	}
	_ = errors.As(err, &k.errno) // 0 if the system did not say why
	return k
}
