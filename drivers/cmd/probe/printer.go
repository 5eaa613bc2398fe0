package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/drivers/printer"
	"jobhome/drivers/uart"
	"jobhome/drivers/wires"

	puart "periph.io/x/conn/v3/uart"
)

const printerUsage = `usage: probe printer URL status            how the printer is, as JSON
       probe printer URL test              print a test page
       probe printer URL print FILE        send a file of ESC/POS bytes
URL is where the printer is, for example
  uart:/dev/ttyUSB0?baud=19200&flow=rtscts&profile=generic80   on a serial port
  uart:1a86:7523?profile=generic58                             the same by the USB id of its adapter
  usblp:/dev/usb/lp0?profile=xprinter                          on a USB printer port
  usblp:04b8:0202?profile=auto                                 the same by its USB id
  tcp:192.168.1.60:9100                                        on the network
Of several with the same USB id port=1-1.3 chooses one.
Without baud= and flow= those of the profile are taken, without profile= it is
generic80, 19200 baud. flow=xonxoff is for text only: a page with a picture or QR code
is refused before it is begun.
-profile NAME takes another printer profile than the URL names; auto asks the
printer for its name, which only some can tell, and takes the profile for that if
there is one. Profiles: %s
-profiles DIR adds those of the files *.toml in DIR, as beside the settings.
-blind prints on a printer that never answers, as behind a write-only USB port;
it cannot say that the slip came out, so the exit code is 1 all the same.
`

// printerCommand is "probe printer". It exits with 0 if all is well, 1 if the
// printer is not ready or did not print, 2 if the command line is wrong.
func printerCommand(args []string, stdout, stderr io.Writer) int {
	return tappedPrinter(args, nil, stdout, stderr)
}

// tappedPrinter is printerCommand with a listener in its wire.
func tappedPrinter(args []string, t tap, stdout, stderr io.Writer) int {
	c, err := parsePrinter(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stdout, printerUsage, c.names())
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "probe: %v\n", err)
		fmt.Fprintf(stderr, printerUsage, c.names())
		return 2
	}
	if c.badFiles != nil {
		fmt.Fprintf(stderr, "probe: printer profiles that cannot be used: %v\n", c.badFiles)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return c.run(ctx, t, [2]io.Writer{stdout, stderr})
}

// run does what the command line says.
func (c printerCall) run(ctx context.Context, t tap, out [2]io.Writer) (code int) {
	stdout, stderr := out[0], out[1]
	dev := printer.New(func() (printer.Wire, error) { return open(c.at, t) }, c.profile, c.opts())
	defer dev.Close()

	do := c.status
	if c.verb != "status" {
		do = func(ctx context.Context, dev *printer.Dev) (any, error) { return c.print(ctx, dev, stderr) }
	}
	report, err := do(ctx, dev)
	enc := json.NewEncoder(stdout)
	enc.SetEscapeHTML(false)
	if encErr := enc.Encode(report); encErr != nil && err == nil {
		err = fmt.Errorf("write report: %w", encErr)
	}
	if err != nil {
		fmt.Fprintf(stderr, "probe: %v\n", err)
		if hint := printerHint(err); hint != "" {
			fmt.Fprintln(stderr, hint)
		}
		return 1
	}
	return 0
}

// printerCall is a command line understood.
type printerCall struct {
	at         wires.Address
	line       uart.Opts // with at.Scheme UART
	verb, file string
	known      *escpos.Catalogue
	badFiles   error // those that known does without
	profile    escpos.Profile
	auto       bool // the printer is asked which profile it has
	blind      bool
}

const autoProfile = "auto"

func (c printerCall) opts() printer.Opts {
	o := printer.Opts{Fast: true, Blind: c.blind}
	if c.at.Scheme == wires.UART {
		o.Fast, o.Baud, o.NoFlow = false, c.line.Baud, c.line.Flow == puart.NoFlow
	}
	if c.auto {
		o.Identify = c.known.Identify
	}
	return o
}

