package sim_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/sim"
)

// press is a printer on a wire.
type press struct {
	*sim.Printer
	t    *testing.T
	wire *sim.PipeEnd
}

func newPress(t *testing.T, o sim.PrinterOpts) *press {
	t.Helper()
	p := &press{Printer: sim.NewPrinter(o), t: t}
	p.connect()
	t.Cleanup(func() { p.Close() })
	return p
}

func (p *press) connect() {
	host, dev := sim.Pipe()
	p.wire = host
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = p.Serve(dev) // ends with the wire
	}()
	p.t.Cleanup(func() { host.Close(); <-done })
}

// ask sends bytes and reads an answer of n bytes.
func (p *press) ask(n int, b ...byte) []byte {
	p.t.Helper()
	p.send(b...)
	got := make([]byte, n)
	_ = p.wire.SetReadDeadline(time.Now().Add(10 * time.Second))
	for i := 0; i < n; {
		k, err := p.wire.Read(got[i:])
		if err != nil {
			p.t.Fatalf("after % x: %d of %d bytes answered: %v", b, i, n, err)
		}
		i += k
	}
	return got
}

func (p *press) send(b ...byte) {
	p.t.Helper()
	if _, err := p.wire.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

// print sends bytes and waits until they are on paper.
func (p *press) print(s string) {
	p.t.Helper()
	if got := p.ask(1, []byte(s+"\x1dr\x01")...); got[0]&0x90 != 0 {
		p.t.Fatalf("GS r answered %#x", got[0])
	}
}

// silent fails if the printer answers b.
func (p *press) silent(b ...byte) {
	p.t.Helper()
	p.send(b...)
	_ = p.wire.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := p.wire.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		p.t.Fatalf("answered % x with %d bytes, %v", b, n, err)
	}
}

const hanzi = "\x1b@\x1c&"

// \xbe\xcd is 就, \xd2\xb5 is 业.
func TestPrinterText(t *testing.T) {
	tests := []struct {
		name string
		opts sim.PrinterOpts
		in   string
		want string
		odd  string
	}{
		{"Latin", sim.PrinterOpts{}, "Job 12\nb\n", "Job 12\nb\n", ""},
		{"Hanzi", sim.PrinterOpts{}, hanzi + "\xbe\xcd\xd2\xb5 A\n", "就业 A\n", ""},
		{"Hanzi mode off", sim.PrinterOpts{}, "\xbe\xcd\n", "╛═\n", "outside Hanzi mode"},
		{"ESC @ ends Hanzi mode", sim.PrinterOpts{}, hanzi + "\x1b@\xbe\xcd\n", "╛═\n", "outside Hanzi mode"},
		{"four bytes", sim.PrinterOpts{}, hanzi + "\x81\x30\x84\x36\n", "¥\n", ""},
		{"four bytes on a GBK printer", sim.PrinterOpts{GBKOnly: true}, hanzi + "\x81\x30\x84\x36\n", " 0 6\n", "Hanzi set"},
		{"wraps at the width", sim.PrinterOpts{WidthDots: 48}, hanzi + "\xbe\xcd\xd2\xb5\xbe\xcd\n", "就业就\n", ""},
		{"tab", sim.PrinterOpts{}, "a\tb\n", "a b\n", ""},
		{"not printed without LF", sim.PrinterOpts{}, "a\nb", "a\nb", ""},
		{"NUL is nothing", sim.PrinterOpts{}, "a\x00\x00b\n", "ab\n", ""},
		{"unknown", sim.PrinterOpts{}, "\x1b\x01a\n", "a\n", "unknown command 1B 01"},
		{"no native QR", sim.PrinterOpts{}, "\x1d(k\x03\x001C\x06\n", "k1C\n", "unknown command 1D 28"},
		{"ESC * in the line", sim.PrinterOpts{}, "a\x1b*\x21\x01\x00\xff\xff\xffb\n", "ab\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPress(t, tt.opts)
			p.print(tt.in)
			if got := p.Progress().Text; got != tt.want {
				t.Errorf("paper says %q, want %q", got, tt.want)
			}
			odd := strings.Join(p.Oddities(), "; ")
			if !strings.Contains(odd, tt.odd) || tt.odd == "" && odd != "" {
				t.Errorf("oddities %q, want %q", odd, tt.odd)
			}
		})
	}
}

