package printer_test

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
)

// FuzzGarbage answers the driver with any bytes: it must come to an end, and may
// say Printed only if, behind the fence, there came a byte that can be its answer
// and then one that can be the answer to a real-time request.
func FuzzGarbage(f *testing.F) {
	well := bytes.Repeat([]byte{1, 0x12}, 5)
	f.Add(append(well[:8:8], 1, 0x00, 1, 0x12, 1, 0x12, 1, 0x12, 1, 0x12))
	f.Add(append(well[:10:10], 1, 0x00, 1, 0x12, 1, 0x12, 1, 0x12, 1, 0x12))
	f.Add(append(well[:10:10], 5, 0x10, 0x00, 0x00, 0x00, 0x00, 1, 0x32))
	f.Add(append(well[:10:10], 7, '_', 'X', 'P', '-', '8', '0', 0, 1, 0x12))
	f.Add([]byte{7, 0xff, 0xfe, 0x80, 0x00, 0x12, 0x12, 0x12})
	f.Add([]byte{1, 0x1a, 0, 1, 0x12})
	f.Fuzz(func(t *testing.T, stream []byte) {
		synctest.Test(t, func(t *testing.T) {
			w := newScript(stream)
			p, err := escpos.ProfileByName("xprinter")
			if err != nil {
				t.Fatal(err)
			}
			d := printer.New(func() (printer.Wire, error) { return w, nil }, p, printer.Opts{})
			defer d.Close()
			job := []byte("\x1b@one slip\n")
			for range 2 { // the second time behind a recovery, as a rule
				w.written, w.behind = nil, nil
				out, err := d.Print(context.Background(), job)
				checkOutcome(t, out, err, len(job))
				if out.State == printer.Failed && bytes.Contains(w.written, job) {
					t.Fatal("failed, but the job was sent")
				}
				if out.State == printer.Printed && !proof(w.behind) {
					t.Fatalf("printed on the word of % x", w.behind)
				}
			}
			if st, err := d.Status(context.Background()); err != nil && !st.Unknown() {
				t.Fatalf("error %v and status %v", err, st)
			}
		})
	})
}

func checkOutcome(t *testing.T, out printer.Outcome, err error, size int) {
	t.Helper()
	if (out.State == printer.Printed) != (err == nil) {
		t.Fatalf("%+v with error %v", out, err)
	}
	if (out.State == printer.Failed) != (out.SentBytes == 0) || out.SentBytes > size {
		t.Fatalf("%+v of %d bytes", out, size)
	}
	if out.State == printer.Failed != out.FirstByte.IsZero() {
		t.Fatalf("%+v", out)
	}
}

// proof reports whether b has an answer to GS r and later one to DLE EOT.
func proof(b []byte) bool {
	for i, v := range b {
		if v&0x90 != 0 {
			continue
		}
		for _, u := range b[i+1:] {
			if u&0x13 == 0x12 {
				return true
			}
		}
	}
	return false
}
