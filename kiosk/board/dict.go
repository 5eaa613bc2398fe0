package board

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"jobhome/kiosk/segment"
)

// A dictionary is made of the first postings that come in at once, when they
// are enough.
const (
	dictLeast  = 256      // postings
	dictSample = 2048     // postings that are looked at, at most
	dictSize   = 32 << 10 // bytes: DEFLATE looks no farther back (RFC 1951)
	dictPiece  = 8        // bytes of a piece that is counted
	dictWindow = 128      // bytes that are taken over in one
	dictBits   = 18       // of the number of counts: about as many as there are different pieces
)

// makeDict chooses the windows of the rows' bytes that hold the pieces which
// occur most, each piece once, in the manner of COVER (Liao, Petri, Moffat,
// Wirth: Effective Construction of Relative Lempel-Ziv Dictionaries, 2016): of
// every stretch of the text the best window, the best ones last, where they are
// nearest. The same rows make the same dictionary.
func makeDict(rows []segment.Row) []byte {
	var text []byte
	for i := range rows {
		text = segment.AppendPosting(text, &rows[i].Posting)
	}
	seen := make(counts, 1<<dictBits)
	for i := 0; i+dictPiece <= len(text); i++ {
		*seen.of(text[i:])++
	}
	type window struct{ at, score int }
	var chosen []window
	stretch := max(dictWindow, len(text)/(dictSize/dictWindow))
	for from := 0; from+dictWindow <= len(text) && len(chosen) < dictSize/dictWindow; from += stretch {
		best := window{at: -1}
		for at := from; at < from+stretch && at+dictWindow <= len(text); at += dictPiece {
			if score := seen.score(text[at : at+dictWindow]); score > best.score {
				best = window{at, score}
			}
		}
		if best.at < 0 {
			continue
		}
		chosen = append(chosen, best)
		for i := best.at; i+dictPiece <= best.at+dictWindow; i++ {
			*seen.of(text[i:]) = 0
		}
	}
	slices.SortFunc(chosen, func(a, b window) int { return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.at, b.at)) })
	var dict []byte
	for _, w := range chosen {
		dict = append(dict, text[w.at:w.at+dictWindow]...)
	}
	return dict
}

// counts tells how often a piece occurs; now and then two share a count, which
// makes a dictionary a little worse and counting much faster than a map.
type counts []int32

// of is the count of the piece that text begins with.
func (c counts) of(text []byte) *int32 {
	return &c[binary.LittleEndian.Uint64(text)*0x9e3779b97f4a7c15>>(64-dictBits)]
}

// score counts how often the pieces of a window occur that occur more than once.
func (c counts) score(window []byte) (score int) {
	for i := 0; i+dictPiece <= len(window); i++ {
		if n := *c.of(window[i:]); n > 1 {
			score += int(n)
		}
	}
	return score
}

func dictSum(dict []byte) uint32 { return crc32.Checksum(dict, castagnoli) }