// A cut leaves the paper between head and cutter to the next slip.
func TestPrinterCutter(t *testing.T) {
	const gap = 15 * 8
	for _, cut := range []string{"\x1dV\x00", "\x1dV1", "\x1bi", "\x1bm"} {
		p := newPress(t, sim.PrinterOpts{})
		// 200 rows: 80 of them are past the cutter.
		p.print("first\n\x1b3\x0a" + strings.Repeat("\n", 16) + "second\n\x1b@" + cut + "\x1bJ\xff" + cut)
		s := p.Slips()
		if len(s) != 2 {
			t.Fatalf("% x: %d slips, want 2", cut, len(s))
		}
		rows := 34 + 160 + 24
		if got := s[0].Image.Bounds().Dy(); got != rows || s[0].Text != "first\n"+strings.Repeat("\n", 6) {
			t.Errorf("% x: first slip has %d rows and says %q, want %d rows and the first line", cut, got, s[0].Text, rows)
		}
		if !strings.Contains(s[1].Text, "second") || s[1].Image.Bounds().Dy() != 255 {
			t.Errorf("% x: second slip has %d rows and says %q", cut, s[1].Image.Bounds().Dy(), s[1].Text)
		}
	}
	p := newPress(t, sim.PrinterOpts{})
	p.print("all\n\x1dVB\x10")
	if s := p.Slips(); len(s) != 1 || s[0].Image.Bounds().Dy() != gap+34+16 || s[0].Text != "all\n" {
		t.Errorf("GS V 66 16 gives %d slips, first %q", len(s), s[0].Text)
	}
	p.print("x\x1dV\x00\n")
	if odd := p.Oddities(); len(p.Slips()) != 1 || !slices.Contains(odd, "cut in the middle of a line is ignored") {
		t.Errorf("%d slips and oddities %q after a cut in a line", len(p.Slips()), odd)
	}
}

func TestPrinterStatus(t *testing.T) {
	p := newPress(t, sim.PrinterOpts{Presenter: true})
	check := func(when string, want ...byte) {
		t.Helper()
		for i, n := range []byte{1, 2, 3, 4, 5} {
			if got := p.ask(1, 0x10, 4, n)[0]; got != want[i] {
				t.Errorf("%s: DLE EOT %d answers %#x, want %#x", when, n, got, want[i])
			}
		}
	}
	check("well", 0x12, 0x12, 0x12, 0x12, 0)
	p.LowPaper(true)
	check("low", 0x12, 0x12, 0x12, 0x1e, 0)
	p.OpenCover()
	check("cover", 0x1a, 0x16, 0x12, 0x1e, 0)
	p.CloseCover()
	p.EndPaper(0)
	check("out", 0x1a, 0x32, 0x12, 0x7e, 0)
	p.silent(0x1d, 'r', 1)
	p.LoadPaper()
	if got := p.ask(1); got[0] != 0 { // the answer to GS r that had to wait
		t.Errorf("GS r answers %#x after paper was loaded", got[0])
	}
	p.JamCutter()
	p.send([]byte("\x1dVA\x00")...)
	waitFor(t, func() bool { return p.ask(1, 0x10, 4, 3)[0] == 0x1a })
	p.ClearJam()
	p.send(0x10, 5, 1)
	waitFor(t, func() bool { return p.ask(1, 0x10, 4, 5)[0] == 4 })
	if got := p.ask(6, 0x10, 4, 20); !bytes.Equal(got, []byte{0x10, 0x0f, 0x20, 0, 0, 0}) {
		t.Errorf("full status % x", got)
	}
	p.print("\x1de\x02")
	if p.Retracted() != 1 {
		t.Errorf("%d slips retracted, want 1", p.Retracted())
	}
	if got := p.ask(9, 0x1d, 'I', 66); string(got) != "_JOBHOME\x00" {
		t.Errorf("GS I 66 answers %q", got)
	}
	if got := p.ask(4, 0x1d, 'a', 0xff); got[0] != 0x10 {
		t.Errorf("automatic status % x", got)
	}
	p.OpenCover()
	if got := p.ask(4); got[0] != 0x38 {
		t.Errorf("automatic status with open cover % x", got)
	}
}

// waitFor polls something the printer does in its own time.
func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); {
		if time.Now().After(end) {
			t.Fatal("it does not happen")
		}
		time.Sleep(time.Millisecond)
	}
}

// DLE EOT is carried out inside a picture too, as real serial printers do.
func TestPrinterRealTimeInsideRaster(t *testing.T) {
	p := newPress(t, sim.PrinterOpts{})
	if got := p.ask(1, []byte("\x1dv0\x00\x04\x00\x01\x00\x10\x04\x04\xff")...); got[0] != 0x12 {
		t.Errorf("answer %#x", got)
	}
	p.print("")
	row := p.Progress().Image
	y := row.Bounds().Dy() - 1
	for x, want := range []uint8{0, 0, 0, 1, 0, 0, 0, 0} {
		if row.ColorIndexAt(x, y) != want {
			t.Errorf("dot %d is %d: the bytes are still part of the picture", x, row.ColorIndexAt(x, y))
		}
	}
}

