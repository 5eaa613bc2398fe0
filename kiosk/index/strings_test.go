package index

import (
	"fmt"
	"testing"
)

func TestStringsKeepsWhatIsUsed(t *testing.T) {
	var s Strings
	m := s.Next()
	var numbers []uint32
	for i := range 1000 {
		numbers = append(numbers, m.Add(fmt.Sprint("岗位", i%300)))
	}
	s = m.Done()
	if s.Len() != 300 || s.At(numbers[0]) != "岗位0" || numbers[1] != numbers[301] {
		t.Fatalf("%d strings, the first %q", s.Len(), s.At(numbers[0]))
	}
	m = s.Next()
	kept, empty, again := m.Keep(numbers[7]), m.Add(""), m.Add("岗位7")
	next := m.Done()
	if next.Len() != 2 || next.At(kept) != "岗位7" || next.At(empty) != "" || again != kept {
		t.Errorf("%d strings, %q, %q", next.Len(), next.At(kept), next.At(empty))
	}
	if s.At(numbers[299]) != "岗位299" {
		t.Error("the last state changed")
	}
}
