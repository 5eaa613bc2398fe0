package main

import (
	"crypto/rand"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/drivers/scanner/scannertest"
	"jobhome/kiosk"
	"jobhome/kiosk/config"
	"jobhome/kiosk/staff"
)

const rightPIN = "270513"

// withStaff gives the terminal's settings a PIN.
func withStaff(t *testing.T) func(*config.Settings) {
	t.Helper()
	pin, err := staff.HashPIN(rightPIN, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return func(s *config.Settings) { s.Service.PIN = pin.String() }
}

// pin types a PIN on the page for it.
func (r *rig) pin(digits string) {
	r.Helper()
	for _, d := range digits {
		r.touch(string(d))
	}
	r.touch(say("pin.ok"))
}

// Staff open their page with the PIN, see what is wrong with each device and
// what to do about it, test it, and print a slip that is no referral.
func TestStaffPage(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{change: withStaff(t)})
	r.start()
	r.touch(say("bar.help"))
	r.touch(say("bar.staff"))
	r.see(say("pin.title"))
	r.pin("112358")
	r.see(say("pin.wrong", 4))
	r.pin(rightPIN)
	r.see(say("staff.title"))
	r.shot("fine")
	for _, digits := range []string{rightPIN, "112358"} {
		r.hides(digits)
	}
	r.printer.OpenCover()
	r.see(say("fault.cover-open.staff"))
	r.shot("cover")
	r.printer.CloseCover()
	r.gone(say("fault.cover-open.staff"))
	r.touch(say("staff.slip"))
	r.eventually("the test slip", func() bool { return len(r.printer.Slips()) == 1 })
	if s := r.printer.Slips()[0]; !says(s, "这不是推荐单") || says(s, slipTitle) && !says(s, "不是推荐单") {
		t.Errorf("the test slip says\n%s", s.Text)
	}
	r.cables[readerCable].pull()
	r.see(say("fault.reader-unplugged.staff"))
	r.shot("unplugged")
	r.plug(readerCable)
	r.gone(say("fault.reader-unplugged.staff"))
	r.touch(say("staff.leave"))
	r.see(say("attract.title"))
	if n := len(r.referrals()); n != 0 {
		t.Errorf("%d referrals were issued", n)
	}
}

// Too many wrong PINs lock the page, and pulling the plug does not open it.
func TestStaffPageLocks(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{change: withStaff(t)})
	r.start()
	r.touch(say("bar.help"))
	r.touch(say("bar.staff"))
	locked, _, _ := strings.Cut(say("pin.locked"), "%")
	for i := range 5 {
		r.pin("112358")
		if i < 4 {
			r.see(say("pin.wrong", 4-i))
		}
	}
	r.see(locked)
	r.shot("locked")
	r.kill()
	r.start()
	r.touch(say("bar.help"))
	r.touch(say("bar.staff"))
	r.pin(rightPIN)
	r.see(locked)
}

// cableOf puts a scanner on a cable.
func cableOf(t *testing.T, s *scannertest.Scanner) *cable {
	t.Helper()
	c := &cable{path: filepath.Join(t.TempDir(), "scanner"), off: func() {}, serve: func(rw io.ReadWriter) error {
		end, err := s.Dial()
		if err != nil {
			return err
		}
		_, err = io.Copy(rw, end)
		return err
	}}
	if err := c.in(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Unplug() // ends what is being copied
		c.pull()
	})
	return c
}

// A slip that was printed here is held to the scanner: the terminal says what
// became of it and shows the posting.
func TestSlipIsScanned(t *testing.T) {
	t.Parallel()
	scanner := scannertest.New(scannertest.Opts{Tail: "\r"})
	c := cableOf(t, scanner)
	r := newRig(t, rigOpts{change: func(s *config.Settings) {
		s.Devices.Scanner = config.Device{Scheme: config.UART, Path: c.path, Baud: 9600}
	}})
	r.start()
	card := r.toPosting()
	r.toConfirm()
	r.touch(say("confirm.print"))
	r.see(say("take.title"))
	code := r.code()
	url := oneCode(t, picture(t, r.printer.Slips()[0]))
	r.touch(say("take.done"))
	r.see(say("attract.title"))
	scanner.Show(url)
	r.see(say("referral.printed"))
	r.see(code.Grouped())
	r.shot("scanned")
	r.touch(say("referral.open"))
	if posting, _, _ := strings.Cut(url, "?"); !r.boardHas(posting, card) {
		t.Errorf("%s is not the posting %q", url, card)
	}
	r.see(say("posting.print"))
	r.touch(say("bar.end"))
	r.see(say("attract.title"))
	if list := r.referrals(); len(list) != 1 || list[0].State != kiosk.Printed {
		t.Errorf("scanning has changed the ledger: %+v", list)
	}
	if n := len(r.printer.Slips()); n != 1 {
		t.Errorf("scanning printed something: %d slips", n)
	}
}