// A command cut short swallows what follows; NULs end it.
func TestPrinterTornCommand(t *testing.T) {
	p := newPress(t, sim.PrinterOpts{})
	p.silent([]byte("\x1dv0\x00\x48\x00\x20\x00\xff\xff\x1dr\x01")...)
	p.print(strings.Repeat("\x00", 8192) + "\x1b@ok\n")
	if got := p.Progress().Text; got != "ok\n" {
		t.Errorf("paper says %q", got)
	}
}

func TestPrinterPaperEndMidSlip(t *testing.T) {
	p := newPress(t, sim.PrinterOpts{})
	p.EndPaper(34 + 10)
	p.send([]byte("one\ntwo\nthree\n\x1dVA\x00\x1dr\x01")...)
	waitFor(t, func() bool { return p.ask(1, 0x10, 4, 4)[0] == 0x7e })
	if n := len(p.Slips()); n != 0 {
		t.Fatalf("%d slips without paper", n)
	}
	p.LoadPaper()
	if got := p.ask(1); got[0] != 0 {
		t.Errorf("GS r answers %#x", got[0])
	}
	s := p.Slips()
	if len(s) != 2 || s[0].Cut || s[0].Text != "one\n" || !s[1].Cut || s[1].Text != "two\nthree\n" {
		t.Errorf("slips %+v", texts(s))
	}
}

func texts(s []sim.Slip) (out []string) {
	for _, v := range s {
		out = append(out, v.Text)
	}
	return out
}

func TestPrinterPowerLoss(t *testing.T) {
	p := newPress(t, sim.PrinterOpts{})
	p.print("before\n")
	p.OpenCover()
	p.send([]byte("lost\n\x1dv0\x00")...)
	p.ask(1, 0x10, 4, 1)
	p.PowerOff()
	p.CloseCover()
	p.silent(0x10, 4, 1)
	p.PowerOn()
	p.print("after\n\x1dVA\x00")
	if s := p.Slips(); len(s) != 1 || s[0].Text != "before\nafter\n" {
		t.Errorf("slips %q", texts(s))
	}
}

func TestPrinterUnplug(t *testing.T) {
	host, dev := sim.Pipe()
	p := sim.NewPrinter(sim.PrinterOpts{})
	defer p.Close()
	got := make(chan error, 1)
	go func() { got <- p.Serve(dev) }()
	for p.Progress().Text == "" { // wait until it is connected and prints
		if _, err := host.Write([]byte("x\n")); err != nil {
			t.Fatal(err)
		}
	}
	p.Unplug()
	if err := <-got; !errors.Is(err, sim.ErrUnplugged) {
		t.Errorf("Serve returns %v", err)
	}
}

// FuzzPrinter sends any bytes: the printer must survive them, and a flush must
// bring it back.
func FuzzPrinter(f *testing.F) {
	f.Add([]byte("\x1b@\x1c&\xbe\xcd\n\x1dv0\x00\x02\x00\x02\x00abcd\x1dVA\x00"))
	f.Add([]byte("\x1d(k\x03\x001C\x06\x1d(k\x06\x001P0abc\x1d(k\x03\x001Q0"))
	f.Add([]byte("\x1b*\x21\x02\x00abcdef\x1bD\x08\x10\x00\t\t\x10\x04\x01\x10\x14\x08"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > 600 {
			t.Skip("long input feeds metres of paper")
		}
		p := newPress(t, sim.PrinterOpts{WidthDots: 64, NativeQR: true, Presenter: true})
		p.send(in...)
		p.send(bytes.Repeat([]byte{0}, 3*65536+8)...)
		p.send([]byte("\n\x1b@end\n\x1dVA\x00\x1dr\x02")...)
		waitFor(t, func() bool {
			s := p.Slips()
			return len(s) > 0 && strings.HasSuffix(s[len(s)-1].Text, "end\n") || hungry(in)
		})
	})
}

// hungry reports whether in may hold a command longer than the flush.
func hungry(in []byte) bool {
	return bytes.Contains(in, []byte("\x1dv")) || bytes.Contains(in, []byte{0x1c, 0x28}) ||
		bytes.Contains(in, []byte("\x1d(")) || bytes.Contains(in, []byte("\x1b*"))
}
