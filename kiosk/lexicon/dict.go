package lexicon

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Dict is a dictionary of a board's terms. It never changes.
type Dict struct {
	terms  []Term   // the best first
	start  []uint32 // where term i begins in the texts
	reader *reader

	text, inText         index           // characters; from the beginning, from later on
	full, inFull         index           // pinyin
	letters, inLetters   index           // first letters of syllables
	folded               index           // pinyin folded, from the beginning
	syllables            map[string]bool // of the terms; false: only a beginning of one
	foldedSyllables      map[string]bool
	typoText, typoPinyin typos

	scratch sync.Pool
}

// New returns a dictionary of the terms. Terms of the same kind and text are
// one, with their counts added; terms without a letter or character are left
// out. The slice is not kept.
func New(terms []Term) *Dict {
	d := &Dict{
		reader: newReader(), terms: distinct(terms),
		syllables: map[string]bool{}, foldedSyllables: map[string]bool{},
	}
	b := newBuilder(d)
	for id := range d.terms {
		b.add(uint32(id))
	}
	texts, fulls, letters, folded := b.text.String(), b.full.String(), b.letters.String(), b.folded.String()
	var work sync.WaitGroup // sorting is most of the time
	work.Go(func() {
		d.text = newIndex(texts, b.texts)
		d.typoText = newTypos(d, &d.text)
	})
	work.Go(func() {
		d.full = newIndex(fulls, b.fulls)
		d.typoPinyin = newTypos(d, &d.full)
	})
	work.Go(func() { d.inText = newIndex(texts, b.inTexts) })
	work.Go(func() { d.inFull = newIndex(fulls, b.inFulls) })
	work.Go(func() { d.letters = newIndex(letters, b.lettersAt) })
	work.Go(func() { d.inLetters = newIndex(letters, b.inLetters) })
	work.Go(func() { d.folded = newIndex(folded, b.foldeds) })
	work.Wait()
	d.scratch.New = func() any { return new(search) }
	return d
}

// distinct returns the terms in the order in which they are shown.
func distinct(terms []Term) []Term {
	type name struct {
		kind Kind
		text string
	}
	place := map[name]int{}
	var out []Term
	for _, t := range terms {
		n := name{t.Kind, normalise(t.Text)}
		if n.text == "" {
			continue
		}
		if i, ok := place[n]; ok {
			out[i].Count += t.Count
			continue
		}
		place[n] = len(out)
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b Term) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Text, b.Text))
	})
	return slices.Clip(out)
}

// builder collects keys. Keys of one sort lie in one string, each ended by a
// zero byte.
type builder struct {
	dict                        *Dict
	text, full, letters, folded strings.Builder
	texts, inTexts              []entry
	fulls, inFulls              []entry
	lettersAt, inLetters        []entry
	foldeds                     []entry
}

// newBuilder makes room for what terms commonly need.
func newBuilder(d *Dict) *builder {
	n := len(d.terms)
	room := func(keys int) []entry { return make([]entry, 0, keys) }
	return &builder{
		dict: d, texts: room(n), inTexts: room(10 * n), fulls: room(2 * n), inFulls: room(10 * n),
		lettersAt: room(2 * n), inLetters: room(10 * n), foldeds: room(2 * n),
	}
}

func (b *builder) add(id uint32) {
	t := b.dict.terms[id]
	norm := normalise(t.Text)
	at := uint32(b.text.Len())
	b.dict.start = append(b.dict.start, at)
	b.texts = append(b.texts, entry{at: at, id: id})
	for i := range norm {
		if i > 0 {
			b.inTexts = append(b.inTexts, entry{at: at + uint32(i), id: id})
		}
	}
	b.text.WriteString(norm)
	b.text.WriteByte(0)
	most := mostReadings
	if t.Kind == Employer {
		most = mostEmployerReadings
	}
	var letterSeen, foldSeen []string
	for n, list := range b.dict.reader.readings(norm, most) {
		b.addReading(id, list, n == 0)
		var l, f []byte
		for _, s := range list {
			l = append(l, s.plain[0])
			f = append(f, s.folded...)
		}
		if !slices.Contains(letterSeen, string(l)) {
			letterSeen = append(letterSeen, string(l))
			b.addLetters(id, l, n == 0)
		}
		if !slices.Contains(foldSeen, string(f)) {
			foldSeen = append(foldSeen, string(f))
			b.foldeds = append(b.foldeds, entry{at: uint32(b.folded.Len()), id: id})
			b.folded.Write(f)
			b.folded.WriteByte(0)
		}
	}
}

// addReading adds the key of a whole reading, and of the likeliest one those
// that begin at a later syllable.
func (b *builder) addReading(id uint32, list []sound, likeliest bool) {
	b.fulls = append(b.fulls, entry{at: uint32(b.full.Len()), id: id})
	for i, s := range list {
		if i > 0 && likeliest {
			b.inFulls = append(b.inFulls, entry{at: uint32(b.full.Len()), id: id})
		}
		b.full.WriteString(s.plain)
		known(b.dict.syllables, s.plain)
		known(b.dict.foldedSyllables, s.folded)
	}
	b.full.WriteByte(0)
}

func (b *builder) addLetters(id uint32, letters []byte, likeliest bool) {
	at := uint32(b.letters.Len())
	b.lettersAt = append(b.lettersAt, entry{at: at, id: id})
	for i := range letters {
		if i > 0 && likeliest {
			b.inLetters = append(b.inLetters, entry{at: at + uint32(i), id: id})
		}
	}
	b.letters.Write(letters)
	b.letters.WriteByte(0)
}

// known adds a syllable and its beginnings.
func known(set map[string]bool, syllable string) {
	if set[syllable] {
		return
	}
	set[syllable] = true
	for n := 1; n < len(syllable); n++ {
		if !set[syllable[:n]] {
			set[syllable[:n]] = false
		}
	}
}

// Len returns the number of distinct terms.
func (d *Dict) Len() int { return len(d.terms) }

// Bytes returns about how many bytes of memory the dictionary takes, without
// the tables of go-pinyin itself.
func (d *Dict) Bytes() int {
	const termBytes, mapBytes = 80, 64
	n := len(d.terms)*termBytes + 4*cap(d.start)
	for _, t := range d.terms {
		n += len(t.Text)
	}
	for _, x := range []*index{&d.text, &d.inText, &d.full, &d.inFull, &d.letters, &d.inLetters, &d.folded} {
		n += x.bytes()
	}
	n += len(d.text.keys) + len(d.full.keys) + len(d.letters.keys) + len(d.folded.keys)
	n += 8*cap(d.typoText.keys) + 8*cap(d.typoPinyin.keys)
	n += 2*len(d.reader.han) + mapBytes*(len(d.reader.lists)+len(d.reader.phrases))
	return n + mapBytes*(len(d.syllables)+len(d.foldedSyllables))
}

// norm returns the normalised text of a term.
func (d *Dict) norm(id uint32) string { return keyAt(d.text.keys, d.start[id]) }

// runeCount returns the number of characters.
func runeCount(s string) int { return utf8.RuneCountInString(s) }
