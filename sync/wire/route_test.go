package wire

import (
	"fmt"
	"testing"
)

func TestRoute(t *testing.T) {
	v := func(n uint32) Version { return Version{1, n} }
	edge := func(from, to uint32, size int64) Delta {
		return Delta{From: v(from), To: v(to), Plain: Object{Size: size}}
	}
	h := Head{Version: v(9), Deltas: []Delta{
		edge(8, 9, 10), edge(1, 2, 10), edge(2, 9, 100), edge(2, 5, 10), edge(5, 9, 60), edge(5, 8, 30), edge(6, 7, 1),
	}}
	for from, want := range map[uint32]string{1: "2 5 8 9", 5: "8 9", 8: "9", 9: "", 6: "none", 3: "none"} {
		got := ""
		route, ok := h.Route(v(from), func(d Delta) int64 { return d.Plain.Size })
		for i, d := range route {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprint(d.To.N)
		}
		if !ok {
			got = "none"
		}
		if got != want {
			t.Errorf("from %d: %q, want %q", from, got, want)
		}
	}
}
