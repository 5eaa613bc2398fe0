package escpos

import (
	"bytes"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
)

// parse reads a profile file as one of a settings directory.
func parse(c *Catalogue, text []byte) (Profile, error) {
	raw, err := parseFile(text)
	if err != nil {
		return Profile{}, err
	}
	p := blank()
	if raw.inherits != "" {
		if p, err = c.ByName(raw.inherits); err != nil {
			return p, err
		}
	}
	p.Name = "test"
	if err := raw.apply(&p); err != nil {
		return p, err
	}
	return p, p.check()
}

func TestProfileFileErrors(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"cutter.comand = '1B 69'", "cutter.comand: unknown key"},
		{"[cutter]\nfeed = 3", "cutter.feed: unknown key"},
		{"paper = 80", "paper: unknown key"},
		{"'paper.dots' = 80", `"paper.dots": unknown key`},
		{"paper.dots = '576'", "paper.dots: want a whole number, not a string"},
		{"paper.dots = 576.0", "paper.dots: want a whole number, not a fraction"},
		{"paper.dots = 0", "paper.dots: 0 is out of range, want 96 to 1024"},
		{"paper.columns = 49", "paper.columns: 49 columns of 12 dots do not fit in 576 dots"},
		{"paper.dots_per_mm = 'fine'", "paper.dots_per_mm: want a number, not a string"},
		{"paper.dots_per_mm = nan", "paper.dots_per_mm: NaN is out of range"},
		{"paper.dots_per_mm = inf", "paper.dots_per_mm: +Inf is out of range"},
		{"cutter.mm = -1", "cutter.mm: -1 is out of range, want 0 to 100"},
		{"cutter.mm = 40\ncutter.takes_feed = true", "cutter.mm: 40.0 mm are more than the 255 dots"},
		{"cutter.command = ''\ncutter.takes_feed = true", "cutter.takes_feed: there is no cutter.command"},
		{"cutter.command = 27", `cutter.command: want bytes as "1D 56 42", not a whole number`},
		{"cutter.command = '1B69'", `cutter.command: "1B69": want bytes`},
		{"cutter.command = '1B  69'", "cutter.command: "},
		{"cutter.command = '1B 6G'", "cutter.command: "},
		{"cutter.command = '0x1B 0x69'", "cutter.command: "},
		{"cutter.command = '69 1B'", "cutter.command: 69 1B begins no command"},
		{"cutter.command = '1B 10 04 01'", "cutter.command: 1B 10 04 01 holds a real-time command"},
		{"text.init = '10 14 08 01 03 14 01 06 02 08'", "text.init: "},
		{"cutter.command = '1D 65 03 10'", "cutter.command: 1D 65 03 10 may form a real-time command"},
		{"presenter.present = '1C C0 18 10 14 1A'", "presenter.present: 1C C0 18 10 14 1A holds a real-time"},
		{"presenter.retract = '1B" + strings.Repeat(" 41", 16) + "'", "presenter.retract: 17 bytes, at most 16"},
		{"black_mark.to_cut = '00'", "black_mark.to_cut: 00 begins no command"},
		{"text.init = '1B" + strings.Repeat(" 41", 32) + "'", "text.init: 33 bytes, at most 32"},
		{"text.hanzi = 'big5'", `text.hanzi: "big5" is not one of "gb18030", "gbk"`},
		{"text.bold = true", `text.bold: want one of "esc-e", "esc-g", not true or false`},
		{"serial.flow = 'xonxoff'", `serial.flow: "xonxoff" is not one of`},
		{"serial.baud = -1", "serial.baud: -1 is out of range"},
		{"raster.rows = 2000", "raster.rows: 2000 is out of range, want 1 to 1023"},
		{"raster.double = 1", "raster.double: want true or false, not a whole number"},
		{"qr.dialect = 'masung'", `qr.dialect: "masung" is not one of`},
		{"qr.max_module = 6", "qr.max_module: 6 dots without a qr.dialect"},
		{"qr.max_module = 7\nqr.dialect = 'my628'", "qr.max_module: 7 dots, the dialect my628 wants 4 to 6"},
		{"qr.max_module = 3\nqr.dialect = 'gs-k'", "qr.max_module: 3 dots, the dialect gs-k wants 4 to 16"},
		{"status.queries = 1", "status.queries: want a list of numbers, not a whole number"},
		{"status.queries = [1, '2']", "status.queries: want a list of whole numbers, but in it is a string"},
		{"status.queries = [1, 7]", "status.queries: DLE EOT 7 is not known"},
		{"status.queries = [1, 2, 1]", "status.queries: 1 is there twice"},
		{"identity.match = 'EPSON'", "identity.match: want a list of tables"},
		{"identity.match = ['EPSON']", "identity.match: want a list of tables, but in it is a string"},
		{"identity.match = [{}]", "identity.match: maker and model are both empty"},
		{"identity.match = [{maker = '', model = ''}]", "identity.match: maker and model are both empty"},
		{"[[identity.match]]\nmakr = 'EPSON'", "identity.match: makr: unknown key"},
		{"[[identity.match]]\nmodel = 88", "identity.match: model: want a string, not a whole number"},
		{"identity.match = [{maker = '新北洋'}]", "identity.match: maker: want at most 40 ASCII characters"},
		{"title = ''", "title: want 1 to 120 bytes"},
		{"title = \"a\\nb\"", "title: want 1 to 120 bytes"},
		{"inherits = ''", "inherits: want the name of a profile, not a string"},
		{"inherits = 5", "inherits: want the name of a profile, not a whole number"},
		{"paper.dots = 576\npaper.dots = 384", "line 4: "},
		{"cutter.command = '1B 69", "line 3: "},
		{strings.Repeat("#", maxFile), "more than 65536 bytes"},
	} {
		text := "title = 'test'\ninherits = 'generic80'\n" + c.line
		switch {
		case strings.HasPrefix(c.line, "title"):
			text = "inherits = 'generic80'\n" + c.line
		case strings.HasPrefix(c.line, "inherits"):
			text = "title = 'test'\n" + c.line
		}
		if _, err := parse(Builtin(), []byte(text)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.60s: %v\nwant %s", c.line, err, c.want)
		}
	}
	if _, err := parse(Builtin(), []byte("title = 'test'")); err == nil || !strings.HasPrefix(err.Error(), "paper.columns: ") {
		t.Errorf("a profile without paper: %v", err)
	}
}

