package staff

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func uid(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// enrolled is a terminal with two badges.
func enrolled(t *testing.T) (dir string, list []string) {
	t.Helper()
	dir = t.TempDir()
	b, err := OpenBadges(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for label, id := range map[string]string{"王老师": "04A1B2C3D4E5F6", "desk 2": "DEADBEEF"} {
		line, err := b.Enroll(label, uid(id))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, line)
	}
	return dir, list
}

func TestEnrollAndKnow(t *testing.T) {
	dir, list := enrolled(t)
	b, err := OpenBadges(dir, list)
	if err != nil || b.Len() != 2 {
		t.Fatalf("%v, %v", b, err)
	}
	for id, label := range map[string]string{
		"04A1B2C3D4E5F6": "王老师", "DEADBEEF": "desk 2", "04A1B2C3D4E5F7": "", "DEADBEEF00": "", "": "", "08123456": "",
	} {
		number := uid(id)
		h, err := b.Know(number)
		if h.Label() != label || (err == nil) != (label != "") || label == "" && !errors.Is(err, ErrUnknownBadge) {
			t.Errorf("%s: %q, %v", id, h.Label(), err)
		}
		if !bytes.Equal(number, make([]byte, len(number))) {
			t.Errorf("%s is still there", id)
		}
	}
	other, _ := enrolled(t) // another terminal's key
	b, err = OpenBadges(other, list)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Know(uid("DEADBEEF")); !errors.Is(err, ErrUnknownBadge) {
		t.Errorf("another terminal's list: %v", err)
	}
}

// The hash is HMAC-SHA256, RFC 4231 test case 2.
func TestHashIsHMAC(t *testing.T) {
	sum := hash([]byte("Jefe"), []byte("what do ya want for nothing?"))
	if got := hex.EncodeToString(sum[:]); got != "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" {
		t.Error(got)
	}
}

func TestEnrollRefuses(t *testing.T) {
	dir := t.TempDir()
	b, err := OpenBadges(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		label, id string
		want      error
	}{
		{"王", "08A1B2C3", ErrRandomUID},
		{"王", "", ErrForm},
		{"王", "A1B2C3", ErrForm},
		{"王", "A1B2C3D4E5F60708", ErrForm},
		{"", "A1B2C3D4", ErrForm},
		{" 王", "A1B2C3D4", ErrForm},
		{"a=b", "A1B2C3D4", ErrForm},
		{"a\nb", "A1B2C3D4", ErrForm},
		{"\xff", "A1B2C3D4", ErrForm},
		{strings.Repeat("王", 33), "A1B2C3D4", ErrForm},
		{strings.Repeat("王", 32), "A1B2C3D4", nil},
		{"王", "08A1B2C3D4E5F6", nil}, // seven bytes: an NXP number is never random
	} {
		number := uid(tt.id)
		line, err := b.Enroll(tt.label, number)
		if tt.want != nil && (!errors.Is(err, tt.want) || line != "") || tt.want == nil && err != nil {
			t.Errorf("%q %s: %q, %v; want %v", tt.label, tt.id, line, err, tt.want)
		}
		if !bytes.Equal(number, make([]byte, len(number))) {
			t.Errorf("%s is still there", tt.id)
		}
		if tt.id != "" && err != nil && strings.Contains(strings.ToUpper(err.Error()), tt.id) {
			t.Errorf("the error tells the number: %v", err)
		}
	}
}

func TestKeyFile(t *testing.T) {
	dir, list := enrolled(t)
	path := filepath.Join(dir, keyFile)
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 || info.Size() != keyBytes {
		t.Fatalf("%v, %v", info, err)
	}
	key, _ := os.ReadFile(path)
	know := func() error {
		b, err := OpenBadges(dir, list)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Know(uid("DEADBEEF"))
		return err
	}
	if err := know(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func() error{
		"cut short":  func() error { return os.WriteFile(path, key[:31], 0o600) },
		"empty":      func() error { return os.WriteFile(path, nil, 0o600) },
		"too long":   func() error { return os.WriteFile(path, append(bytes.Clone(key), 0), 0o600) },
		"huge":       func() error { return os.WriteFile(path, make([]byte, 1<<20), 0o600) },
		"public":     func() error { return os.Chmod(path, 0o644) },
		"not a file": func() error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if err := know(); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
		b, _ := OpenBadges(dir, nil)
		if _, err := b.Enroll("x", uid("DEADBEEF")); !errors.Is(err, ErrKey) { // it is not replaced behind one's back
			t.Errorf("%s: enrolled, %v", name, err)
		}
		if err := errors.Join(os.Remove(path), os.WriteFile(path, key, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := know(); !errors.Is(err, ErrKey) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("looking at a badge has made a key")
	}
}

// Two programs that enroll at once use one key.
func TestOneKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	lines := make([]string, 8)
	var all sync.WaitGroup
	for i := range lines {
		all.Go(func() {
			b, err := OpenBadges(dir, nil)
			if err == nil {
				lines[i], err = b.Enroll("x", uid("DEADBEEF"))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, l := range lines[1:] {
		if l != lines[0] {
			t.Errorf("%s and %s", l, lines[0])
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("the directory holds %v", entries)
	}
}

// A badge alone opens nothing, and where one is needed, a PIN alone neither.
func TestBadgeAndPIN(t *testing.T) {
	dir, list := enrolled(t)
	badges, err := OpenBadges(dir, list)
	if err != nil {
		t.Fatal(err)
	}
	holder, err := badges.Know(uid("04A1B2C3D4E5F6"))
	if err != nil {
		t.Fatal(err)
	}
	none, _ := OpenBadges(dir, nil)
	for _, tt := range []struct {
		name   string
		badges *Badges
		needed bool
		h      Holder
		pin    string
		ok     bool
		err    error
	}{
		{"badge and PIN", badges, true, holder, right, true, nil},
		{"PIN without badge", badges, true, Holder{}, right, false, ErrBadgeNeeded},
		{"badge without PIN", badges, true, holder, "", false, ErrForm},
		{"badge with wrong PIN", badges, true, holder, wrong, false, ErrWrong},
		{"not needed", badges, false, Holder{}, right, true, nil},
		{"not needed, but there", badges, false, holder, right, true, nil},
		{"none enrolled", none, true, Holder{}, right, true, nil},
		{"no list", nil, true, Holder{}, right, true, nil},
	} {
		l := Open(Opts{Dir: t.TempDir(), PIN: quick(t), Badges: tt.badges, BadgeNeeded: tt.needed}, noon)
		r := l.TryBadge(noon, tt.h, tt.pin)
		if r.OK != tt.ok || !errors.Is(r.Err, tt.err) || tt.err == nil && r.Err != nil || tt.ok && r.Who != tt.h.Label() {
			t.Errorf("%s: %+v", tt.name, r)
		}
		if want := 5; !errors.Is(tt.err, ErrWrong) && r.Left != want {
			t.Errorf("%s cost a try: %+v", tt.name, r)
		}
	}
	// A missing key does not turn "badge and PIN" into "PIN".
	if err := os.Remove(filepath.Join(dir, keyFile)); err != nil {
		t.Fatal(err)
	}
	badges, err = OpenBadges(dir, list)
	if err != nil {
		t.Fatal(err)
	}
	l := Open(Opts{Dir: dir, PIN: quick(t), Badges: badges, BadgeNeeded: true}, noon)
	if r := l.Try(noon, right); r.OK {
		t.Errorf("without the key: %+v", r)
	}
	use(t, Open(Opts{Dir: dir, PIN: quick(t)}, noon), noon, 5)
	l = Open(Opts{Dir: dir, PIN: quick(t)}, noon)
	if r := l.TryBadge(noon, holder, right); r.OK || !errors.Is(r.Err, ErrLocked) {
		t.Errorf("a badge opens the lock: %+v", r)
	}
}

func TestBadgeList(t *testing.T) {
	h, g := strings.Repeat("0a", 32), strings.Repeat("0b", 32)
	if b, err := OpenBadges("", []string{"a=" + h, "b=" + g}); err != nil || b.Len() != 2 {
		t.Errorf("%v, %v", b, err)
	}
	for _, list := range [][]string{
		{""},
		{"a"},
		{"a="},
		{"=" + h},
		{"a=" + h[2:]},
		{"a=" + h + "00"},
		{"a=" + strings.ToUpper(h)},
		{"a==" + h},
		{"a=" + h, "a=" + g},
		{"a=" + h, "b=" + h},
		{"a=" + strings.Replace(h, "0", "x", 1)},
	} {
		if b, err := OpenBadges("", list); !errors.Is(err, ErrForm) || b != nil {
			t.Errorf("%q: %v, %v", list, b, err)
		}
	}
}

func FuzzParseBadge(f *testing.F) {
	f.Add("王老师=" + strings.Repeat("0a", 32))
	f.Add("=")
	f.Add("a=b=" + strings.Repeat("0a", 32))
	f.Fuzz(func(t *testing.T, s string) {
		b, err := parseBadge(s)
		if err != nil {
			if b != (badge{}) || !errors.Is(err, ErrForm) {
				t.Errorf("%q: %v, %v", s, b, err)
			}
			return
		}
		if b.String() != s || b.label == "" || strings.ContainsAny(b.label, "=\n") {
			t.Errorf("%q is read as %q", s, b)
		}
	})
}
