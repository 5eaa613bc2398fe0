package sim_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/sim"
)

func script(t testing.TB, text string) sim.PrinterScript {
	t.Helper()
	s, err := sim.ParsePrinterScript(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPrinterScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPress(t, sim.PrinterOpts{Presenter: true})
		settle := func(b ...byte) {
			p.send(b...)
			time.Sleep(100 * time.Millisecond)
			synctest.Wait()
		}
		p.Play(script(t, `
			after 3 bytes: power off   # right behind the third
			after 500ms: power on
			paper low
			at cut: jam cutter`))
		settle([]byte("abc\nlost\n")...)
		if got := p.Progress().Text; got != "" {
			t.Errorf("power off behind three bytes leaves %q", got)
		}
		p.silent(0x10, 4, 1)
		time.Sleep(time.Second)
		if got := p.ask(1, 0x10, 4, 4)[0]; got != 0x1e {
			t.Errorf("paper status %#x after the power came back", got)
		}
		settle([]byte("d\n\x1dVA\x00")...)
		if got := p.ask(1, 0x10, 4, 3)[0]; got != 0x1a {
			t.Errorf("error status %#x with a jammed cutter", got)
		}
		p.Play(script(t, "free cutter\npower off\npower on\noverheat\nafter 1s: cool\nafter 1s: break"))
		if got := p.ask(1, 0x10, 4, 3)[0]; got != 0x52 {
			t.Errorf("error status %#x with a hot head", got)
		}
		time.Sleep(1500 * time.Millisecond)
		p.print("cool\n")
		time.Sleep(time.Second)
		if got := p.ask(1, 0x10, 4, 3)[0]; got != 0x32 {
			t.Errorf("error status %#x when broken", got)
		}
	})
}

func TestPrinterScriptNoise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPress(t, sim.PrinterOpts{})
		p.Play(script(t, "lose 2\nafter 4 bytes: duplicate 1"))
		p.print("abcdef\n")
		if got := p.Progress().Text; got != "cdeef\n" {
			t.Errorf("paper says %q", got)
		}
		p.Play(script(t, "lose 1 answers\nduplicate 1 answers\nsplit 2"))
		if got := p.ask(9, 0x1d, 'I', 66); !bytes.Equal(got, []byte("JJOBHOME\x00")) {
			t.Errorf("answer % x", got)
		}
		begin := time.Now()
		p.Play(script(t, "split 0\ndelay 700ms\nsay 13 10 00 00 00"))
		p.ask(5)
		if d := time.Since(begin); d != 700*time.Millisecond {
			t.Errorf("late by %v", d)
		}
	})
}

// Without flow control a full buffer loses bytes; with it none.
func TestPrinterOverflow(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			p := newPress(t, sim.PrinterOpts{BufferBytes: 64, SpeedMMs: 50, BytesPerSecond: 5000})
			p.IgnoreFlow(deaf)
			lines := strings.Repeat("a line\n", 60)
			p.send([]byte(lines)...)
			time.Sleep(time.Minute)
			got := p.Progress().Text
			lost := slices.Contains(p.Oddities(), "receive buffer full: bytes are lost")
			if (got == lines) == deaf || lost != deaf {
				t.Errorf("flow ignored %v: %d of %d bytes on paper, told %v", deaf, len(got), len(lines), lost)
			}
		})
	}
}

func TestPrinterScriptErrors(t *testing.T) {
	for text, want := range map[string]string{
		"power of":                      "line 1: \"power of\" is no action",
		"power on\nafter ten: stall":    "line 2: \"ten\": want a time",
		"after -3 bytes: stall":         "\"-3\": want a number",
		"when cut: stall":               "\"when cut\": want",
		"say 1":                         "hexadecimal",
		"lose many":                     "want a number",
		"delay 3h":                      "up to one hour",
		strings.Repeat("stall\n", 1001): "more than 1000",
	} {
		if _, err := sim.ParsePrinterScript(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %q", text, err, want)
		}
	}
}

// FuzzPrinterScript plays any script: the printer must survive it.
func FuzzPrinterScript(f *testing.F) {
	f.Add("after 2 bytes: power off\nafter 1s: power on\nat cut: jam cutter\nsay ff")
	f.Add("paper out 3\npaper load\nsplit 1\nlose 3 answers\nduplicate 2\nunplug\nignore flow")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := sim.ParsePrinterScript(text)
		if err != nil {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			p := newPress(t, sim.PrinterOpts{Presenter: true, SpeedMMs: 100})
			p.Play(s)
			_, _ = p.wire.Write([]byte("one\ntwo\n\x1dVA\x00\x1dr\x01\x10\x04\x01"))
			time.Sleep(3 * time.Hour)
			_ = p.Slips()
		})
	})
}
