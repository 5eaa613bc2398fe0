package uarttest_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/uart/uarttest"
)

const example = `# a remark
= 0.000000
< 0.000100 55          # unasked
> 0.000131 AA 01
> 0.5 02
< 1.250000 0a
< 0B 0C
  0D
! 2.000000
=
> 03
`

func TestParseTranscript(t *testing.T) {
	ms := time.Millisecond
	got, err := uarttest.ParseTranscript(strings.NewReader(example))
	want := uarttest.Transcript{
		{Kind: uarttest.Opened},
		{Kind: uarttest.Received, At: ms / 10, Bytes: []byte{0x55}},
		{Kind: uarttest.Written, At: 131 * time.Microsecond, Bytes: []byte{0xAA, 1}},
		{Kind: uarttest.Written, At: 500 * ms, Bytes: []byte{2}},
		{Kind: uarttest.Received, At: 1250 * ms, Bytes: []byte{0x0A}},
		{Kind: uarttest.Received, At: 1250 * ms, Bytes: []byte{0x0B, 0x0C, 0x0D}},
		{Kind: uarttest.Ended, At: 2000 * ms},
		{Kind: uarttest.Opened, At: 2000 * ms},
		{Kind: uarttest.Written, At: 2000 * ms, Bytes: []byte{3}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v, %v", got, err)
	}
	play := got.Playbacks()
	if len(play) != 2 {
		t.Fatalf("%d wires", len(play))
	}
	if w := []uarttest.IO{{W: []byte{0xAA, 1, 2}, R: [][]byte{{0x0A}, {0x0B, 0x0C, 0x0D}}, Err: io.EOF}}; !reflect.DeepEqual(play[0].Ops, w) {
		t.Errorf("first wire: %v", play[0].Ops)
	}
	b := make([]byte, 8)
	if n, err := play[0].Read(b); n != 1 || b[0] != 0x55 || err != nil {
		t.Errorf("what came unasked: % X, %v", b[:n], err)
	}
	if w := []uarttest.IO{{W: []byte{3}}}; !reflect.DeepEqual(play[1].Ops, w) {
		t.Errorf("second wire: %v", play[1].Ops)
	}
	ended := uarttest.Transcript{{Kind: uarttest.Ended}}.Playbacks()
	if _, err := ended[0].Read(b); err != io.EOF {
		t.Errorf("a wire that ends at once: %v", err)
	}
}

func TestTranscriptErrorsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"\n? 0.1":              `line 2: begins with "?"`,
		"probe":                `line 1: begins with "probe"`,
		" AA":                  "line 1: goes on",
		"=\n AA":               "line 2: goes on",
		"> 0.1":                "no bytes",
		">":                    "no bytes",
		"> AAB":                "two hex digits",
		"> AG":                 "two hex digits",
		"> AA\n  0.5 AA":       "two hex digits",
		"= 0.1 AA":             "= has no bytes",
		"! AA":                 "! has no bytes",
		"= 0.5\n! 0.4":         "line 2: 0.4: before the line above",
		"= -0.5":               "want seconds",
		"= 1.2.3":              "want seconds",
		"= .5":                 "want seconds",
		"= 99999999999.0":      "want seconds",
		"!\n> AA":              "nothing can follow",
		"> " + long("AA ", 70): "",
	} {
		if want == "" {
			if _, err := uarttest.ParseTranscript(strings.NewReader(text)); err != nil {
				t.Errorf("%.20q: %v", text, err)
			}
			continue
		}
		if _, err := uarttest.ParseTranscript(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := uarttest.ParseTranscript(strings.NewReader("=\n> " + long("AA ", 40<<10))); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a line too long: %v", err)
	}
	bad := errors.New("disk")
	if _, err := (uarttest.Transcript{{Kind: uarttest.Opened}}).WriteTo(full{bad}); !errors.Is(err, bad) {
		t.Errorf("WriteTo: %v", err)
	}
}

func long(s string, n int) string { return strings.Repeat(s, n) }

type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

// What a Log writes down plays back as it was, over a file.
func TestLogPlaysBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := []uarttest.IO{
			{W: []byte("who"), R: [][]byte{bytes.Repeat([]byte{7}, 70), []byte("!")}},
			{W: []byte("silent")},
		}
		again := []uarttest.IO{{W: []byte("bye"), Err: io.EOF}}
		var log uarttest.Log
		b := make([]byte, 100)
		w := log.Listen(&uarttest.Playback{Ops: script})
		w.Read(b) // nothing yet: no event
		w.Write([]byte("w"))
		time.Sleep(1500 * time.Millisecond)
		w.Write([]byte("ho"))
		w.Read(b)
		w.Read(b)
		w.Read(b)
		w.Write([]byte("silent"))
		w.Read(b)
		w = log.Listen(&uarttest.Playback{Ops: again})
		w.Write([]byte("bye"))
		for range 3 { // it ends once
			if _, err := w.Read(b); err != io.EOF {
				t.Fatal(err)
			}
		}
		var file bytes.Buffer
		if _, err := log.Transcript().WriteTo(&file); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(file.String(), "> 1.500000 68 6F\n") || strings.Count(file.String(), "!") != 1 {
			t.Errorf("%s", &file)
		}
		read, err := uarttest.ParseTranscript(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		play := read.Playbacks()
		if len(play) != 2 || !reflect.DeepEqual(play[0].Ops, script) || !reflect.DeepEqual(play[1].Ops, again) {
			t.Errorf("%d wires; the first: %q", len(play), play[0].Ops)
		}
		log.Transcript()[1].Bytes[0] = 'x'
		if log.Transcript()[1].Bytes[0] != 'w' {
			t.Error("a transcript shares its bytes with the log")
		}
		if _, err := log.Listen(&uarttest.Playback{}).Read(b); err != os.ErrDeadlineExceeded {
			t.Error(err)
		}
	})
}

func FuzzParseTranscript(f *testing.F) {
	for _, s := range []string{example, "", "=", "> AA\n\tBB", "! 1.5\n= 1.5", "< 0.0000009 00", "> 1.0 AA # > 0.5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, err := uarttest.ParseTranscript(strings.NewReader(s))
		if err != nil {
			return
		}
		var text bytes.Buffer
		if _, err := first.WriteTo(&text); err != nil {
			t.Fatal(err)
		}
		second, err := uarttest.ParseTranscript(bytes.NewReader(text.Bytes()))
		if err != nil || !reflect.DeepEqual(first, second) {
			t.Errorf("%q became %q, %v", s, text.String(), err)
		}
		first.Playbacks()
	})
}
