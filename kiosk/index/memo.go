package index

import "sync"

// memo keeps the rows of words that very many rows had to be looked at for.
// People ask the same thing again with another filter, and what ends every
// employer's name is asked for all day. It lives as long as its Text.
type memo struct {
	mu   sync.Mutex
	sets map[memoKey]Bits
}

type memoKey struct {
	word  string
	first bool // of first lines
}

// mostMemos is the number of sets that are kept: 0.4 MB for 100,000 rows.
const mostMemos = 32

func (m *memo) get(k memoKey) Bits {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sets[k]
}

func (m *memo) put(k memoKey, set Bits) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sets == nil {
		m.sets = map[memoKey]Bits{}
	}
	for old := range m.sets {
		if len(m.sets) < mostMemos {
			break
		}
		delete(m.sets, old) // any one
	}
	m.sets[k] = set
}
