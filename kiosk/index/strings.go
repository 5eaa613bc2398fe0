package index

// Strings holds each of many strings once, in one piece of memory. It is never
// changed.
type Strings struct {
	text string
	ends []uint32
}

// Len is the number of strings.
func (s *Strings) Len() int { return len(s.ends) }

// Size is the number of bytes it takes.
func (s *Strings) Size() int { return len(s.text) + 4*len(s.ends) }

// At returns the string with the number. It shares the memory of s.
func (s *Strings) At(n uint32) string {
	start := uint32(0)
	if n > 0 {
		start = s.ends[n-1]
	}
	return s.text[start:s.ends[n]]
}

// StringsMaker makes the next state of Strings out of those that are still
// used and those that are new.
type StringsMaker struct {
	old    *Strings
	to     []uint32 // 1 + the new number of an old string; 0: not used yet
	text   []byte
	ends   []uint32
	number map[string]uint32
}

// Next begins the next state. Only what is kept or added will be in it.
func (s *Strings) Next() *StringsMaker {
	return &StringsMaker{
		old: s, to: make([]uint32, s.Len()), text: make([]byte, 0, len(s.text)),
		ends: make([]uint32, 0, s.Len()), number: make(map[string]uint32, s.Len()),
	}
}

// Keep returns the new number of an old string.
func (m *StringsMaker) Keep(n uint32) uint32 {
	if m.to[n] == 0 {
		m.to[n] = 1 + m.Add(m.old.At(n))
	}
	return m.to[n] - 1
}

// Add returns the number of a string.
func (m *StringsMaker) Add(s string) uint32 {
	n, ok := m.number[s]
	if !ok {
		n = uint32(len(m.ends))
		m.text = append(m.text, s...)
		m.ends = append(m.ends, uint32(len(m.text)))
		m.number[s] = n
	}
	return n
}

// Done returns the next state.
func (m *StringsMaker) Done() Strings { return Strings{string(m.text), m.ends} }