// TestProfileFileSetsEveryKey reads a file that has them all.
func TestProfileFileSetsEveryKey(t *testing.T) {
	const all = `
title = "all"
inherits = "generic58"
paper = { dots = 600, columns = 50, dots_per_mm = 11.8, line_gap = 4, speed = 90 }
text = { hanzi = "gb18030", bold = "esc-g", init = "1b 74 00" }
cutter = { mm = 2, command = "1D 56 41", takes_feed = true }
presenter = { present = "1D 65 03 20", retract = "1D 65 02" }
black_mark.to_cut = "1D 0C"
qr = { dialect = "pos5802", max_module = 8 }
raster = { rows = 99, double = false }
status = { queries = [20, 4], auto = true, process_id = true }
identity.answers = true
serial = { baud = 57600, flow = "rtscts", buffer = 512 }
quirks = { swallows_lf = false, no_dot_feed = false }
[[identity.match]]
maker = "A"
[[identity.match]]
model = "B 2"
`
	raw, err := parseFile([]byte(all))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys() {
		if _, ok := raw.values[k.name]; !ok {
			t.Errorf("this test leaves out %s", k.name)
		}
	}
	got, err := parse(Builtin(), []byte(all))
	if err != nil {
		t.Fatal(err)
	}
	want := Profile{
		Name: "test", Title: "all", Dots: 600, Columns: 50, DotsPerMM: 11.8, LineGap: 4, SpeedMMs: 90,
		Hanzi: GB18030, BoldG: true, Init: []byte{0x1B, 't', 0}, Cutter: Cutter{2, []byte{0x1D, 'V', 65}, true},
		Presenter: Presenter{[]byte{0x1D, 'e', 3, 32}, []byte{0x1D, 'e', 2}}, BlackMark: BlackMark{[]byte{0x1D, 0x0C}},
		QR: NativeQR{QRPOS5802, 8}, Raster: Raster{Rows: 99}, Status: []Query{20, 4}, Auto: true, ProcessID: true,
		Identify: true, Match: []Match{{Maker: "A"}, {Model: "B 2"}}, Baud: 57600, Flow: FlowRTSCTS, Buffer: 512,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

// TestProfileKeysAreDocumented holds README.md to the keys there are.
func TestProfileKeysAreDocumented(t *testing.T) {
	text, err := os.ReadFile("profiles/README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "| `"); ok {
			name, _, _ = strings.Cut(name, "`")
			rows[name] = true
		}
	}
	for _, k := range keys() {
		if !rows[k.name] {
			t.Errorf("README.md says nothing of %s", k.name)
		}
		delete(rows, k.name)
	}
	for name := range rows {
		switch {
		case strings.HasSuffix(name, ".toml"): // the list of printers
			if _, err := ProfileByName(strings.TrimSuffix(name, ".toml")); err != nil {
				t.Errorf("README.md: %v", err)
			}
		default:
			t.Errorf("README.md tells of %s, which is no key", name)
		}
	}
	for _, p := range Profiles() {
		if !rows[p.Name+".toml"] {
			t.Errorf("README.md does not list %s", p.Name)
		}
	}
}

// noRealtime encodes hostile documents and fails if a printer might obey a part of one
// at once, or could not tell where a command ends.
func noRealtime(t *testing.T, p Profile, r *rand.Rand) {
	t.Helper()
	w := 8 * (1 + r.IntN(p.Dots/8))
	var d Doc
	d.Add(
		Image{Bitmap: hostile(r, w, 1+r.IntN(40), r.IntN(2) == 0)},
		Text("\x10\x04\x01\x10\x05\x02\x10\x14\x08", Style{Bold: true}, Center),
		Feed{MM: float64(r.IntN(40))},
		QR{Payload: payloadOf(r, 1+r.IntN(120)), MM: float64(10 + r.IntN(30))},
		QR{Payload: payloadOf(r, 1+r.IntN(40)) + "\x10\x04\x01\x10\x05", MM: float64(10 + r.IntN(20))},
		Cut{},
	)
	out, err := Encode(d, p, nil)
	if err != nil && strings.Contains(err.Error(), "wider than") {
		return // narrow paper
	}
	if err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	if i := findRealtime(out.Bytes); i >= 0 {
		t.Fatalf("%s: real-time command at byte %d", p.Name, i)
	}
}

func payloadOf(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(0x20 + r.IntN(0x5F))
	}
	return string(b)
}

