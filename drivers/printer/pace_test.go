package printer_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
)

// crowded is a slip that fills a buffer: large and small text, lines that the
// printer has to break, and the QR code as the printer has it.
func (r *rig) crowded(title string) (job []byte, text string) {
	r.t.Helper()
	var d escpos.Doc
	d.Add(escpos.QR{Payload: "https://jy.example.cn/p/1?r=7K3M9QXD"})
	for _, st := range []escpos.Style{{}, {H: 2}, {W: 2, H: 2}, {W: 2}} {
		for range 3 {
			d.Add(escpos.Text("缝纫工 月薪5000元 工业三路8号 13点到岗", st, escpos.Left))
			text += "缝纫工 月薪5000元 工业三路8号 13点到岗"
		}
	}
	d.Add(escpos.QR{Payload: "https://jy.example.cn/p/1?r=7K3M9QXD"}, escpos.Text(title, escpos.Style{}, escpos.Left), escpos.Cut{})
	e, err := escpos.Encode(d, r.p, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return e.Bytes, text + title
}

// On a line that nothing stops no byte is lost, if printer and buffer are exactly
// what the profile says; where it does not tell the buffer, a small one.
func TestPacingOfEveryProfile(t *testing.T) {
	for _, p := range escpos.Profiles() {
		for _, baud := range []int{0, 115200} {
			t.Run(p.Name+"/"+itoa(baud), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					o := build(p)
					o.BufferBytes, o.SpeedMMs, o.BytesPerSecond = p.Buffer, p.SpeedMMs, p.Baud/10
					if p.Buffer == 0 {
						o.BufferBytes = 1024
					}
					if baud > 0 {
						o.BytesPerSecond = baud / 10
					}
					r := newRigOf(t, p, o)
					r.chunk = 16
					r.IgnoreFlow(true)
					r.dev = printer.New(r.plug, p, printer.Opts{NoFlow: true, Baud: baud})
					for i := range 2 {
						job, _ := r.crowded("slip " + itoa(i))
						out, err := r.dev.Print(context.Background(), job)
						if err != nil || out.State != printer.Printed {
							t.Fatalf("%+v, %v", out, err)
						}
					}
					if odd := r.Oddities(); len(odd) != 0 {
						t.Errorf("oddities: %q", odd)
					}
				})
			})
		}
	}
}

// A plain printer with the usual buffer on a line without flow control, whatever
// its profile says of flow control.
func TestNoFlowWithoutAKnownBuffer(t *testing.T) {
	for _, flow := range []escpos.Flow{escpos.FlowNone, escpos.FlowRTSCTS} {
		synctest.Test(t, func(t *testing.T) {
			p := profile(t, "generic80")
			p.Flow = flow
			o := build(p)
			o.BufferBytes, o.SpeedMMs, o.BytesPerSecond = 4096, p.SpeedMMs, 11520
			r := newRigOf(t, p, o)
			r.IgnoreFlow(true)
			r.dev = printer.New(r.plug, p, printer.Opts{NoFlow: true, Baud: 115200})
			long := func(title string) []byte {
				var d escpos.Doc
				for range 220 {
					d.Add(escpos.Text("缝纫工 月薪5000元 工业三路8号", escpos.Style{}, escpos.Left))
				}
				d.Add(escpos.Text(title, escpos.Style{}, escpos.Left), escpos.Cut{})
				e, err := escpos.Encode(d, p, nil)
				if err != nil {
					t.Fatal(err)
				}
				return e.Bytes
			}
			r.mustPrint("normal")
			out, err := r.dev.Print(context.Background(), long("long"))
			if odd := r.Oddities(); err != nil || out.State != printer.Printed || len(odd) != 0 {
				t.Errorf("%+v, %v, oddities %q", out, err, odd)
			}
		})
	}
}

// The paper of a job is worked out to a few millimetres, and never too little:
// large letters, lines that the printer breaks, and QR codes of every dialect.
func TestPaperIsWorkedOut(t *testing.T) {
	for _, p := range escpos.Profiles() {
		synctest.Test(t, func(t *testing.T) {
			o := build(p)
			o.SpeedMMs, o.BytesPerSecond = 0, 0
			r := newRigOf(t, p, o)
			job, _ := r.crowded("long")
			wide := []byte("\x1b@\x1c&\x1d!\x11")
			for range 60 {
				wide = append(wide, "w1\xb0\xa1"...) // breaks where the printer must
			}
			for _, job := range [][]byte{job, append(append(wide, '\n'), job...)} {
				before := paperOf(r)
				out, err := r.dev.Print(context.Background(), job)
				if err != nil {
					t.Fatalf("%s: %+v, %v", p.Name, out, err)
				}
				real, said := paperOf(r)-before, r.dev.Counters().MM
				r.dev.PaperChanged()
				if most := real*1.1 + 15; said < real-0.5 || said > most && p.BlackMark.ToCut == nil {
					t.Errorf("%s: %.1f mm said, %.1f mm used", p.Name, said, real)
				}
			}
		})
	}
}

// paperOf is how far the paper has moved, in millimetres.
func paperOf(r *rig) float64 {
	rows := 0
	for _, s := range append(r.Slips(), r.Progress()) {
		if s.Image != nil {
			rows += s.Image.Bounds().Dy()
		}
	}
	return float64(rows) / r.p.DotsPerMM
}

// fastRig is a printer behind USB or a network.
func fastRig(t *testing.T, p escpos.Profile, opts printer.Opts) *rig {
	t.Helper()
	o := build(p)
	o.BytesPerSecond = 800_000
	r := newRigOf(t, p, o)
	r.dev = printer.New(r.plug, p, opts)
	return r
}

// On a fast wire a job goes out as it is, with one request behind it, and what a
// program left there is ended too.
func TestFastWire(t *testing.T) {
	for _, p := range escpos.Profiles() {
		synctest.Test(t, func(t *testing.T) {
			r := fastRig(t, p, printer.Opts{Fast: true})
			w, err := r.plug()
			if err != nil {
				t.Fatal(err)
			}
			rows := min(p.Raster.Rows, 1000)
			_, _ = w.Write([]byte{0x1d, 'v', '0', 0, byte(p.Dots / 8), 0, byte(rows), byte(rows >> 8)})
			time.Sleep(time.Second)
			_ = w.Close()
			job, text := r.slip("fast")
			if out, err := r.dev.Print(context.Background(), job); err != nil || r.whole(text) != 1 {
				t.Fatalf("%s: %+v, %v, %d whole", p.Name, out, err, r.whole(text))
			}
			if p.ProcessID {
				return // one request more
			}
			job, _ = r.slip("plain")
			r.mu.Lock()
			r.sent = nil
			r.mu.Unlock()
			if out, err := r.dev.Print(context.Background(), job); err != nil {
				t.Fatalf("%s: %+v, %v", p.Name, out, err)
			}
			if !r.hasSent(append(job, escpos.Fence...)) {
				t.Errorf("%s: the job did not go out as it is", p.Name)
			}
		})
	}
}
