package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"jobhome/drivers/pn532"
	"jobhome/drivers/pn532/pn532test"
	"jobhome/drivers/scanner"
	"jobhome/drivers/scanner/scannertest"
)

// watchLines runs a watching command. Each line goes to see, which may act on the
// device; the decoded lines come back.
func watchLines(t *testing.T, run func(out [2]io.Writer) int, see func(line map[string]any)) (lines []map[string]any, code int, stderr string) {
	t.Helper()
	r, w := io.Pipe()
	var errs bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- run([2]io.Writer{w, &errs})
		w.Close()
	}()
	dec := json.NewDecoder(r)
	for {
		var l map[string]any
		if err := dec.Decode(&l); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
		see(l)
	}
	return lines, <-done, errs.String()
}

func events(lines []map[string]any) string {
	var all []string
	for _, l := range lines {
		all = append(all, l["event"].(string))
	}
	return strings.Join(all, " ")
}

func TestScan(t *testing.T) {
	const slip = "https://example.cn/p/TEST?r=0000-TEST"
	for _, reveal := range []bool{false, true} {
		s := scannertest.New(scannertest.Opts{Tail: "\r"})
		a := watchArgs{name: "scan", count: 1, reveal: reveal}
		lines, code, stderr := watchLines(t, func(out [2]io.Writer) int {
			return a.scan(t.Context(), func() (scanner.Wire, error) { return s.Dial() }, out)
		}, func(l map[string]any) {
			switch l["event"] {
			case "ready":
				s.Show("134567890123456789") // somebody wants to pay
			case "ignored":
				s.Show(slip)
			}
		})
		if got := events(lines); code != 0 || got != "ready ignored scanned" {
			t.Fatalf("exit %d, %s, %s", code, got, stderr)
		}
		if lines[2]["chars"] != float64(len(slip)) || (lines[2]["text"] == slip) != reveal {
			t.Errorf("reveal %t: %v", reveal, lines[2])
		}
		if lines[1]["chars"] != nil || lines[1]["text"] != nil || lines[1]["error"] == nil {
			t.Errorf("a payment code: %v", lines[1])
		}
	}
}

func TestBadge(t *testing.T) {
	uid := []byte{4, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6}
	badge := func() pn532test.Badge { return pn532test.Badge{UID: slices.Clone(uid), ATQA: [2]byte{0, 0x44}} }
	for _, reveal := range []bool{false, true} {
		chip := pn532test.New()
		dev := pn532.New(func() (pn532.Wire, error) { return chip.Dial() }, pn532.Opts{Poll: 1})
		a := watchArgs{name: "badge", count: 2, reveal: reveal}
		lines, code, stderr := watchLines(t, func(out [2]io.Writer) int { return a.badge(t.Context(), dev, out) }, func(l map[string]any) {
			switch l["event"] {
			case "ready", "left":
				chip.Put(badge())
			case "tapped":
				chip.Lift()
			}
		})
		if got := events(lines); code != 0 || got != "ready tapped left tapped" {
			t.Fatalf("exit %d, %s, %s", code, got, stderr)
		}
		text := strings.ToUpper(hex.EncodeToString(uid))
		if (lines[1]["uid"] == text) != reveal || lines[1]["badge"] != lines[3]["badge"] || len(lines[1]["badge"].(string)) != 16 {
			t.Errorf("reveal %t: %v", reveal, lines)
		}
		if lines[0]["firmware"] != "PN532 1.6" {
			t.Errorf("%v", lines[0])
		}
		if all, _ := json.Marshal(lines); !reveal && bytes.Contains(bytes.ToUpper(all), []byte(text)) {
			t.Errorf("the number of the badge is in the output: %s", all)
		}
	}
}

func TestWatchTrouble(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"scan uart:/dev/no-such-tty", 1, "is the cable in?"},
		{"badge uart:/dev/no-such-tty", 1, "is the cable in?"},
		{"scan uart:ffff:0001?port=1-1.3", 1, "FFFF:0001 at port 1-1.3"},
		{"badge uart:ffff:0001", 1, "lsusb"},
		{"badge i2c:no-such-bus", 1, "probe list"},
		{"scan", 2, "want one"},
		{"scan uart:/dev/a uart:/dev/b", 2, "want one"},
		{"scan i2c:1", 2, "want uart:"},
		{"scan uart:/dev/a?profile=x", 2, `no setting "profile"`},
		{"scan uart:/dev/a -n -1", 2, "want a number"},
		{"badge uart:/dev/a -colour", 2, "usage: probe badge"},
		{"badge tcp:10.0.0.1", 2, "want uart:"},
		{"badge i2c:../1", 2, "want a bus"},
	} {
		var out, errs bytes.Buffer
		if code := run(strings.Fields(c.args), &out, &errs); code != c.code || !strings.Contains(errs.String(), c.want) {
			t.Errorf("probe %s: exit %d, %q", c.args, code, &errs)
		}
	}
	for _, args := range []string{"scan -h", "badge -h"} {
		var out, errs bytes.Buffer
		if code := run(strings.Fields(args), &out, &errs); code != 0 || !strings.Contains(out.String(), "usage") || errs.Len() > 0 {
			t.Errorf("probe %s: exit %d, %q %q", args, code, &out, &errs)
		}
	}
}
