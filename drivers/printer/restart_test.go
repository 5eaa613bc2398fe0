package printer_test

import (
	"bytes"
	"context"
	"image"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
)

// TestProgramDiesAtEveryByte lets the program die behind every third byte of a
// slip, at once or when the printer has come to rest, and another one print: what
// it is told is printed is whole, to the last dot. If it knew that a slip was
// under way, and called Recover, its slip is alone on its paper too.
func TestProgramDiesAtEveryByte(t *testing.T) {
	for name, stride := range map[string]int{"xprinter": 3, "generic80": 3, "my628": 41, "epson-tm": 41} {
		for _, knows := range []bool{false, true} {
			t.Run(name+map[bool]string{true: "/recovers"}[knows], func(t *testing.T) {
				t.Parallel()
				var want *image.Paletted
				var size int
				synctest.Test(t, func(t *testing.T) {
					r := newRig(t, profile(t, name))
					job, _ := r.small("OLD")
					size = len(job) + 3
					job, _ = r.small("NEW")
					if out, err := r.dev.Print(context.Background(), job); err != nil {
						t.Fatalf("%+v, %v", out, err)
					}
					want = r.lastPaper()
				})
				step := stride
				if knows {
					step *= 5 // the cut does not hang on what was cut off
				}
				for cut := 1; cut <= size; cut += step {
					synctest.Test(t, func(t *testing.T) {
						newRig(t, profile(t, name)).restart(cut, knows, want)
					})
				}
			})
		}
	}
}

// restart lets a program die after so many bytes and another one print.
func (r *rig) restart(cut int, knows bool, want *image.Paletted) {
	t, ctx := r.t, context.Background()
	t.Helper()
	old, _ := r.small("OLD")
	w, err := r.plug()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write(append(old, 0x1d, 'r', 1)[:cut])
	time.Sleep(time.Duration(cut%3)*3*time.Second + 150*time.Millisecond)
	_ = w.Close()
	if knows {
		if err := r.dev.Recover(ctx); err != nil {
			t.Errorf("byte %d: recover: %v", cut, err)
		}
	}
	job, text := r.small("NEW")
	out, err := r.dev.Print(ctx, job)
	if err != nil || out.State != printer.Printed || r.whole(text) != 1 {
		t.Errorf("byte %d: %+v, %v, %d whole", cut, out, err, r.whole(text))
	}
	if got := r.lastPaper(); !endsWith(got, want, int(16*r.p.DotsPerMM)) {
		t.Errorf("byte %d: other dots than on a slip", cut)
	}
	if all := r.Slips(); knows && r.p.Cutter.Command != nil && len(all) > 0 && bare(all[len(all)-1].Text) != bare(text) {
		t.Errorf("byte %d: the slip says %q", cut, all[len(all)-1].Text)
	}
}

// small is a slip with a small picture in it.
func (r *rig) small(title string) (job []byte, text string) {
	r.t.Helper()
	var d escpos.Doc
	d.Add(escpos.Text(title, escpos.Style{H: 2}, escpos.Center), escpos.QR{Payload: "1", MM: 1},
		escpos.Text("缝纫工", escpos.Style{}, escpos.Left), escpos.Text("END", escpos.Style{Bold: true}, escpos.Left), escpos.Cut{})
	e, err := escpos.Encode(d, r.p, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return e.Bytes, title + "\n缝纫工\nEND\n"
}

// lastPaper is the last piece, or what hangs at the tear bar.
func (r *rig) lastPaper() *image.Paletted {
	if r.p.Cutter.Command == nil {
		return r.Progress().Image
	}
	all := r.Slips()
	if len(all) == 0 || all[len(all)-1].Image == nil {
		return &image.Paletted{}
	}
	return all[len(all)-1].Image
}

// endsWith reports whether the end of a paper is that of another, but for so many
// rows at the top, which may be those between head and cutter.
func endsWith(got, want *image.Paletted, but int) bool {
	n := len(want.Pix) - but*want.Stride
	return n > 0 && len(got.Pix) >= n && bytes.Equal(got.Pix[len(got.Pix)-n:], want.Pix[len(want.Pix)-n:])
}

// A program that cannot open the port when it wants to recover has not forgotten
// it when the port is there.
func TestRecoverIsNotForgotten(t *testing.T) {
	for _, watched := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, profile(t, "generic80"))
			r.mustPrint("before") // so that it is no new Dev that recovers by itself
			w, err := r.plug()
			if err != nil {
				t.Fatal(err)
			}
			old, _ := r.slip("OLD")
			_, _ = w.Write(old[:len(old)*4/5])
			time.Sleep(5 * time.Second)
			r.unplug()
			_, _ = r.dev.Status(context.Background()) // which notices: the port has to be opened again
			if err := r.dev.Recover(context.Background()); err == nil {
				t.Error("recovered a printer that is not there")
			}
			r.replug()
			if watched {
				r.watched()
				time.Sleep(time.Minute)
			}
			r.mustPrint("NEW")
		})
	}
}

// A late answer to the program before does not stand for one to this one.
func TestAnswersToTheProgramBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "xprinter"))
		w, err := r.plug()
		if err != nil {
			t.Fatal(err)
		}
		long := bytes.Repeat(append(bytes.Repeat([]byte("a line\n"), 20), 0x1d, 'r', 1), 8)
		_, _ = w.Write(long)
		time.Sleep(150 * time.Millisecond) // it is on the line, and prints for seconds
		_ = w.Close()
		job, text := r.slip("NEW")
		out, err := r.dev.Print(context.Background(), job)
		if n := r.whole(text); err != nil || out.State != printer.Printed || n != 1 {
			t.Errorf("%+v, %v, %d whole", out, err, n)
		}
	})
}

// The watch recovers while nobody waits, and nothing is cut by it; the first slip
// goes out at once then.
func TestRunMeetsThePrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "generic80"))
		w, err := r.plug()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte{0x1d, 'v', '0', 0, 72, 0, 60, 0}) // and no dots
		time.Sleep(150 * time.Millisecond)
		_ = w.Close()
		next := r.watched()
		if st := next(); !st.Ready() {
			t.Errorf("told %v", st)
		}
		time.Sleep(30 * time.Second)
		if n := len(r.Slips()); n != 0 {
			t.Errorf("%d pieces of paper at the start", n)
		}
		job, text := r.slip("quick")
		begin := time.Now()
		out, err := r.dev.Print(context.Background(), job)
		if err != nil || out.FirstByte.Sub(begin) != 0 || r.whole(text) != 1 {
			t.Errorf("first byte after %v, %v, %d whole", out.FirstByte.Sub(begin), err, r.whole(text))
		}
	})
}
