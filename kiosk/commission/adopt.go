// Package commission makes a terminal out of a computer that knows nothing: it
// listens on whatever is plugged in for a site's profile (USB HID 1.11 keyboards
// and serial lines), looks for one on sticks and where the boot partition's was
// laid, writes down what the profile says, and enrols the terminal at its hub as
// soon as the network is there.
//
// # On the disk
//
// All files are in the terminal's directory, of mode 0600, each replaced whole:
//
//	offered.txt    a profile that keeper brought from the boot partition
//	taken.txt      the profile that somebody said yes to, until all of it is written
//	network.toml   network, time and screen, for keeper
//	pending.txt    the invitation and the hub's root by its fingerprint, until the hub has answered
//	fresh          the devices have not been looked at by whoever set the terminal up
//	terminal.toml  the settings, written last: with it the terminal is one
//	root.json      the hub's root of trust, once it was fetched and proven
//
// A cut before taken.txt is there leaves a terminal that asks again; one after it a
// terminal that goes on by itself at its next start. It need not be a power cut:
// keeper may start the screen anew as soon as network.toml turns it.
package commission

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"jobhome/kiosk/durable"
	"jobhome/kiosk/profile"
)

// Files of the terminal's directory.
const (
	OfferedFile  = "offered.txt"
	takenFile    = "taken.txt"
	networkFile  = "network.toml"
	pendingFile  = "pending.txt"
	freshFile    = "fresh"
	rootFile     = "root.json"
	mostFileSize = 64 << 10
)

// Place is where a terminal keeps what it is told.
type Place struct {
	Dir      string // its directory
	Settings string // its settings file
	Sticks   string // the directory below which sticks are mounted; "" for none
}

// Adopt writes the profile down: first whole, and then as what each part of it is
// for. After nil the terminal can be started with its settings.
func (pl Place) Adopt(p *profile.Profile) error {
	var whole bytes.Buffer
	if err := p.Write(&whole); err != nil {
		return fmt.Errorf("commission: %w", err)
	}
	if err := durable.Replace(pl.path(takenFile), whole.Bytes()); err != nil {
		return fmt.Errorf("commission: write down the profile: %w", err)
	}
	return pl.finish(p)
}

// Resume ends what a cut has left of [Place.Adopt]. A terminal that nobody has said
// yes to is left as it is.
func (pl Place) Resume() error {
	text, err := readFile(pl.path(takenFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("commission: %w", err)
	}
	p, err := profile.Parse(takenFile, text)
	if err != nil { // a disk that lies: somebody has to say yes once more
		return errors.Join(fmt.Errorf("commission: %w", err), pl.remove(takenFile))
	}
	return pl.finish(&p)
}

// finish writes everything that follows from the profile that was taken.
func (pl Place) finish(p *profile.Profile) error {
	var network, settings, pending bytes.Buffer
	s := p.Settings(pl.Dir)
	if s.Hub.Fitted() {
		s.Hub.Sticks = pl.Sticks
	}
	rest := *p
	rest.Machine = profile.Machine{}
	if err := errors.Join(p.Machine.Write(&network), s.Write(&settings), rest.Write(&pending)); err != nil {
		return fmt.Errorf("commission: %w", err)
	}
	write := func(path string, b []byte) error {
		if err := durable.Replace(path, b); err != nil {
			return fmt.Errorf("commission: write down the profile: %w", err)
		}
		return nil
	}
	if p.Root.N != 0 {
		if err := write(pl.path(pendingFile), pending.Bytes()); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		path string
		text []byte
	}{{pl.path(networkFile), network.Bytes()}, {pl.path(freshFile), nil}, {pl.Settings, settings.Bytes()}} {
		if err := write(f.path, f.text); err != nil {
			return err
		}
	}
	if err := pl.remove(OfferedFile); err != nil {
		return err
	}
	return pl.remove(takenFile)
}

// Drop forgets the profile that was brought by keeper.
func (pl Place) Drop() error { return pl.remove(OfferedFile) }

// Needed reports whether somebody has to be asked: there are no settings yet, or
// another profile was brought.
func (pl Place) Needed() bool { return !there(pl.Settings) || there(pl.path(OfferedFile)) }

// Fresh reports whether nobody has looked at the devices yet since the terminal was
// set up. Seen ends that.
func (pl Place) Fresh() bool { return there(pl.path(freshFile)) }

// Seen notes that the devices were looked at.
func (pl Place) Seen() error { return pl.remove(freshFile) }

func (pl Place) path(name string) string { return filepath.Join(pl.Dir, name) }

// remove takes a file away for good.
func (pl Place) remove(name string) error {
	err := os.Remove(pl.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = durable.SyncDir(pl.Dir)
	}
	if err != nil {
		return fmt.Errorf("commission: %w", err)
	}
	return nil
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
