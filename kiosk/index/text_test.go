package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// invent makes a text of one to four lines over few characters, so that pairs
// meet again in every wrong order.
func invent(r *rand.Rand, alphabet []rune) string {
	var b strings.Builder
	for line := range 1 + r.IntN(4) {
		if line > 0 {
			b.WriteByte('\n')
		}
		for range r.IntN(20) {
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
	}
	return b.String()
}

var alphabets = [][]rune{
	[]rune("缝纫工操作c5n，。 "),
	[]rune("工作"),
	[]rune("cn1 -"),
	[]rune("，。、\u3000😀𠀀"),
	manyRunes(),
}

// manyRunes is enough characters for codes of one, two and three bytes.
func manyRunes() (all []rune) {
	for r := '一'; r < '一'+6000; r++ {
		all = append(all, r)
	}
	return all
}

// check asks t for pieces of texts, and pieces put together, and compares
// with strings.Contains.
func check(t *testing.T, x *Text, texts []string, r *rand.Rand) {
	t.Helper()
	if x.Len() != len(texts) {
		t.Fatalf("%d rows, want %d", x.Len(), len(texts))
	}
	asks := []string{"", "工", "，", "qq", "工作", "\u0000", "无此", "x工"}
	for range 60 {
		if len(texts) == 0 {
			break
		}
		text := []rune(strings.ReplaceAll(texts[r.IntN(len(texts))], "\n", ""))
		n := min(len(text), r.IntN(6))
		at := r.IntN(len(text) - n + 1)
		asks = append(asks, string(text[at:at+n]))
	}
	got, want, full := NewBits(x.Len()), NewBits(x.Len()), NewBits(x.Len())
	full.Fill(x.Len())
	for _, a := range asks {
		words := []string{a, asks[r.IntN(len(asks))], asks[r.IntN(len(asks))]}[:1+r.IntN(3)]
		for name, f := range map[string]func(Bits, ...string){"Narrow": x.Narrow, "NarrowFirst": x.NarrowFirst} {
			for i := range got {
				got[i] = r.Uint64() | r.Uint64()
			}
			got.And(full)
			from := slices.Clone(got)
			f(got, words...)
			want.Reset()
			for i, text := range texts {
				if name == "NarrowFirst" {
					text, _, _ = strings.Cut(text, "\n")
				}
				if from.Has(i) && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
					want.Set(i)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s(%q) of %d rows finds %d, want %d", name, words, len(texts), got.Count(), want.Count())
			}
		}
	}
}

// TestEveryStateEqualsASearchThroughEveryRow goes through states by taking rows
// out and adding others.
func TestEveryStateEqualsASearchThroughEveryRow(t *testing.T) {
	for i, alphabet := range alphabets {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(i), 1))
			x := NewText()
			var texts []string
			check(t, x, texts, r)
			for round := range 12 {
				gone := NewBits(x.Len())
				var left []string
				for row, text := range texts {
					if round%3 == 1 && r.IntN(3) == 0 || round == 8 {
						gone.Set(row)
					} else {
						left = append(left, text)
					}
				}
				before := texts
				m := x.Next(gone)
				for range []int{100, 0, 1, 300, 2500}[round%5] {
					text := invent(r, alphabet[:1+r.IntN(len(alphabet))])
					left = append(left, text)
					m.Add(text)
				}
				y, err := m.Done()
				if err != nil {
					t.Fatal(err)
				}
				check(t, y, left, r)
				check(t, x, before, r) // the last state is what it was
				x, texts = y, left
			}
		})
	}
}

func FuzzNarrow(f *testing.F) {
	f.Add("缝纫工\n会5s，cnc\n\ncnc操作工", "cnc", uint8(1))
	f.Add("工作\n作工\n工", "工", uint8(0))
	f.Add("\xff\n，。", "，", uint8(2))
	f.Fuzz(func(t *testing.T, all, word string, goneRow uint8) {
		texts := strings.Split(strings.ToValidUTF8(all, "?"), "\n")
		word = strings.ReplaceAll(strings.ToValidUTF8(word, "?"), "\n", "")
		x := NewText()
		for range 2 { // once more on top of itself
			gone := NewBits(x.Len())
			if int(goneRow) < x.Len() {
				gone.Set(int(goneRow))
			}
			m := x.Next(gone)
			for _, s := range texts {
				m.Add(s)
			}
			var err error
			if x, err = m.Done(); err != nil {
				t.Fatal(err)
			}
		}
		want := slices.Clone(texts)
		if int(goneRow) < len(want) {
			want = slices.Delete(want, int(goneRow), int(goneRow)+1)
		}
		want = append(want, texts...)
		got := NewBits(x.Len())
		got.Fill(x.Len())
		x.Narrow(got, word)
		for i, text := range want {
			if got.Has(i) != strings.Contains(text, word) {
				t.Fatalf("%q in %q: %v", word, text, got.Has(i))
			}
		}
	})
}

// TestCode writes and reads characters of every length.
func TestCode(t *testing.T) {
	c := newCode([]string{"aab"})
	for _, r := range manyRunes() {
		c.learn(string(r))
	}
	for r := rune(0x20000); len(c.runes) < ones+twos+threes+300; r++ {
		c.learn(string(r))
	}
	for n := range c.runes {
		b := appendNumber(nil, uint32(n))
		if got, size := next(b); got != uint32(n) || size != len(b) || b[0] >= trail {
			t.Fatalf("%d is written %x and read %d", n, b, got)
		}
		for _, x := range b[1:] {
			if x < trail {
				t.Fatalf("%d is written %x", n, b)
			}
		}
	}
	if len(appendNumber(nil, uint32(len(c.runes)-1))) != 4 || c.runes[1] != 'a' {
		t.Error("the test proves little")
	}
	for _, bad := range []string{"\x80", "\x7f\x80", "\x58", "\x78\x81"} {
		if n, size := next([]byte(bad)); n != invalid || size != 1 {
			t.Errorf("%x is read as %d", bad, n)
		}
	}
}
