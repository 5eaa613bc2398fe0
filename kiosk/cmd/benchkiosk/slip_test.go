package main

import "testing"

func BenchmarkSlip(b *testing.B) {
	for _, under := range []bool{false, true} {
		o, err := newOwn()
		if err != nil {
			b.Fatal(err)
		}
		o.under = under
		name := "code beside QR"
		if under {
			name = "code under QR"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := o.encode(i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
