package index

// merge makes the pairs of the next state: those of old, whose row i becomes
// row to[i] or is gone when that is negative, and those of fresh, whose rows
// come after all of them.
func merge(rows int, old *pairs, to []int32, fresh *pairs) *pairs {
	chars := max(old.chars(), fresh.chars())
	w := newPairsWriter(rows, chars, len(old.lists)+len(fresh.lists)+len(fresh.lists)/8)
	w.p.second = make([]uint32, 0, len(old.second)+len(fresh.second)/2)
	w.p.ends = make([]uint32, 0, cap(w.p.second))
	var room []int32
	for c := range uint32(chars) {
		a, aEnd := old.from(c)
		b, bEnd := fresh.from(c)
		for a < aEnd || b < bEnd {
			second := anyLetter
			if a < aEnd {
				second = old.second[a]
			}
			if b < bEnd {
				second = min(second, fresh.second[b])
			}
			if second == anyLetter {
				break // made anew by endChar
			}
			room = room[:0]
			if a < aEnd && old.second[a] == second {
				room = old.decode(room, old.list(a))
				room = renumber(room, to)
				a++
			}
			if b < bEnd && fresh.second[b] == second {
				room = fresh.decode(room, fresh.list(b))
				b++
			}
			w.put(second, room)
		}
		w.endChar()
	}
	return w.p
}

// from returns the indexes in second of the pairs that begin with a character.
func (p *pairs) from(c uint32) (from, to uint32) {
	if int(c) >= p.chars() {
		return 0, 0
	}
	return p.first[c], p.first[c+1]
}

// renumber replaces rows by their new numbers and leaves out the gone ones.
func renumber(rows, to []int32) []int32 {
	kept := rows[:0]
	for _, r := range rows {
		if n := to[r]; n >= 0 {
			kept = append(kept, n)
		}
	}
	return kept
}
