package segment

import "testing"

// BenchmarkDecode opens a segment of each size, as a look at one posting does,
// and gives the bytes that a posting takes.
func BenchmarkDecode(b *testing.B) {
	all := rows(2048)
	var dict []byte
	for _, r := range all[1500:] {
		dict = AppendPosting(dict, &r.Posting)
	}
	dict = dict[:min(len(dict), 32<<10)]
	for name, n := range map[string]int{"8": 8, "32": 32, "128": 128} {
		b.Run(name, func(b *testing.B) {
			s, err := Encode(1, all[:n], dict)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := Decode(s, dict); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(s.Data))/float64(n), "B/row")
			b.ReportMetric(float64(s.Size)/float64(n), "raw-B/row")
		})
	}
}
