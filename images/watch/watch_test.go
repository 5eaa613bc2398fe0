package watch

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"
)

var start = time.Date(2026, 6, 3, 8, 0, 0, 0, time.UTC)

// well is a machine on which nothing is wrong, and a terminal at which nobody is.
func well(now time.Time) Reading {
	return Reading{Memory: 1000 * mebi, Available: 500 * mebi, Celsius: 55, PowerKnown: true, Heard: now}
}

// play takes a reading every half minute and returns what was told and when the
// terminal was restarted.
func play(n int, change func(i int, r *Reading)) (told []Change, restarts []time.Duration) {
	var w Watch
	for i := range n {
		now := start.Add(time.Duration(i) * 30 * time.Second)
		r := well(now)
		change(i, &r)
		changes, restart := w.Step(now, r)
		told = append(told, changes...)
		if restart {
			restarts = append(restarts, now.Sub(start))
		}
	}
	return told, restarts
}

func names(told []Change) (all []string) {
	for _, c := range told {
		name := "-" + string(c.Trouble)
		if c.Begins {
			name = "+" + string(c.Trouble)
		}
		all = append(all, name)
	}
	return all
}

func TestNothingIsSaidWhileAllIsWell(t *testing.T) {
	told, restarts := play(1000, func(int, *Reading) {})
	if len(told) > 0 || len(restarts) > 0 {
		t.Errorf("told %v, restarted at %v", told, restarts)
	}
}

// What lasts is told once when it begins and once when it ends, and what is at
// the edge not every time.
func TestEachChangeIsToldOnce(t *testing.T) {
	for trouble, on := range map[Trouble]func(*Reading){
		Hot:          func(r *Reading) { r.Celsius = 85 },
		UnderVoltage: func(r *Reading) { r.UnderVoltage = true },
		MemoryShort:  func(r *Reading) { r.Available, r.Busy = 20*mebi, true },
	} {
		told, _ := play(100, func(i int, r *Reading) {
			if i >= 10 && i < 60 {
				on(r)
			}
		})
		if want := []string{"+" + string(trouble), "-" + string(trouble)}; !slices.Equal(names(told), want) {
			t.Errorf("told %v, not %v", names(told), want)
		}
	}
	told, _ := play(100, func(i int, r *Reading) { r.Celsius = []float64{81, 78}[i/2%2] })
	if !slices.Equal(names(told), []string{"+hot"}) {
		t.Errorf("at the edge it told %v", names(told))
	}
	told, _ = play(100, func(i int, r *Reading) { r.UnderVoltage = i%2 == 0 })
	if len(told) > 0 {
		t.Errorf("of what lasts for one reading it told %v", names(told))
	}
}

// The terminal is restarted when memory stays short and nobody is there, and not
// again within an hour.
func TestRestart(t *testing.T) {
	short := func(_ int, r *Reading) { r.Available = 20 * mebi }
	_, restarts := play(130, short)
	if len(restarts) != 2 || restarts[0] < lasting || restarts[1]-restarts[0] < seldom {
		t.Errorf("restarted at %v", restarts)
	}
	for name, change := range map[string]func(int, *Reading){
		"somebody is there":    func(i int, r *Reading) { short(i, r); r.Busy = true },
		"it does not run":      func(i int, r *Reading) { short(i, r); r.Heard = time.Time{} },
		"its word is old":      func(i int, r *Reading) { short(i, r); r.Heard = start.Add(-time.Hour) },
		"its word is of later": func(i int, r *Reading) { short(i, r); r.Heard = start.Add(48 * time.Hour) },
		"it was short once":    func(i int, r *Reading) { r.Available = []int64{20 * mebi, 500 * mebi}[min(1, i%4)] },
		"nothing can be read":  func(_ int, r *Reading) { *r = Reading{Heard: r.Heard} },
	} {
		if _, restarts := play(130, change); len(restarts) > 0 {
			t.Errorf("%s, and it was restarted at %v", name, restarts)
		}
	}
	if _, restarts := play(130, func(_ int, r *Reading) { r.Stalled = 40 }); len(restarts) == 0 {
		t.Error("all wait for memory, and it was not restarted")
	}
}

// machine is what a Pi has below its root.
func machine() fstest.MapFS {
	f := fstest.MapFS{}
	for path, text := range map[string]string{
		"proc/meminfo":                            "MemTotal:         948304 kB\nMemFree:           81044 kB\nMemAvailable:     512000 kB\n",
		"proc/pressure/memory":                    "some avg10=1.00 avg60=2.00 avg300=0.00 total=1\nfull avg10=0.50 avg60=1.25 avg300=0.00 total=1\n",
		"sys/class/thermal/thermal_zone0/temp":    "56121\n",
		"sys/class/thermal/thermal_zone1/temp":    "61000\n",
		"sys/class/hwmon/hwmon0/name":             "cpu_thermal\n",
		"sys/class/hwmon/hwmon1/name":             "rpi_volt\n",
		"sys/class/hwmon/hwmon1/in0_lcrit_alarm":  "1\n",
		"run/kiosk/health.json":                   `{"drawn":"2026-06-03T08:00:00Z","printer":"ok","busy":true}`,
		"sys/class/thermal/cooling_device0/state": "0",
	} {
		f[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

func TestTake(t *testing.T) {
	want := Reading{
		Memory: 948304 * kibi, Available: 512000 * kibi, Stalled: 1.25, Celsius: 61,
		PowerKnown: true, UnderVoltage: true, Heard: start, Busy: true,
	}
	if got := Take(machine()); got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
	if got := Take(fstest.MapFS{}); got != (Reading{}) {
		t.Errorf("of an empty machine: %+v", got)
	}
}

// Files in another form leave what they would tell at zero.
func TestTakeOfWhatMakesNoSense(t *testing.T) {
	f := machine()
	for path, text := range map[string]string{
		"proc/meminfo": "MemTotal: lots kB\nMemAvailable:\n", "proc/pressure/memory": "full avg60=nan",
		"sys/class/thermal/thermal_zone0/temp": "-274000", "sys/class/thermal/thermal_zone1/temp": "999000",
		"sys/class/hwmon/hwmon1/in0_lcrit_alarm": "", "run/kiosk/health.json": "{",
	} {
		f[path] = &fstest.MapFile{Data: []byte(text)}
	}
	if got := Take(f); got != (Reading{}) {
		t.Errorf("%+v", got)
	}
}
