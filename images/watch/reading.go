package watch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Reading is how the machine is at one moment. What it does not have is zero.
type Reading struct {
	Memory, Available int64   // bytes
	Stalled           float64 // % of the last minute in which everything waited for memory
	Celsius           float64 // of the hottest part
	PowerKnown        bool    // the firmware watches its supply
	UnderVoltage      bool

	Heard time.Time // when the terminal's screen last answered; zero: it does not run
	Busy  bool      // somebody is at the terminal, or was a minute ago
}

// Take reads the machine whose root is given, / as a rule. A file that is not
// there, or in another form, leaves what it would tell at zero: the computers
// differ, and a watch must not end because of one of them.
func Take(root fs.FS) Reading {
	var r Reading
	r.memory(root)
	r.heat(root)
	r.power(root)
	r.terminal(root)
	return r
}

// memory reads /proc/meminfo, whose values are in KiB, and the line "full" of
// /proc/pressure/memory.
func (r *Reading) memory(root fs.FS) {
	for name, to := range map[string]*int64{"MemTotal:": &r.Memory, "MemAvailable:": &r.Available} {
		if f := fields(root, "proc/meminfo", name); len(f) > 1 {
			n, err := strconv.ParseInt(f[1], 10, 64)
			if err == nil && n >= 0 {
				*to = n * kibi
			}
		}
	}
	for _, f := range fields(root, "proc/pressure/memory", "full") {
		if v, ok := strings.CutPrefix(f, "avg60="); ok {
			if p, err := strconv.ParseFloat(v, 64); err == nil && p >= 0 && p <= percentFull {
				r.Stalled = p
			}
		}
	}
}

// fields are the words of the first line of a file that begins with one.
func fields(root fs.FS, path, first string) []string {
	b, err := fs.ReadFile(root, path)
	if err != nil {
		return nil
	}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		if f := strings.Fields(lines.Text()); len(f) > 0 && f[0] == first {
			return f
		}
	}
	return nil
}

// Sensors that say less or more are broken.
const (
	coldest = -40.0
	hottest = 150.0
)

// heat reads the thermal zones, in thousandths of a degree.
func (r *Reading) heat(root fs.FS) {
	zones, _ := fs.Glob(root, "sys/class/thermal/thermal_zone*/temp")
	for _, z := range zones {
		if n, ok := number(root, z); ok {
			if c := float64(n) / 1000; c > coldest && c < hottest && c > r.Celsius {
				r.Celsius = c
			}
		}
	}
}

// power reads the alarm that the Pi's firmware gives (drivers/hwmon,
// raspberrypi-hwmon).
func (r *Reading) power(root fs.FS) {
	monitors, _ := fs.Glob(root, "sys/class/hwmon/hwmon*/name")
	for _, m := range monitors {
		name, err := fs.ReadFile(root, m)
		if err != nil || strings.TrimSpace(string(name)) != "rpi_volt" {
			continue
		}
		if n, ok := number(root, strings.TrimSuffix(m, "name")+"in0_lcrit_alarm"); ok {
			r.PowerKnown, r.UnderVoltage = true, n != 0
		}
	}
}

func number(root fs.FS, path string) (int64, bool) {
	b, err := fs.ReadFile(root, path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
	return n, err == nil
}

// terminal reads what the terminal says of itself.
func (r *Reading) terminal(root fs.FS) {
	b, err := fs.ReadFile(root, "run/kiosk/health.json")
	if err != nil {
		return
	}
	var h struct {
		Drawn time.Time `json:"drawn"`
		Busy  bool      `json:"busy"`
	}
	if json.Unmarshal(b, &h) == nil {
		r.Heard, r.Busy = h.Drawn, h.Busy
	}
}
