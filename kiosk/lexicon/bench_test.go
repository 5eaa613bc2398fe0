package lexicon

import (
	"runtime"
	"slices"
	"syscall"
	"testing"
	"unsafe"
)

// BenchmarkLookup reports, beside the mean of the wall clock, the processor time
// of the middle query and of the 99th percentile of the queries. Each query's is
// the middle of its calls, so that these do not depend on what else the machine
// does.
func BenchmarkLookup(b *testing.B) {
	terms, d := boardDict(b)
	for _, a := range askings {
		m := newMaker(terms)
		var queries []string
		for len(queries) < 500 {
			t := terms[m.IntN(len(terms))]
			if (t.Kind == Employer) == (a.kinds == "employers") {
				if q := a.make(m, t); q != "" {
					queries = append(queries, q)
				}
			}
		}
		b.Run(a.name+" of "+a.kinds, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			b.ReportAllocs()
			calls := make([][]int64, len(queries))
			for i := 0; b.Loop(); i++ {
				from := threadTime()
				d.Lookup(queries[i%len(queries)], 10)
				calls[i%len(queries)] = append(calls[i%len(queries)], threadTime()-from)
			}
			var times []int64
			for _, c := range calls {
				if slices.Sort(c); len(c) > 0 {
					times = append(times, c[len(c)/2])
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2]), "p50-cpu-ns")
			b.ReportMetric(float64(times[len(times)*99/100]), "p99-cpu-ns")
		})
	}
}

// threadTime is the processor time of this thread in nanoseconds.
func threadTime() int64 {
	const clockThreadCPUTime = 3
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockThreadCPUTime, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

func BenchmarkNew(b *testing.B) {
	terms := board(b)
	var d *Dict
	for b.Loop() {
		d = New(terms)
	}
	b.ReportMetric(float64(d.Bytes())/float64(d.Len()), "state-bytes/term")
}
