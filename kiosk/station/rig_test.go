package station

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/pn532/pn532test"
	"jobhome/drivers/scanner/scannertest"
	"jobhome/drivers/sim"
	"jobhome/kiosk"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpiotest"
)

const testProfile = "generic80"

// rig is a station with every device made of software, in a bubble of fake time.
type rig struct {
	*testing.T
	printer *sim.Printer
	reader  *sim.Reader
	scanner *scannertest.Scanner
	chip    *pn532test.Chip
	pins    map[string]*gpiotest.Pin
	s       *Station
	log     *logged

	mu     sync.Mutex
	events []session.Event
	gone   map[session.Part]bool
	wires  sync.WaitGroup
	stop   func()
}

// logged is a log in memory.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// settings are those of a terminal with one of everything.
func settings(dir string) config.Settings {
	s := config.Demo(kiosk.Site{ID: "s-1", Name: "茶山街道就业之家", StaffPhone: "0792-5550100", BaseURL: "https://jobs.example.cn/gq"})
	s.DataDir = dir
	s.Devices.Printer.Profile = testProfile
	s.Devices.Scanner = config.Device{Scheme: config.Sim}
	s.Devices.Badge = config.Device{Scheme: config.Sim}
	s.Panel = config.Panel{Presence: "GPIO17", Lamp: "GPIO27", Buzzer: "GPIO22", ServiceKey: "GPIO5", Door: "GPIO6", ReaderPower: "GPIO26"}
	s.Service.SelfTest, s.Service.PIN = -1, ""
	return s
}

// at runs play on a station. change may change the settings first.
func at(t *testing.T, change func(*config.Settings), play func(*rig)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, dir, change)
		defer r.end()
		play(r)
	})
}

func newRig(t *testing.T, dir string, change func(*config.Settings)) *rig {
	t.Helper()
	s := settings(dir)
	if change != nil {
		change(&s)
	}
	p, err := escpos.ProfileByName(testProfile)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{
		T: t, log: &logged{}, gone: map[session.Part]bool{}, pins: map[string]*gpiotest.Pin{},
		printer: sim.NewPrinter(sim.PrinterOpts{
			WidthDots: p.Dots, HeadToCutterMM: p.Cutter.MM, SwallowsLF: p.Quirks.SwallowsLF, SpeedMMs: 150,
		}),
		reader: sim.NewReader(sim.ReaderOpts{}), scanner: scannertest.New(scannertest.Opts{Tail: "\r"}), chip: pn532test.New(),
	}
	for _, name := range []string{"GPIO17", "GPIO27", "GPIO22", "GPIO5", "GPIO6", "GPIO26"} {
		r.pins[name] = &gpiotest.Pin{N: name, EdgesChan: make(chan gpio.Level, 8)}
	}
	r.s, err = Open(Options{
		Settings: s, Sim: r.dial, Log: slog.New(slog.NewTextHandler(r.log, nil)),
		Pins: func(name string) (gpio.PinIO, error) {
			if p := r.pins[name]; p != nil {
				return p, nil
			}
			return nil, errors.New("no such pin")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); r.s.Run(ctx, r.take) }()
	r.stop = func() { cancel(); <-done }
	return r
}

func (r *rig) end() {
	r.stop()
	r.s.Close()
	_ = r.printer.Close()
	r.reader.Unplug()
	r.scanner.Unplug()
	r.chip.Unplug()
	r.wires.Wait()
}

// dial opens the wire to a device made of software.
func (r *rig) dial(p session.Part) (Wire, error) {
	r.mu.Lock()
	gone := r.gone[p]
	r.mu.Unlock()
	if gone {
		return nil, errors.New("no such device")
	}
	switch p {
	case session.PartPrinter:
		host, far := sim.Pipe()
		r.wires.Go(func() { _ = r.printer.Serve(far) })
		return host, nil
	case session.PartReader:
		return orNil(r.reader.Dial())
	case session.PartScanner:
		return orNil(r.scanner.Dial())
	}
	return orNil(r.chip.Dial())
}

// orNil keeps a nil pointer from becoming an interface that is not nil.
func orNil(w *sim.PipeEnd, err error) (Wire, error) {
	if err != nil {
		return nil, err
	}
	return w, nil
}

func (r *rig) plug(p session.Part, in bool) {
	r.mu.Lock()
	r.gone[p] = !in
	r.mu.Unlock()
}

func (r *rig) take(e session.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// taken returns the events since the last call, without reports.
func (r *rig) taken() []session.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []session.Event
	for _, e := range r.events {
		if _, report := e.(session.DeviceNews); !report {
			out = append(out, e)
		}
	}
	r.events = nil
	return out
}

// wait lets time pass.
func (r *rig) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// is checks how a device was last reported.
func (r *rig) is(p session.Part, h session.Health, fault string) session.DeviceReport {
	r.Helper()
	d := r.s.reports.get(p)
	if d.Health != h || d.Fault != fault {
		r.Errorf("%s is %s (%q), want %s (%q)\n%s", p, d.Health, d.Fault, h, fault, r.log)
	}
	return d
}

// one finds the only event of its type among those taken.
func one[E session.Event](r *rig) E {
	r.Helper()
	var found []E
	all := r.taken()
	for _, e := range all {
		if e, ok := e.(E); ok {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		r.Fatalf("%d events of %T in %+v", len(found), *new(E), all)
	}
	return found[0]
}
