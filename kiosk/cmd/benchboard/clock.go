package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// cpu is the processor time that this process has used, all threads, the
// collector's too.
func cpu() time.Duration { return clockOf(unix.CLOCK_PROCESS_CPUTIME_ID) }

// thread is that of this thread.
func thread() time.Duration { return clockOf(unix.CLOCK_THREAD_CPUTIME_ID) }

func clockOf(id int32) time.Duration {
	var ts unix.Timespec
	_ = unix.ClockGettime(id, &ts)
	return time.Duration(ts.Nano())
}

// heap is what lives in Go's memory, in MB.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// procNumber is a number of a file of /proc/self, by the word before it.
func procNumber(file, word string) (float64, error) {
	raw, err := os.ReadFile("/proc/self/" + file)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if v, ok := strings.CutPrefix(line, word+":"); ok {
			return strconv.ParseFloat(strings.Fields(v)[0], 64)
		}
	}
	return 0, fmt.Errorf("/proc/self/%s has no %s", file, word)
}

// written is the number of bytes that this process has passed to write.
func written() (float64, error) { return procNumber("io", "wchar") }

// resident is the memory of this process in MB, with the pages of files that
// it has mapped.
func resident() (float64, error) {
	kb, err := procNumber("status", "VmRSS")
	return kb * 1024 / 1e6, err
}

// figures are measurements of one thing, in µs where they are times.
type figures []float64

func (f figures) at(q float64) float64 {
	if len(f) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(f))
	return s[min(len(s)-1, int(q*float64(len(s))))]
}

func (f figures) median() float64 { return f.at(0.5) }

func (f *figures) add(d time.Duration) { *f = append(*f, float64(d)/float64(time.Microsecond)) }

// bandwidth is what one core reads from memory, in bytes a µs of processor
// time: the best of some passes over more than any cache holds, as STREAM does.
func bandwidth() float64 {
	const megabytes = 256
	words := make([]uint64, megabytes<<20/8)
	for i := range words {
		words[i] = uint64(i)
	}
	best := 0.0
	for range 7 {
		at := cpu()
		var a, b, c, d uint64
		for rest := words; len(rest) >= 8; rest = rest[8:] {
			a += rest[0] + rest[4]
			b += rest[1] + rest[5]
			c += rest[2] + rest[6]
			d += rest[3] + rest[7]
		}
		runtime.KeepAlive(a + b + c + d) // so that it cannot be left out
		best = max(best, float64(megabytes<<20)/(float64(cpu()-at)/1e3))
	}
	return best
}
