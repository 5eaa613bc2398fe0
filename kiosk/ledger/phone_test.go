package ledger

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"unicode/utf16"

	"jobhome/kiosk"
	"jobhome/sync/seal"
)

// forms are the bytes as which a number could lie in a file: as text of any
// width, in base64 and hexadecimal, and as the integers that SQLite makes of text
// in a column of another type.
func forms(t *testing.T, phone string) map[string][]byte {
	t.Helper()
	n, err := strconv.ParseUint(phone, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune(phone)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	return map[string][]byte{
		"text": []byte(phone), "its last digits": []byte(phone[3:]), "UTF-16": wide,
		"base64": []byte(base64.StdEncoding.EncodeToString([]byte(phone))[:12]), "hex": []byte(hex.EncodeToString([]byte(phone))),
		"integer": binary.BigEndian.AppendUint64(nil, n)[2:], "little-endian": binary.LittleEndian.AppendUint64(nil, n)[:6],
	}
}

// holding returns the files that hold one of the forms: all of dir, and all that
// this process has open, deleted ones too.
func holding(t *testing.T, dir, phone string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(paths) < 3 {
		t.Fatalf("beside the ledger lie %v, %v; the WAL is missing", paths, err)
	}
	fds, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, path := range append(paths, fds...) {
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		name, err := os.Readlink(path)
		if err != nil {
			name = path
		}
		if name == os.Args[0] {
			continue // the test itself
		}
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		for form, want := range forms(t, phone) {
			if bytes.Contains(b, want) {
				found[filepath.Base(name)] = form
			}
		}
	}
	return found
}

// A stolen card tells nobody's number: it is neither in the ledger, nor in its
// WAL, nor in a temporary file, before and after a checkpoint and a delivery.
func TestPhoneIsNowhereInClear(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx := t.Context()
	const phone, planted = "13912345678", "15987654321"
	r := kiosk.Request{Posting: "p-1", Site: "s-1", Phone: phone, Consent: "call.consent", At: noon}
	if err := l.Request(ctx, r); !errors.Is(err, ErrNoSealer) {
		t.Fatalf("without a key: %v", err)
	}
	p, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.SealWith(ctx, seal.Terminal{Kiosk: "k-1", Key: p.Key()}); err != nil {
		t.Fatal(err)
	}
	if err := l.Request(ctx, r); err != nil {
		t.Fatal(err)
	}
	clean := func(when string) {
		t.Helper()
		if f := holding(t, filepath.Dir(path), phone); len(f) != 0 {
			t.Errorf("%s, the number lies in %v", when, f)
		}
	}
	clean("written")
	list := pending(t, l)
	if len(list) != 1 || list[0].Kind != "callback" || list[0].Key != p.Key().ID() {
		t.Fatalf("records %+v", list)
	}
	got, err := p.Open(seal.About{Kiosk: "k-1", Incarnation: l.Incarnation(), Seq: list[0].Seq, Kind: list[0].Kind}, list[0].Payload)
	want := `{"v":1,"posting":"p-1","site":"s-1","phone":"13912345678","consent":"call.consent","at":"2026-11-23T12:00:00.123Z"}`
	if err != nil || string(got) != want {
		t.Errorf("the hub reads %s, %v", got, err)
	}
	if _, err := l.db.Exec("PRAGMA wal_checkpoint(FULL)"); err != nil {
		t.Fatal(err)
	}
	clean("checkpointed")
	if err := l.Quarantine(ctx, list[0].Seq, "cannot-open"); err != nil {
		t.Fatal(err)
	}
	clean("put aside")
	// The control: a number that is written in clear is found, wherever it lies.
	if err := l.Complain(ctx, kiosk.BadPosting{Posting: planted, Site: "s-1", Why: kiosk.FakePosting, At: noon}); err != nil {
		t.Fatal(err)
	}
	if f := holding(t, filepath.Dir(path), planted); len(f) != 0 {
		t.Errorf("a sealed complaint lies in clear in %v", f)
	}
	d := draft()
	d.Posting = planted
	if _, err := l.Issue(ctx, d, bytes.NewReader(bytes.Repeat([]byte{5}, 20))); err != nil {
		t.Fatal(err)
	}
	if f := holding(t, filepath.Dir(path), planted); f["ledger.db-wal"] != "its last digits" && f["ledger.db-wal"] != "text" {
		t.Errorf("the planted number was found in %v only: the test sees nothing", f)
	}
}

// The constraint of the table holds where the program would not.
func TestTheTableRefusesAPlainNumber(t *testing.T) {
	l := open(t)
	for _, table := range []string{"outbox", "quarantine"} {
		cols, vals := "kind, key, payload, created", "'callback', '', 'x', 1"
		if table == "quarantine" {
			cols, vals = cols+", why", vals+", 'x'"
		}
		if _, err := l.db.Exec("INSERT INTO " + table + " (" + cols + ") VALUES (" + vals + ")"); err == nil {
			t.Errorf("%s took a plain request", table)
		}
	}
}
