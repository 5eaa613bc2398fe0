package printer_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
)

// A trouble is done to the printer in the middle of a job, and undone before
// the next.
var troubles = []struct {
	name     string
	do, undo func(*rig)
	cause    func(escpos.Status) bool // nil: it cannot say why
}{
	{"paper", func(r *rig) { r.EndPaper(0) }, func(r *rig) { r.LoadPaper() }, func(s escpos.Status) bool { return s.PaperOut }},
	{"paper soon", func(r *rig) { r.EndPaper(150) }, func(r *rig) { r.LoadPaper() }, func(s escpos.Status) bool { return s.PaperOut }},
	{"cover", func(r *rig) { r.OpenCover() }, func(r *rig) { r.CloseCover() }, func(s escpos.Status) bool { return s.CoverOpen }},
	{"cutter", func(r *rig) { r.JamCutter() }, func(r *rig) { r.ClearJam() }, func(s escpos.Status) bool { return s.Cutter }},
	{"broken", func(r *rig) { r.Break() }, func(r *rig) { r.PowerOff(); r.PowerOn() }, func(s escpos.Status) bool { return s.Unrecoverable }},
	{"hot", func(r *rig) { r.Overheat(); time.AfterFunc(3*time.Second, r.CoolDown) }, func(r *rig) { r.CoolDown() }, nil},
	{"late answers", func(r *rig) { r.AnswerLate(700 * time.Millisecond) }, func(r *rig) { r.AnswerLate(0); time.Sleep(time.Second) }, nil},
	{"flow control and noise", func(r *rig) { r.Say(0x13, 0x11, 0x10, 0, 0, 0, 0xff) }, func(*rig) {}, nil},
	{"gone for a moment", func(r *rig) { r.PowerOff(); time.AfterFunc(500*time.Millisecond, r.PowerOn) }, func(r *rig) { r.PowerOn() }, nil},
	{"stall", func(r *rig) { r.Stall() }, func(r *rig) { r.Resume() }, nil},
	{"power", func(r *rig) { r.PowerOff() }, func(r *rig) { r.PowerOn() }, nil},
	{"cable", func(r *rig) { r.unplug() }, func(r *rig) { r.replug() }, nil},
}

// TestTroubleAtEveryByte does each trouble at many places of a job: Printed is
// never said of a slip that is not whole, Failed never of one that is on paper,
// and the next slip comes out whole and alone.
func TestTroubleAtEveryByte(t *testing.T) {
	for _, name := range []string{"generic58", "generic80", "xprinter", "kiosk80"} {
		for _, tr := range troubles {
			t.Run(name+"/"+tr.name, func(t *testing.T) {
				t.Parallel()
				p := profile(t, name)
				size := len(func() []byte { b, _ := (&rig{t: t, p: p}).slip("marked"); return b }()) + len(escpos.Fence)
				for _, at := range places(size) {
					if at > 1 && at < size-1 && (name == "generic80" || name == "xprinter") {
						continue // they differ from the others in the cut only
					}
					for where, arm := range map[string]func(*rig, int, func()){"written": (*rig).inWrite, "received": (*rig).inRead} {
						synctest.Test(t, func(t *testing.T) {
							r := newRig(t, p)
							r.mustPrint("before")
							arm(r, at, func() { tr.do(r) })
							r.trouble(fmt.Sprintf("%s at byte %d of %d %s", tr.name, at, size, where), tr.cause)
							arm(r, 0, nil)
							tr.undo(r)
							r.mustPrint("after")
						})
					}
				}
			})
		}
	}
}

// places are the bytes of a job where something may happen: the first and the
// last ones each, and some between.
func places(size int) (at []int) {
	for i := 0; i <= size; i++ {
		if i < 2 || i > size-4 || i == size/2 {
			at = append(at, i)
		}
	}
	return at
}

// trouble prints a slip that something happens to.
func (r *rig) trouble(what string, cause func(escpos.Status) bool) {
	r.t.Helper()
	job, text := r.slip("marked")
	out, err := r.dev.Print(context.Background(), job)
	whole := r.whole(text)
	switch out.State {
	case printer.Printed:
		if whole != 1 || err != nil {
			r.t.Errorf("%s: printed, but %d whole slips, %v", what, whole, err)
		}
	case printer.Failed:
		if r.anywhere("marked") || err == nil || out.SentBytes != 0 {
			r.t.Errorf("%s: failed after %d bytes, %v; on paper: %v", what, out.SentBytes, err, r.anywhere("marked"))
		}
	case printer.Interrupted:
		if err == nil || !errors.Is(err, printer.ErrNotReady) || cause == nil || !cause(out.Cause) {
			r.t.Errorf("%s: interrupted by %v, %v", what, out.Cause, err)
		}
	case printer.Unconfirmed:
		if err == nil || cause != nil { // a printer that can say why is asked
			r.t.Errorf("%s: unconfirmed by %v, %v", what, out.Cause, err)
		}
	}
}
