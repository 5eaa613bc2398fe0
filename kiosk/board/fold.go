package board

import (
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// folds are the groups of postings that are one row of a folded list: those of
// one employer, one kind of work by its title, and one town. A posting that is
// like no other has no group.
type folds struct {
	of   []int32    // by row: its group; -1: none
	many index.Bits // the rows that have one
	rows []int32    // the groups' rows, one group after the other, by id
	ends []int32    // where each group's rows end
	town []int16    // each group's town, as row.town

	marks []marks // by row: what it counts for that passes all filters
}

// alike is what the postings of a group have in common.
type alike struct {
	employer, title int32 // numbers of folded words
	place           uint32
}

// newFolds puts the rows together.
func newFolds(s *snapshot) folds {
	n := len(s.rows)
	f := folds{of: make([]int32, n), many: index.NewBits(n)}
	at, numbers := map[alike]int32{}, map[string]int32{}
	// Many postings share a word, so each is folded once.
	words := s.strings.Len()
	employers, titles := make([]int32, words), make([]int32, words)
	once := func(memory []int32, word uint32, folded func(string) string) int32 {
		if memory[word] == 0 {
			key := folded(s.strings.At(word))
			if numbers[key] == 0 {
				numbers[key] = int32(len(numbers) + 1)
			}
			memory[word] = numbers[key]
		}
		return memory[word]
	}
	var counts []int32
	for i := range s.facts {
		w, r := &s.facts[i].words, &s.rows[i]
		key := alike{
			employer: once(employers, w[wordEmployer], fold),
			title:    once(titles, w[wordTitle], coreTitle),
			place:    uint32(r.town),
		}
		if r.town < 0 {
			key.place = 1<<31 | r.area // coarser than a town: the same area
		}
		group, ok := at[key]
		if !ok {
			group = int32(len(counts))
			at[key], counts = group, append(counts, 0)
		}
		f.of[i] = group
		counts[group]++
	}
	f.gather(s, counts)
	f.marks = make([]marks, n)
	for i := range s.rows {
		f.marks[i] = marksOf(&s.rows[i])
	}
	return f
}

// gather leaves the groups of two and more, and lists their rows.
func (f *folds) gather(s *snapshot, counts []int32) {
	number := make([]int32, len(counts)) // of the groups that stay
	var next []int32                     // where each group's next row goes
	total := int32(0)
	for group, n := range counts {
		number[group] = -1
		if n < 2 {
			continue
		}
		number[group] = int32(len(next))
		next = append(next, total)
		total += n
		f.ends = append(f.ends, total)
	}
	f.rows, f.town = make([]int32, total), make([]int16, len(next))
	for _, i := range s.byID.Rows {
		group := number[f.of[i]]
		f.of[i] = group
		if group < 0 {
			continue
		}
		f.many.Set(int(i))
		f.rows[next[group]] = i
		next[group]++
		f.town[group] = s.rows[i].town
	}
}

// len is the number of groups.
func (f *folds) len() int { return len(f.ends) }

// group is the rows of a group.
func (f *folds) group(n int32) []int32 {
	start := int32(0)
	if n > 0 {
		start = f.ends[n-1]
	}
	return f.rows[start:f.ends[n]]
}

// others counts the other rows of a row's group that passed.
func (f *folds) others(row int32, pass index.Bits) (n int) {
	if f.of[row] < 0 {
		return 0
	}
	for _, i := range f.group(f.of[row]) {
		if i != row && pass.Has(int(i)) {
			n++
		}
	}
	return n
}

// like is the set of a row and those that it is folded with; empty for -1.
func (f *folds) like(row int32, r *room) index.Bits {
	set := r.set()
	set.Reset()
	switch {
	case row < 0:
	case f.of[row] < 0:
		set.Set(int(row))
	default:
		for _, i := range f.group(f.of[row]) {
			set.Set(int(i))
		}
	}
	return set
}

// Alike returns the ids of the open postings that a folded list shows as one row
// with the posting, its own too if it is open, in the order of ids.
func (b *Board) Alike(id string, now time.Time) []string {
	s := b.snap.Load()
	row := s.find(id)
	if row < 0 {
		return nil
	}
	rows := []int32{row}
	if g := s.folds.of[row]; g >= 0 {
		rows = s.folds.group(g)
	}
	open := s.open(now)
	var ids []string
	for _, i := range rows {
		if open.Has(int(i)) {
			ids = append(ids, s.word(&s.facts[i], wordID))
		}
	}
	return ids
}

// foldedPage leaves the query's page of a folded list in r.rows: the levels from
// the last to the first, each in the order; of a group the first row that is met.
func (s *snapshot) foldedPage(q kiosk.Query, order pager, levels []index.Bits, r *room) {
	skip, want := max(0, q.Offset), q.Limit
	for n := len(levels) - 1; n >= 0 && len(r.rows) < want; n-- {
		order.Each(levels[n], func(row int32) bool {
			if g := s.folds.of[row]; g >= 0 {
				if r.seen.Has(int(g)) {
					return true
				}
				r.seen.Set(int(g))
			}
			if skip > 0 {
				skip--
				return true
			}
			r.rows = append(r.rows, row)
			return len(r.rows) < want
		})
	}
	r.seen.Reset()
}

var (
	// callsBefore and callsAfter stand around a kind of work in titles and name
	// none. The longer ones come first.
	callsBefore = []string{"高薪诚聘", "高薪急聘", "长期招聘", "急招聘", "招聘", "诚聘", "急聘", "急招", "诚招", "直招", "聘", "招"}
	callsAfter  = []string{"若干名", "若干人", "若干", "多名", "数名", "急招", "急聘"}
	// hiring is what follows 招聘 where hiring people is the work itself.
	hiring = []string{"专员", "主管", "经理", "助理", "顾问", "文员", "专家", "总监"}
)

// coreTitle is the kind of work that a title names, folded: without what stands
// in brackets or after a dash, without a number of people and without a call to
// come. "招缝纫工", "缝纫工若干名", "缝纫工（急）" and "【急聘】缝纫工3人" are "缝纫工".
// A title of which nothing would be left is whole.
func coreTitle(title string) string {
	whole := fold(title)
	t := whole
	for _, pair := range [][2]string{{"(", ")"}, {"[", "]"}, {"【", "】"}, {"《", "》"}} {
		if rest, ok := strings.CutPrefix(t, pair[0]); ok {
			if _, after, closed := strings.Cut(rest, pair[1]); closed && after != "" {
				t = after
			}
		}
	}
	t = kiosk.HeadWords(t)
	t = withoutNumber(t)
	for _, call := range callsBefore {
		rest, ok := strings.CutPrefix(t, call)
		if !ok {
			continue
		}
		if rest = strings.TrimLeft(rest, ":：!！"); rest != "" && !slices.Contains(hiring, rest) {
			return rest
		}
		break
	}
	return t
}

// withoutNumber is a title without the number of people at its end.
func withoutNumber(t string) string {
	for _, call := range callsAfter {
		if rest, ok := strings.CutSuffix(t, call); ok && rest != "" {
			return rest
		}
	}
	for _, unit := range []string{"名", "人", "位"} {
		rest, ok := strings.CutSuffix(t, unit)
		if bare := strings.TrimRight(rest, "0123456789"); ok && bare != rest && bare != "" {
			return bare
		}
	}
	return t
}