func TestNoProfileMakesRealtimeCommands(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, p := range Profiles() {
		for range 40 {
			noRealtime(t, p, r)
		}
		for _, b := range [][]byte{p.Init, p.Cutter.Command, p.Presenter.Present, p.Presenter.Retract, p.BlackMark.ToCut} {
			if err := checkCommand(b, maxInit); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		}
	}
}

func FuzzProfile(f *testing.F) {
	files, err := profileFiles.ReadDir("profiles")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := profileFiles.ReadFile("profiles/" + file.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("title='x'\ninherits='generic80'\ncutter.mm=0.625\ncutter.command='1D 56 10'\ncutter.takes_feed=true"))
	f.Add([]byte("title='x'\ninherits='generic58'\ntext.init='10 04 01'\n[[identity.match]]\nmaker=''"))
	f.Add([]byte("title='x'\npaper={dots=96,columns=8}\nqr={dialect='my628',max_module=6}"))
	c := Builtin()
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := parse(c, text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x00\x1b") {
				t.Errorf("a control character in %q", err)
			}
			return
		}
		for _, m := range p.Match {
			if m == (Match{}) {
				t.Error("a match that fits anything")
			}
		}
		noRealtime(t, p, rand.New(rand.NewPCG(7, uint64(len(text)))))
	})
}

func TestMarkStandsBeforeTheCut(t *testing.T) {
	p := profile(t, "xprinter")
	p.BlackMark.ToCut = []byte{0x1D, 0x0C}
	p.Presenter.Present = []byte{0x1D, 'e', 0}
	got, err := Encode(Doc{Blocks: []Block{Cut{}}}, p, nil)
	if err != nil || !bytes.HasSuffix(got.Bytes, []byte("\x1d\x0c\x1dVB\x18\x1de\x00")) {
		t.Errorf("%q, %v", got.Bytes, err)
	}
}
