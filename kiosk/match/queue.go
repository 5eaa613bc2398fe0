package match

import "math"

// node is a bound that waits to be looked into: a block at level 0, a fan of
// bounds above.
type node struct {
	score     int     // no row within has more
	metres    float64 // none is nearer; +Inf: no place within is known
	published int64   // none is later
	level     int32
	index     int32
}

// before reports whether a is to be looked into before b.
func before(a, b *node) bool {
	switch {
	case a.score != b.score:
		return a.score > b.score
	case a.metres != b.metres:
		return a.metres < b.metres
	}
	return a.published > b.published
}

// reaches reports whether a row within the node may have a place among the
// best. It compares as [compare] does, and says yes when the bounds are even.
func (v *visit) reaches(n node) bool {
	if !v.best.full() {
		return true
	}
	worst := &v.best.heap[0]
	if n.score != worst.score {
		return n.score > worst.score
	}
	metres := worst.metres
	if metres < 0 {
		metres = math.Inf(1)
	}
	if n.metres != metres {
		return n.metres < metres
	}
	return n.published >= worst.post.Published.Unix()
}

// push and pop keep the queue a heap with the first node on top.
func (v *visit) push(n node) {
	v.queue = append(v.queue, n)
	q := v.queue
	for i := len(q) - 1; i > 0; {
		parent := (i - 1) / 2
		if !before(&q[i], &q[parent]) {
			return
		}
		q[i], q[parent] = q[parent], q[i]
		i = parent
	}
}

func (v *visit) pop() (node, bool) {
	q := v.queue
	if len(q) == 0 {
		return node{}, false
	}
	first, last := q[0], len(q)-1
	q[0] = q[last]
	q = q[:last]
	v.queue = q
	for i := 0; ; {
		next := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(q); c++ {
			if before(&q[c], &q[next]) {
				next = c
			}
		}
		if next == i {
			return first, true
		}
		q[i], q[next] = q[next], q[i]
		i = next
	}
}
