package printer_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
)

// TestDiesAtEveryByte lets the printer lose its power behind every byte of a
// slip's stream, and does then what a program with a journal does: what Failed
// is printed again as it was, what may have come out again with its mark (补打).
// There is never more than one whole slip without a mark, in the end there is at
// least one whole slip, and Printed is never said without one. The power comes
// back when the slip was given up, or after half a second, in the middle of the
// slip. Without JOBHOME_EVERY_BYTE every byte of one profile is tried, every second
// one if the power comes back soon, and some of the others.
func TestDiesAtEveryByte(t *testing.T) {
	for name, stride := range map[string]int{"epson-tm": 1, "generic80": 131, "xprinter": 131, "kiosk80": 131} {
		if os.Getenv("JOBHOME_EVERY_BYTE") != "" {
			stride = 1
		}
		for _, back := range []string{"later", "soon"} {
			t.Run(name+"/"+back, func(t *testing.T) {
				t.Parallel()
				stride, p := stride, profile(t, name)
				size := 0
				synctest.Test(t, func(t *testing.T) {
					r := newRig(t, p)
					_ = r.dev.Recover(context.Background())
					before := r.received()
					r.mustPrint("whole")
					size = r.received() - before // with what was asked meanwhile
				})
				var c deaths
				if back == "soon" && os.Getenv("JOBHOME_EVERY_BYTE") == "" {
					stride *= 2
				}
				for at := 0; at <= size; at += stride {
					synctest.Test(t, func(t *testing.T) { c.die(newRig(t, p), at, back == "soon") })
				}
				t.Logf("%d cases of a stream of %d bytes: first printed %d, failed %d, interrupted %d, unconfirmed %d; %d whole slips without a mark, %d with",
					c.cases, size, c.first[printer.Printed], c.first[printer.Failed], c.first[printer.Interrupted], c.first[printer.Unconfirmed], c.unmarked, c.marked)
			})
		}
	}
}

// deaths counts what became of slips.
type deaths struct {
	cases, unmarked, marked int
	first                   [4]int // by printer.State
}

func (c *deaths) die(r *rig, at int, soon bool) {
	t, ctx := r.t, context.Background()
	t.Helper()
	if err := r.dev.Recover(ctx); err != nil { // as before any first slip
		t.Fatalf("byte %d: %v", at, err)
	}
	if st, err := r.dev.Status(ctx); err != nil || !st.Ready() {
		t.Fatalf("byte %d: %v, %v", at, st, err)
	}
	text := fmt.Sprintf("after %d bytes: power off", at)
	if soon {
		text += "\nafter 500ms: power on"
	}
	r.Play(mustScript(t, text))
	plain, plainText := r.slip("slip")
	again, againText := r.slip("补打slip")
	c.cases++
	may := false // a slip may be on paper
	for try := range 4 {
		job := plain
		if may {
			job = again
		}
		count := func() int {
			if may {
				return r.whole(againText)
			}
			return r.whole(plainText)
		}
		before := count()
		out, err := r.dev.Print(ctx, job)
		if try == 0 {
			c.first[out.State]++
			r.Play(sim.PrinterScript{})
			r.PowerOn()
		}
		if out.State == printer.Printed {
			if n := count() - before; n != 1 {
				t.Errorf("byte %d, try %d: printed, and %d whole slips more", at, try, n)
			}
			break
		}
		if err == nil || try == 3 {
			t.Errorf("byte %d, try %d: %+v, %v", at, try, out, err)
		}
		may = may || out.State != printer.Failed
		time.Sleep(time.Second)
	}
	marked := r.whole(againText) // which end like those without a mark
	unmarked := r.whole(plainText) - marked
	if unmarked > 1 || marked+unmarked < 1 {
		t.Errorf("byte %d: %d whole slips without a mark and %d with", at, unmarked, marked)
	}
	if r.PushedOut() != 0 {
		t.Errorf("byte %d: %d slips pushed out to whoever came next", at, r.PushedOut())
	}
	c.unmarked += unmarked
	c.marked += marked
}
