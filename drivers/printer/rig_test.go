package printer_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
)

// rig is the real driver on a simulated printer.
type rig struct {
	*sim.Printer
	t   *testing.T
	dev *printer.Dev
	p   escpos.Profile

	mu    sync.Mutex
	gone  bool // the cable is out
	write trip
	read  trip
	wires sync.WaitGroup
	got   int // bytes the printer has received
	sent  []byte
	drip  time.Duration // what each 64 bytes take on the way more than they should
	chunk int           // the most bytes that arrive at once; 0: 64

	wrap    func(*sim.PipeEnd) printer.Wire // the host's end as another kind of wire
	noPaper bool                            // what such a wire says of itself
}

// build is a printer as a profile describes it.
func build(p escpos.Profile) sim.PrinterOpts {
	o := sim.PrinterOpts{
		WidthDots: p.Dots, DotsPerMM: p.DotsPerMM, HeadToCutterMM: 12,
		NoCutter: p.Cutter.Command == nil, NativeQR: p.QR.MaxModule > 0,
		Presenter: p.Presenter.Retract != nil, ProcessID: p.ProcessID, GBKOnly: p.Hanzi == escpos.GBK,
		SwallowsLF: p.Quirks.SwallowsLF, NoDotFeed: p.Quirks.NoDotFeed,
		BytesPerSecond: p.Baud / 10, SpeedMMs: 150,
	}
	o.QRDialect, o.NativeQR = p.QR.Dialect, false
	o.BlackMark, o.NoIdentify = p.BlackMark.ToCut != nil, !p.Identify
	if !p.Cutter.TakesFeed {
		o.HeadToCutterMM = p.Cutter.MM
	}
	return o
}

// newRig must be called in a synctest bubble: the printer takes its time.
func newRig(t *testing.T, p escpos.Profile) *rig {
	t.Helper()
	return newRigWith(t, p, printer.Opts{})
}

func newRigOf(t *testing.T, p escpos.Profile, o sim.PrinterOpts) *rig {
	t.Helper()
	r := newRig(t, p)
	_ = r.Printer.Close()
	r.Printer = sim.NewPrinter(o)
	return r
}

func newRigWith(t *testing.T, p escpos.Profile, o printer.Opts) *rig {
	t.Helper()
	r := &rig{Printer: sim.NewPrinter(build(p)), t: t, p: p}
	r.dev = printer.New(r.plug, p, o)
	t.Cleanup(func() {
		r.dev.Close()
		r.Close()
		r.wires.Wait()
		time.Sleep(time.Minute) // a printer that prints ends first: the bubble's clock stops with the test
	})
	return r
}

// builtin reads the profiles once: thousands of rigs are built.
var builtin = sync.OnceValue(escpos.Builtin)

func profile(t testing.TB, name string) escpos.Profile {
	t.Helper()
	p, err := builtin().ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// plug opens a wire to the printer.
func (r *rig) plug() (printer.Wire, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gone {
		return nil, errors.New("no such device")
	}
	host, dev := sim.Pipe()
	r.wires.Go(func() { _ = r.Serve(&tripEnd{dev, r}) }) // ends with the wire
	if r.wrap != nil {
		return r.wrap(host), nil
	}
	return &tripWire{host, r}, nil
}

// inWrite makes f happen when the driver has written so many more bytes.
func (r *rig) inWrite(bytes int, f func()) {
	r.mu.Lock()
	r.write = trip{bytes, f}
	r.mu.Unlock()
}

// inRead makes f happen when the printer has received so many more bytes, which
// is later: the wire takes its time.
func (r *rig) inRead(bytes int, f func()) {
	r.mu.Lock()
	r.read = trip{bytes, f}
	r.mu.Unlock()
}

// trip is something that happens after so many bytes.
type trip struct {
	after int
	do    func()
}

// pass lets up to n bytes go by. It returns how many may pass and what must
// happen then.
func (r *rig) pass(t *trip, n int) (int, func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.do == nil || t.after > n {
		t.after -= n
		return n, nil
	}
	n, do := t.after, t.do
	*t = trip{}
	return n, do
}

func (r *rig) unplug() {
	r.mu.Lock()
	r.gone = true
	r.mu.Unlock()
	r.Unplug()
}

func (r *rig) replug() {
	r.mu.Lock()
	r.gone = false
	r.mu.Unlock()
}

// tripWire is a wire on which something happens in the middle of a Write.
type tripWire struct {
	*sim.PipeEnd
	r *rig
}

func (w *tripWire) Write(b []byte) (int, error) {
	w.r.mu.Lock()
	w.r.sent = append(w.r.sent, b...)
	w.r.mu.Unlock()
	at, do := w.r.pass(&w.r.write, len(b))
	n, err := w.PipeEnd.Write(b[:at])
	if do == nil || err != nil {
		return n, err
	}
	do()
	m, err := w.PipeEnd.Write(b[at:])
	return n + m, err
}

// tripEnd is the printer's end, on which something happens between two bytes.
type tripEnd struct {
	*sim.PipeEnd
	r *rig
}

func (e *tripEnd) Read(b []byte) (int, error) {
	chunk := e.r.chunk
	if chunk == 0 {
		chunk = 64
	}
	time.Sleep(e.r.drip)
	b = b[:min(len(b), chunk)] // as they come, not all at once
	if _, do := e.r.pass(&e.r.read, 0); do != nil {
		do()
	}
	at := e.r.left(len(b))
	if at == 0 {
		at = len(b)
	}
	n, err := e.PipeEnd.Read(b[:at])
	e.r.took(n)
	return n, err
}

// left is how many bytes may be read before something happens, at most n; 0 if
// nothing will.
func (r *rig) left(n int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.read.do == nil {
		return 0
	}
	return min(n, r.read.after)
}

func (r *rig) took(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read.after -= n
	r.got += n
}

// hasSent reports whether the driver has written b in one piece.
func (r *rig) hasSent(b []byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Contains(r.sent, b)
}

func (r *rig) received() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got
}

