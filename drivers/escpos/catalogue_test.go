package escpos

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestProfiles(t *testing.T) {
	var names []string
	for _, p := range Profiles() {
		if slices.Contains(names, p.Name) {
			t.Errorf("%s is there twice", p.Name)
		}
		names = append(names, p.Name)
		if p.Title == "" || p.SpeedMMs == 0 || p.Baud == 0 {
			t.Errorf("%s: title %q, %d mm/s, %d baud", p.Name, p.Title, p.SpeedMMs, p.Baud)
		}
		// What a line without flow control cannot stop has to be paced; a printer that
		// is not known to answer GS I is not to be known by it.
		if len(p.Match) > 0 && !p.Identify {
			t.Errorf("%s: has identity.match and does not answer", p.Name)
		}
	}
	want := "generic58 generic80 csn-a2 epson-tm kiosk80 masung my628 pos5802 snbc-btp xprinter " +
		"custom-kpm custom-tptcm epson-tm-t70ii-ch epson-tm-t88iii masung-mark"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the profiles are\n%s, want\n%s", got, want)
	}
}

// TestOldProfilesAreWhatTheyWere holds the values that terminals in the field print with.
func TestOldProfilesAreWhatTheyWere(t *testing.T) {
	feedCut := []byte{0x1D, 'V', 66}
	all := []Query{1, 2, 3, 4}
	for _, want := range []Profile{
		{Name: "generic58", Dots: 384, Columns: 32, DotsPerMM: 8, Cutter: Cutter{MM: 12}, Status: all, Baud: 9600, Quirks: Quirks{true, true}},
		{Name: "generic80", Dots: 576, Columns: 48, DotsPerMM: 8, Cutter: Cutter{MM: 15, Command: []byte{0x1D, 'V', 1}}, Status: all, Baud: 19200, Quirks: Quirks{SwallowsLF: true}},
		{Name: "xprinter", Dots: 576, Columns: 48, DotsPerMM: 8, Cutter: Cutter{3, feedCut, true}, Status: all, Baud: 115200},
		{
			Name: "kiosk80", Dots: 576, Columns: 48, DotsPerMM: 8, BoldG: true, Cutter: Cutter{MM: 18, Command: []byte{0x1B, 'i'}},
			Presenter: Presenter{[]byte{0x1D, 'e', 3, 96}, []byte{0x1D, 'e', 2}}, Status: []Query{1, 2, 3, 4, 20}, Baud: 115200,
		},
	} {
		want.LineGap, want.Raster = 6, Raster{Rows: 255, Double: true}
		got := profile(t, want.Name)
		want.Title, want.SpeedMMs = got.Title, got.SpeedMMs
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nwant %+v", got, want)
		}
	}
	tm := profile(t, "epson-tm")
	if tm.Dots != 512 || tm.dots(25.4) != 180 || tm.Hanzi != GB18030 || tm.Raster.Rows != 1023 || tm.QR.MaxModule != 16 {
		t.Errorf("%+v", tm)
	}
}

func TestProfilesAreCopies(t *testing.T) {
	c := Builtin()
	a, err := c.ByName("kiosk80")
	if err != nil {
		t.Fatal(err)
	}
	a.Presenter.Retract[2], a.Status[0], a.Cutter.Command[0] = 99, 99, 99
	if b, _ := c.ByName("kiosk80"); b.Presenter.Retract[2] != 2 || b.Status[0] != 1 || b.Cutter.Command[0] != 0x1B {
		t.Errorf("a profile handed out is the catalogue's own: %+v", b)
	}
}

