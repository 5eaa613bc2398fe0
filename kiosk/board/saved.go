package board

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// indexFormat begins an index file. It is counted up whenever the file, or what
// folding makes of a posting, becomes another.
const indexFormat = uint64('j') | uint64('h')<<8 | uint64('i')<<16 | 5<<56

// indexPath is where a board's index is kept.
func indexPath(board string) string { return board + ".index" }

// save writes the first part of the snapshot beside the board. What is mapped
// must never change, so every time it is a new file with a name of its own, which
// takes the old one's place when it is whole and on the disk.
func (s *snapshot) save(path string) (err error) {
	left, _ := filepath.Glob(path + ".new*") // of a crash
	for _, file := range left {
		_ = os.Remove(file)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	w := index.NewWriter(f)
	s.saveHead(w)
	s.text.Save(w)
	for i := range s.facts {
		w.Uint64(uint64(s.rowids[i]))
		s.facts[i].save(w)
	}
	s.strings.Save(w)
	if err = w.Close(); err == nil {
		// The texts will be read from the file and not from memory, so what
		// the card does not take must be known now.
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func (s *snapshot) saveHead(w *index.Writer) {
	w.Uint64(indexFormat)
	for _, n := range s.state.numbers() {
		w.Uint64(uint64(*n))
	}
	w.Uint64(uint64(s.state.sum))
}

// openSaved opens an index file and reads its beginning into a new snapshot,
// and how many postings are in it.
func openSaved(path string) (s *snapshot, n uint64, r *index.Reader, err error) {
	if r, err = index.Open(path); err != nil {
		return nil, 0, nil, err
	}
	if format := r.Uint64(); format != indexFormat {
		return nil, 0, nil, fmt.Errorf("%w: format %x", index.ErrDamaged, format)
	}
	s = &snapshot{}
	for _, n := range s.state.numbers() {
		*n = int64(r.Uint64())
	}
	s.state.sum = uint32(r.Uint64())
	n = uint64(s.state.living)
	s.text = index.ReadText(r)
	if uint64(s.text.Len()) != n { // so n is no more than what is in the file
		return nil, 0, nil, index.ErrDamaged
	}
	return s, n, r, nil
}

// readSaved reads the first part of a snapshot.
func readSaved(path string) (*snapshot, error) {
	s, n, r, err := openSaved(path)
	if err != nil {
		return nil, err
	}
	s.rowids, s.facts = make([]int64, n), make([]facts, n)
	for i := range s.facts {
		s.rowids[i] = int64(r.Uint64())
		s.facts[i].read(r)
	}
	s.strings = index.ReadStrings(r)
	if err := r.Close(); err != nil {
		return nil, err
	}
	if !slices.IsSorted(s.rowids) || n > 0 && (s.rowids[0] < 1 || s.rowids[n-1] >= s.state.next) {
		return nil, index.ErrDamaged
	}
	for i := range s.facts {
		if slices.Max(s.facts[i].words[:]) >= uint32(s.strings.Len()) {
			return nil, index.ErrDamaged
		}
	}
	return s, nil
}

func (f *facts) save(w *index.Writer) {
	w.Uint64(math.Float64bits(f.lat))
	w.Uint64(math.Float64bits(f.lon))
	for _, n := range []int64{
		f.digest, f.arrived, f.starts, f.published, f.refreshed, f.valid, f.payMin, f.payMax, f.payMonthMin, f.payMonthMax,
	} {
		w.Uint64(uint64(n))
	}
	w.Uint64(uint64(uint32(f.headcount)) | uint64(uint32(f.experience))<<32)
	w.Uint64(uint64(uint32(f.education)) | uint64(f.benefits)<<32 | uint64(f.shifts)<<48)
	w.Uint64(uint64(f.certificates))
	for i := 0; i < wordCount; i += 2 {
		w.Uint64(uint64(f.words[i]) | uint64(f.words[i+1])<<32)
	}
}

func (f *facts) read(r *index.Reader) {
	f.lat, f.lon = math.Float64frombits(r.Uint64()), math.Float64frombits(r.Uint64())
	for _, n := range []*int64{
		&f.digest, &f.arrived, &f.starts, &f.published, &f.refreshed, &f.valid, &f.payMin, &f.payMax, &f.payMonthMin, &f.payMonthMax,
	} {
		*n = int64(r.Uint64())
	}
	n := r.Uint64()
	f.headcount, f.experience = int32(n), int32(n>>32)
	n = r.Uint64()
	f.education, f.benefits, f.shifts = int32(n), kiosk.Benefits(n>>32), kiosk.Shifts(n>>48)
	f.certificates = kiosk.Certificates(r.Uint64())
	for i := 0; i < wordCount; i += 2 {
		n := r.Uint64()
		f.words[i], f.words[i+1] = uint32(n), uint32(n>>32)
	}
}

// startFrom is the snapshot that opening goes on from: the saved one when it is
// sound and of an earlier state of this very file, else an empty one.
func startFrom(ctx context.Context, q querier, path string) *snapshot {
	s, err := readSaved(path)
	if err == nil {
		s, err = s.basis(ctx, q)
	}
	if err != nil {
		return newSnapshot()
	}
	return s
}

// keepSaved saves the snapshot when it has gone far from what is saved: more
// than one part in share of its rows are others. Opening, which had to read
// them, saves after a quarter, a change after half: what it costs to read the
// rest at the next start is less than to write all of it after every delta.
// That it cannot be saved is no failure: the next start takes longer.
func (b *Board) keepSaved(s *snapshot, share int) {
	same := 0
	for _, rowid := range s.rowids {
		if _, ok := slices.BinarySearch(b.saved, rowid); ok {
			same++
		}
	}
	others := max(len(s.rowids), len(b.saved)) - same
	if len(b.saved) > 0 && others*share <= len(s.rowids) || len(s.rowids) == 0 {
		return
	}
	if s.save(indexPath(b.path)) != nil {
		return
	}
	b.saved = s.rowids
	// From now on the texts lie in the file, and the heap has room again.
	if in, _, _, err := openSaved(indexPath(b.path)); err == nil && in.state == s.state && in.text.Len() == s.text.Len() {
		s.text.MoveTo(in.text)
	}
}