// slip is a job with text, a picture and a cut.
func (r *rig) slip(title string) (job []byte, text string) {
	r.t.Helper()
	var d escpos.Doc
	text = title + "\n"
	d.Add(escpos.Text(title, escpos.Style{W: 2, H: 2}, escpos.Center),
		escpos.QR{Payload: "https://jy.example.cn/p/1?r=7K3M9QXD"})
	for _, s := range []string{"缝纫工 月薪5000元", "工业三路8号", "13点到岗", "END"} {
		d.Add(escpos.Text(s, escpos.Style{}, escpos.Left))
		text += s + "\n"
	}
	d.Add(escpos.Cut{})
	e, err := escpos.Encode(d, r.p, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return e.Bytes, text
}

// whole counts the pieces of paper with all of text on them, cut off if the
// printer can cut.
func (r *rig) whole(text string) (n int) {
	for _, s := range r.Slips() {
		if s.Cut && strings.HasSuffix(bare(s.Text), bare(text)) {
			n++
		}
	}
	if r.p.Cutter.Command == nil {
		n += strings.Count(bare(r.Progress().Text), bare(text))
	}
	return n
}

// bare is text without line ends: what was fed in between does not matter.
func bare(s string) string { return strings.ReplaceAll(s, "\n", "") }

// anywhere reports whether a word is on any paper.
func (r *rig) anywhere(word string) bool {
	all := r.Progress().Text
	for _, s := range r.Slips() {
		all += s.Text
	}
	return strings.Contains(all, word)
}

// mustPrint prints a slip that must come out whole, once and alone.
func (r *rig) mustPrint(title string) {
	r.t.Helper()
	job, text := r.slip(title)
	out, err := r.dev.Print(context.Background(), job)
	if err != nil || out.State != printer.Printed || out.SentBytes != len(job) || out.FirstByte.IsZero() {
		r.t.Fatalf("print %s: %+v, %v", title, out, err)
	}
	if n := r.whole(text); n != 1 {
		r.t.Fatalf("print %s: %d whole slips", title, n)
	}
	if r.p.Cutter.Command == nil {
		return
	}
	all := r.Slips()
	if got := all[len(all)-1].Text; bare(got) != bare(text) {
		r.t.Fatalf("print %s: the slip says %q, want %q alone", title, got, text)
	}
}

// script is a wire on which every Write is answered by the next bytes of a
// given stream.
type script struct {
	*sim.PipeEnd // what the driver reads
	far          *sim.PipeEnd
	stream       []byte
	written      []byte
	behind       []byte // answered when the fence had been written
}

func newScript(stream []byte) *script {
	host, far := sim.Pipe()
	return &script{PipeEnd: host, far: far, stream: stream}
}

// Write answers with as many bytes as the first of the stream says.
func (s *script) Write(b []byte) (int, error) {
	s.written = append(s.written, b...)
	if len(s.stream) > 0 {
		n := min(int(s.stream[0]&7), len(s.stream)-1)
		out := s.stream[1 : 1+n]
		s.stream = s.stream[1+n:]
		if bytes.Contains(s.written, []byte(escpos.Fence)) {
			s.behind = append(s.behind, out...)
		}
		_, _ = s.far.Write(out)
	}
	return len(b), nil
}