func TestIdentify(t *testing.T) {
	c, err := LoadDir(profileDir(t, map[string]string{
		"ours":  "title='x'\ninherits='generic80'\nidentity.match=[{model='TM-T88V'}, {maker='SNBC'}]",
		"other": "title='x'\ninherits='generic80'\nidentity.match=[{maker='epson', model='tm-t88v'}]",
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct{ maker, model, want, own string }{
		{"EPSON", "TM-T88IV", "epson-tm", "epson-tm"},
		{"EPSON", "TM-T88VI", "epson-tm", "other"}, // same length: the settings directory counts
		{"epson", "tm-t88iii", "epson-tm-t88iii", "epson-tm-t88iii"},
		{" EPSON", "TM-T70II", "epson-tm-t70ii-ch", "epson-tm-t70ii-ch"},
		{"EPSON", "TM-T20", "", ""},
		{"BIXOLON", "TM-T88V", "", "ours"}, // an empty maker fits any
		{"SNBC", "", "", "ours"},
		{"JOBHOME", "SIM", "", ""},
		{"", "", "", ""},
	} {
		for _, k := range []struct {
			c    *Catalogue
			want string
		}{{Builtin(), s.want}, {c, s.own}} {
			got, ok := k.c.Identify(s.maker, s.model)
			if got.Name != k.want || ok != (k.want != "") {
				t.Errorf("%q %q is %q, %v; want %q", s.maker, s.model, got.Name, ok, k.want)
			}
		}
	}
	if (Match{}).fits("", "") || (Match{}).fits("EPSON", "TM-T88V") {
		t.Error("an empty match fits")
	}
}

// profileDir is a settings directory with profile files.
func profileDir(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name+".toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoadDir(t *testing.T) {
	dir := profileDir(t, map[string]string{
		"generic80": "title='ours'\ninherits='generic80'\ncutter.mm=20", // a built-in one, changed
		"wide":      "title='wide'\ninherits='generic80'\npaper.dots=640",
		"wide2":     "title='wide2'\ninherits='wide'\ncutter.command=''",
		"alone":     "title='alone'\npaper.dots=384\npaper.columns=32",
		"broken":    "title='x'\ninherits='generic80'\ncutter.command='1D 5'",
		"heir":      "title='x'\ninherits='broken'",
		"xprinter":  "nonsense = 1",
	})
	if err := os.Mkdir(filepath.Join(dir, "folder.toml"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("no profile"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := LoadDir(dir)
	for _, want := range []string{
		filepath.Join(dir, "broken.toml") + `: cutter.command: "1D 5": want bytes as "1D 56 42"`,
		filepath.Join(dir, "heir.toml") + ": inherits: broken is wrong itself: cutter.command",
		filepath.Join(dir, "xprinter.toml") + ": nonsense: unknown key",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error\n%v\ndoes not say\n%s", err, want)
		}
	}
	get := func(name string) Profile {
		p, err := c.ByName(name)
		if err != nil {
			t.Error(err)
		}
		return p
	}
	if p := get("generic80"); p.Title != "ours" || p.Cutter.MM != 20 || string(p.Cutter.Command) != "\x1dV\x01" {
		t.Errorf("generic80: %+v", p)
	}
	if p := get("wide2"); p.Dots != 640 || p.Cutter.MM != 20 || p.Cutter.Command != nil || !p.Raster.Double {
		t.Errorf("wide2: %+v", p)
	}
	if p := get("alone"); p.DotsPerMM != 8 || p.LineGap != 6 || p.Raster != (Raster{Rows: 255}) || p.Status != nil {
		t.Errorf("alone: %+v", p)
	}
	// What is wrong leaves the built-in ones as they are.
	if p := get("xprinter"); !p.Cutter.TakesFeed {
		t.Errorf("xprinter: %+v", p)
	}
	if n, want := len(c.Profiles()), len(Profiles())+3; n != want {
		t.Errorf("%d profiles, want %d", n, want)
	}
	if _, err := c.ByName("broken"); err == nil || !strings.Contains(err.Error(), "wide2") {
		t.Errorf("broken: %v", err)
	}
}

func TestLoadDirThatIsNotThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dir string
		ok  bool
	}{{"", true}, {filepath.Join(t.TempDir(), "none"), true}, {file, false}} {
		got, err := LoadDir(c.dir)
		if (err == nil) != c.ok {
			t.Errorf("%q: %v", c.dir, err)
		}
		if !reflect.DeepEqual(got.Profiles(), Profiles()) {
			t.Errorf("%q: not the built-in profiles", c.dir)
		}
		if err != nil && errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", c.dir, err)
		}
	}
}

func TestInheritance(t *testing.T) {
	deep := map[string]string{"d0": "title='x'\ninherits='generic80'"}
	for i := 1; i < 12; i++ {
		deep["d"+string(rune('0'+i))] = "title='x'\ninherits='d" + string(rune('0'+i-1)) + "'"
	}
	delete(deep, "d:")
	delete(deep, "d;")
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"itself", map[string]string{"a": "title='x'\ninherits='a'"}, "a circle: a inherits a"},
		{"two", map[string]string{"a": "title='x'\ninherits='b'", "b": "title='x'\ninherits='a'"}, "a circle: a inherits b inherits a"},
		{"three", map[string]string{
			"a": "title='x'\ninherits='b'", "b": "title='x'\ninherits='c'", "c": "title='x'\ninherits='b'",
		}, "a circle: a inherits b inherits c inherits b"},
		{"nobody", map[string]string{"a": "title='x'\ninherits='nobody'"}, `a.toml: inherits: there is no profile "nobody"`},
		{"name", map[string]string{"A b": "title='x'"}, "a profile's name is"},
		{"deep", deep, "more than 8 profiles in a row"},
	} {
		_, err := LoadDir(profileDir(t, c.files))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	// Title and match are a printer's own.
	_, err := LoadDir(profileDir(t, map[string]string{"a": "inherits='epson-tm'"}))
	if err == nil || !strings.Contains(err.Error(), "a.toml: title: missing") {
		t.Errorf("a file without a title: %v", err)
	}
	c, err := LoadDir(profileDir(t, map[string]string{"a": "title='x'\ninherits='epson-tm'"}))
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := c.ByName("a"); p.Match != nil || !p.Identify {
		t.Errorf("%+v", p)
	}
}
