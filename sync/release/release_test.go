package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"jobhome/sync/wire"
)

var day = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

// built is a release of two small images.
func built(t testing.TB, serial uint64) Manifest {
	t.Helper()
	m := Manifest{Format: Format, Target: "uefi-amd64", Version: fmt.Sprintf("1.%d", serial), Serial: serial, Built: day}
	for _, name := range []string{"boot", "root"} {
		p, err := Cut(name, bytes.NewReader(bytes.Repeat([]byte(name+m.Version), 200000)), func(wire.Hash, []byte) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		m.Parts = append(m.Parts, p)
	}
	return m
}

func offered(serial uint64, waves ...Wave) Offer {
	return Offer{
		Format: Format, Epoch: 1, Target: "uefi-amd64", Version: fmt.Sprintf("1.%d", serial), Serial: serial,
		Manifest: wire.Object{Size: 9, Raw: 9}, Issued: day, Expires: day.AddDate(0, 1, 0), Waves: waves,
	}
}

func text(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What put was given makes the image again, at the places that the part says.
func TestCut(t *testing.T) {
	for _, size := range []int{1, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 7} {
		image := bytes.Repeat([]byte("image"), size/5+1)[:size]
		back := make([]byte, 0, size)
		var hashes []wire.Hash
		p, err := Cut("root", iotest.HalfReader(bytes.NewReader(image)), func(h wire.Hash, chunk []byte) error {
			if h != wire.Hash(sha256.Sum256(chunk)) {
				t.Errorf("chunk %d has another hash", len(hashes))
			}
			hashes, back = append(hashes, h), append(back, chunk...)
			return nil
		})
		if err != nil || !bytes.Equal(back, image) || p.Hash != wire.Hash(sha256.Sum256(image)) || p.Size != int64(size) {
			t.Fatalf("%d bytes: %+v, %v", size, p, err)
		}
		if fmt.Sprint(p.Chunks) != fmt.Sprint(hashes) || p.check() != nil {
			t.Errorf("%d bytes: the part does not say what was cut", size)
		}
	}
}

func TestCutFails(t *testing.T) {
	full, torn := errors.New("no space left"), errors.New("torn")
	keep := func(wire.Hash, []byte) error { return nil }
	for what, v := range map[string]struct {
		name string
		r    io.Reader
		put  func(wire.Hash, []byte) error
		want error
	}{
		"nothing in it":    {"root", strings.NewReader(""), keep, ErrForm},
		"an unknown name":  {"home", strings.NewReader("x"), keep, ErrForm},
		"a store is full":  {"root", strings.NewReader("x"), func(wire.Hash, []byte) error { return full }, full},
		"an image is torn": {"root", io.MultiReader(strings.NewReader("x"), iotest.ErrReader(torn)), keep, torn},
	} {
		if _, err := Cut(v.name, v.r, v.put); !errors.Is(err, v.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestReadManifest(t *testing.T) {
	good := built(t, 7)
	if back, err := ReadManifest(text(t, good)); err != nil || !bytes.Equal(text(t, back), text(t, good)) {
		t.Fatalf("%+v, %v", back, err)
	}
	later := strings.Replace(string(text(t, good)), "{", `{"notes":{"zh":["新"]},`, 1)
	if _, err := ReadManifest([]byte(later)); err != nil {
		t.Errorf("a field of a later program: %v", err)
	}
	for what, change := range map[string]func(*Manifest){
		"format":            func(m *Manifest) { m.Format = 2 },
		"target":            func(m *Manifest) { m.Target = "../etc" },
		"version":           func(m *Manifest) { m.Version = "1 2" },
		"serial":            func(m *Manifest) { m.Serial = 0 },
		"time":              func(m *Manifest) { m.Built = time.Time{} },
		"one part":          func(m *Manifest) { m.Parts = m.Parts[:1] },
		"the same twice":    func(m *Manifest) { m.Parts[1] = m.Parts[0] },
		"an unknown part":   func(m *Manifest) { m.Parts[1].Name = "home" },
		"a part of 1 GiB+1": func(m *Manifest) { m.Parts[1].Size = maxPart + 1 },
		"an empty part":     func(m *Manifest) { m.Parts[1].Size, m.Parts[1].Chunks = 0, nil },
		"small chunks":      func(m *Manifest) { m.Parts[1].Chunk = leastChunk - 1 },
		"large chunks":      func(m *Manifest) { m.Parts[1].Chunk = mostChunk + 1 },
		"a chunk missing":   func(m *Manifest) { m.Parts[1].Chunks = m.Parts[1].Chunks[1:] },
		"a chunk more":      func(m *Manifest) { m.Parts[1].Chunks = append(m.Parts[1].Chunks, wire.Hash{}) },
	} {
		bad := built(t, 7)
		change(&bad)
		if _, err := ReadManifest(text(t, bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestReadOffer(t *testing.T) {
	wave := Wave{From: day, Permille: 100, Terminals: []string{"k1"}}
	good := offered(7, wave)
	if back, err := ReadOffer(text(t, good)); err != nil || !bytes.Equal(text(t, back), text(t, good)) {
		t.Fatalf("%+v, %v", back, err)
	}
	for what, change := range map[string]func(*Offer){
		"format":              func(o *Offer) { o.Format = 0 },
		"epoch":               func(o *Offer) { o.Epoch = 0 },
		"target":              func(o *Offer) { o.Target = "toaster" },
		"expired at once":     func(o *Offer) { o.Expires = o.Issued },
		"an empty manifest":   func(o *Offer) { o.Manifest.Size, o.Manifest.Raw = 0, 0 },
		"a huge manifest":     func(o *Offer) { o.Manifest.Size, o.Manifest.Raw = maxManifest+1, maxManifest+1 },
		"a packed manifest":   func(o *Offer) { o.Manifest.Raw++ },
		"1001 ‰":              func(o *Offer) { o.Waves[0].Permille = 1001 },
		"-1 ‰":                func(o *Offer) { o.Waves[0].Permille = -1 },
		"a wave at no time":   func(o *Offer) { o.Waves[0].From = time.Time{} },
		"a nameless terminal": func(o *Offer) { o.Waves[0].Terminals[0] = "" },
		"a long name":         func(o *Offer) { o.Waves[0].Terminals[0] = strings.Repeat("k", maxName+1) },
		"many waves":          func(o *Offer) { o.Waves = make([]Wave, maxWaves+1) },
		"many names":          func(o *Offer) { o.Waves[0].Terminals = strings.Split(strings.Repeat("k,", maxNamed)+"k", ",") },
	} {
		bad := offered(7, Wave{From: day, Permille: 100, Terminals: []string{"k1"}})
		change(&bad)
		if _, err := ReadOffer(text(t, bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	good := string(text(t, offered(7)))
	for what, bad := range map[string]string{
		"nothing":        "",
		"null":           "null",
		"cut short":      good[:len(good)-1],
		"more behind":    good + "{}",
		"deep":           strings.Replace(good, "{", `{"x":`+strings.Repeat("[", maxDepth)+strings.Repeat("]", maxDepth)+",", 1),
		"large":          good + strings.Repeat(" ", MaxOffer),
		"a short hash":   strings.Replace(good, strings.Repeat("0", 64), "00", 1),
		"a long hash":    strings.Replace(good, strings.Repeat("0", 64), strings.Repeat("0", 66), 1),
		"a bad serial":   strings.Replace(good, `"serial":7`, `"serial":-7`, 1),
		"a large serial": strings.Replace(good, `"serial":7`, `"serial":18446744073709551616`, 1),
	} {
		if _, err := ReadOffer([]byte(bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Of 1,000 terminals about the share is in; all who are in stay in while it rises.
func TestShare(t *testing.T) {
	in, first := map[string]bool{}, map[string]bool{}
	o := offered(7)
	for _, permille := range []int{0, 1, 100, 101, 250, 500, 900, 999, 1000} {
		o.Waves = append(o.Waves, Wave{From: day, Permille: permille})
		n := 0
		for i := range 1000 {
			kiosk := fmt.Sprintf("kiosk-%04d", i)
			got := o.For(kiosk, day)
			if in[kiosk] && !got {
				t.Fatalf("%s is out again at %d ‰", kiosk, permille)
			}
			if in[kiosk] = got; got {
				n++
				first[kiosk] = first[kiosk] || permille == 100
			}
		}
		// Four standard deviations of a binomial distribution are at most 63.
		if n < permille-63 || n > permille+63 || permille == 0 && n > 0 || permille == 1000 && n < 1000 {
			t.Errorf("%d ‰ are %d of 1000", permille, n)
		}
	}
	again, both := offered(8, Wave{From: day, Permille: 100}), 0
	for kiosk, was := range first {
		if was && again.For(kiosk, day) {
			both++
		}
	}
	if both > 50 {
		t.Errorf("%d terminals are among the first 10 %% of both releases", both)
	}
}

func TestWaves(t *testing.T) {
	o := offered(7, Wave{From: day, Terminals: []string{"k1"}}, Wave{From: day.AddDate(0, 0, 7), Permille: 1000}, Wave{From: day.AddDate(0, 0, 8), Permille: 0})
	for _, v := range []struct {
		kiosk string
		at    time.Time
		want  bool
	}{
		{"k1", day.Add(-1), false},
		{"k1", day, true},
		{"k2", day, false},
		{"k2", day.AddDate(0, 0, 7).Add(-1), false},
		{"k2", day.AddDate(0, 0, 7), true},
		{"k2", day.AddDate(0, 0, 9), true},
	} {
		if got := o.For(v.kiosk, v.at); got != v.want {
			t.Errorf("%s at %s: %v", v.kiosk, v.at, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(text(f, built(f, 7)))
	f.Add(text(f, offered(7, Wave{From: day, Permille: 5, Terminals: []string{"k1"}})))
	f.Fuzz(func(t *testing.T, payload []byte) {
		if m, err := ReadManifest(payload); err == nil {
			if back, err := ReadManifest(text(t, m)); err != nil || !bytes.Equal(text(t, back), text(t, m)) {
				t.Errorf("%+v reads back as %+v, %v", m, back, err)
			}
		}
		if o, err := ReadOffer(payload); err == nil {
			o.For("k1", o.Issued)
			if back, err := ReadOffer(text(t, o)); err != nil || !bytes.Equal(text(t, back), text(t, o)) {
				t.Errorf("%+v reads back as %+v, %v", o, back, err)
			}
		}
	})
}