// names are the profiles there are.
func (c printerCall) names() string {
	var names []string
	for _, p := range c.known.Profiles() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

func parsePrinter(args []string) (c printerCall, err error) {
	c.known = escpos.Builtin()
	fs := flag.NewFlagSet("probe printer", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	name := fs.String("profile", "", "")
	dir := fs.String("profiles", "", "")
	fs.BoolVar(&c.blind, "blind", false, "")
	words, err := anywhere(fs, args)
	if err != nil {
		return c, err
	}
	want := map[string]int{"status": 2, "test": 2, "print": 3}
	if len(words) < 2 || want[words[1]] != len(words) {
		return c, errors.New("want a URL and one of status, test, print FILE")
	}
	c.verb = words[1]
	if c.verb == "print" {
		c.file = words[2]
	}
	var rest url.Values
	if c.at, rest, err = printerKind.parse(words[0]); err != nil {
		return c, err
	}
	if err := c.load(*dir); err != nil {
		return c, err
	}
	if *name == "" {
		*name = rest.Get("profile")
	}
	c.auto = *name == autoProfile
	if *name == "" || c.auto {
		*name = "generic80"
	}
	delete(rest, "profile")
	for k := range rest {
		return c, fmt.Errorf("port %q: %s= is not known", words[0], k)
	}
	if c.profile, err = c.known.ByName(*name); err != nil {
		return c, errors.Join(err, c.badFiles)
	}
	return c, c.asDelivered()
}

// load adds the profiles of a directory. Unlike the terminal's, which may be
// missing, one that is named here is there.
func (c *printerCall) load(dir string) error {
	if dir == "" {
		return nil
	}
	if _, err := os.ReadDir(dir); err != nil {
		return fmt.Errorf("-profiles: %w", err)
	}
	c.known, c.badFiles = escpos.LoadDir(dir)
	return nil
}

// asDelivered sets what the URL leaves open as printers of the profile have it.
func (c *printerCall) asDelivered() (err error) {
	if c.at.Scheme != wires.UART {
		return nil
	}
	if c.at.Baud == 0 {
		c.at.Baud = c.profile.Baud
	}
	if c.at.Flow == "" {
		c.at.Flow = string(c.profile.Flow)
	}
	c.line, err = c.at.Line()
	return err
}

// identity is what the printer says of itself, if it was asked and says it.
type identity struct {
	Maker string `json:"maker,omitempty"`
	Model string `json:"model,omitempty"`
}

func identityOf(dev *printer.Dev) identity {
	maker, model, _ := dev.Identity()
	return identity{maker, model}
}

// printerReport is what status prints. Fields that are false were not reported;
// only ready says that all is well.
type printerReport struct {
	Port    string `json:"port"`
	Profile string `json:"profile"`
	identity
	Baud     int    `json:"baud,omitempty"`
	Ready    bool   `json:"ready"`
	Unknown  bool   `json:"unknown"`
	Words    string `json:"words"`
	Offline  bool   `json:"offline"`
	Cover    bool   `json:"cover_open"`
	PaperOut bool   `json:"paper_out"`
	PaperLow bool   `json:"paper_low"`
	Cutter   bool   `json:"cutter_error"`
	Jam      bool   `json:"jam"`
	Hot      bool   `json:"overheated"`
	Broken   bool   `json:"unrecoverable"`
	Held     bool   `json:"slip_not_taken"`
	Millis   int64  `json:"ms"` // from opening the port to the last answer
}

// port is where the printer is, without its settings.
func (c printerCall) port() string { return cmp.Or(c.at.Path, c.at.ID) }

func (c printerCall) status(ctx context.Context, dev *printer.Dev) (any, error) {
	begin := time.Now()
	st, err := dev.Status(ctx)
	if err == nil && !st.Ready() {
		err = fmt.Errorf("%w: %s", printer.ErrNotReady, st)
	}
	return printerReport{
		Port: c.port(), Profile: dev.Profile().Name, identity: identityOf(dev), Baud: c.line.Baud,
		Ready: st.Ready(), Unknown: st.Unknown(), Words: st.String(),
		Offline: st.Offline, Cover: st.CoverOpen, PaperOut: st.PaperOut, PaperLow: st.PaperLow,
		Cutter: st.Cutter, Jam: st.Jam, Hot: st.Overheated, Broken: st.Unrecoverable,
		Held: st.SlipNotTaken, Millis: time.Since(begin).Milliseconds(),
	}, err
}

// printReport is what test and print print.
type printReport struct {
	Port    string `json:"port"`
	Profile string `json:"profile"`
	identity
	State     string `json:"state"` // printed, interrupted, unconfirmed or failed
	Bytes     int    `json:"bytes"`
	SentBytes int    `json:"sent_bytes"`
	Millis    int64  `json:"ms"` // from the first byte to the answer behind the cut
	Status    string `json:"status"`
}

// maxFile bounds what print sends: some hundred metres of paper.
const maxFile = 16 << 20

func (c printerCall) print(ctx context.Context, dev *printer.Dev, stderr io.Writer) (any, error) {
	if c.auto {
		_, _ = dev.Status(ctx) // to be asked for its name; printing tells what is wrong
		c.profile = dev.Profile()
	}
	r := printReport{Port: c.port(), Profile: c.profile.Name, State: printer.Failed.String(), Status: "unknown"}
	r.identity = identityOf(dev)
	job, err := c.job(stderr)
	if err == nil {
		err = c.line.Carries(job)
	}
	if err != nil {
		return r, err
	}
	out, err := dev.Print(ctx, job)
	r.identity = identityOf(dev)
	r.State, r.Bytes, r.SentBytes, r.Status = out.State.String(), len(job), out.SentBytes, out.Cause.String()
	if !out.FirstByte.IsZero() {
		r.Millis = time.Since(out.FirstByte).Milliseconds()
	}
	return r, err
}

func (c printerCall) job(stderr io.Writer) ([]byte, error) {
	if c.verb == "print" {
		f, err := os.Open(c.file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", c.file, err)
		}
		if len(b) > maxFile {
			return nil, fmt.Errorf("%s is longer than %d MB", c.file, maxFile>>20)
		}
		return b, nil
	}
	var glyphs escpos.Glyphs
	face, err := glyph.Open()
	if err == nil {
		defer face.Close()
		glyphs = face
	} else {
		fmt.Fprintf(stderr, "probe: rare characters cannot be drawn (apt-get install fonts-noto-cjk): %v\n", err)
	}
	e, err := escpos.Encode(testPage(c.profile), c.profile, glyphs)
	return e.Bytes, err
}

// testPage shows what a new printer gets wrong: code, width, sizes, rare
// characters, pictures, the cut.
func testPage(p escpos.Profile) escpos.Doc {
	var d escpos.Doc
	line := func(s string, st escpos.Style) { d.Add(escpos.Text(s, st, escpos.Left)) }
	d.Add(escpos.Text("打印机测试页", escpos.Style{W: 2, H: 2, Bold: true}, escpos.Center))
	d.Add(escpos.Text(fmt.Sprintf("%s  %d 点  %d 列", p.Name, p.Dots, p.Columns), escpos.Style{}, escpos.Center))
	d.Add(escpos.Rule{})
	ruler := strings.Repeat("1234567890", p.Columns/10+1)[:p.Columns]
	line(ruler, escpos.Style{})
	line(strings.Repeat("宽", p.Columns/2), escpos.Style{})
	line("就业之家 推荐单 ABC abc 0123", escpos.Style{})
	line("加粗 Bold", escpos.Style{Bold: true})
	line("倍高 Tall", escpos.Style{H: 2})
	line("倍宽 Wide", escpos.Style{W: 2})
	line("反白 Reverse", escpos.Style{Reverse: true})
	line("生僻字 㐱 䶮 𬱖 · 符号 ￥ ㎡ ℃ —— …", escpos.Style{})
	d.Add(
		escpos.Row{Left: []escpos.Span{{Text: "左"}}, Right: []escpos.Span{{Text: "右"}}},
		escpos.QR{Payload: "https://example.cn/p/TEST?r=0000-TEST"},
		escpos.Text("上面的二维码应能扫出 TEST", escpos.Style{}, escpos.Center),
		escpos.Cut{},
	)
	return d
}

// printerHint says what to do about an error, for someone in front of the machine.
func printerHint(err error) string {
	switch {
	case errors.Is(err, printer.ErrGarbled):
		return "Set baud= in the URL to the printer's speed: its self test shows it (hold FEED while switching on)."
	case errors.Is(err, printer.ErrSilent):
		return "Check that the printer is switched on, that its TX and RX are not swapped, and that baud= is its speed (hold FEED while switching on for its self test)."
	case errors.Is(err, printer.ErrNotReady):
		return "Close the cover, put paper in, clear the cutter; then run status again."
	}
	return ""
}
