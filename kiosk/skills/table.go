package skills

import (
	_ "embed"
	"fmt"
	"math/bits"
	"strings"
	"sync"

	"jobhome/kiosk"
)

//go:embed skills.tsv
var source string

// Set is a set of skills.
type Set [2]uint64

// Len is the number of skills in the set.
func (s Set) Len() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// And is the set of the skills that s and o share.
func (s Set) And(o Set) Set { return Set{s[0] & o[0], s[1] & o[1]} }

// List returns the set's skills in the order of the table.
func (s Set) List() []kiosk.Skill {
	var all []kiosk.Skill
	for i, k := range table().skills {
		if s[i/64]&(1<<(i%64)) != 0 {
			all = append(all, k)
		}
	}
	return all
}

// Of returns the skills of an occupation. It is empty for a code that the table
// does not have, and for one that is coarser than the table's.
func Of(code string) Set { return table().of[code] }

type tables struct {
	skills []kiosk.Skill
	of     map[string]Set
}

var table = sync.OnceValue(func() tables {
	t, err := read(source)
	if err != nil {
		panic(err) // a mistake of ours; the tests read the whole table
	}
	return t
})

// read takes the lines of the table: "skill" with its names, or a code with
// its skills.
func read(text string) (tables, error) {
	t := tables{of: map[string]Set{}}
	index := map[string]int{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		switch {
		case f[0] == "skill" && len(f) == 4:
			if _, again := index[f[1]]; again || len(t.skills) == len(Set{})*64 {
				return t, fmt.Errorf("skills: %s is there twice, or one too many", f[1])
			}
			index[f[1]] = len(t.skills)
			t.skills = append(t.skills, kiosk.Skill{ID: f[1], Name: f[2], English: f[3]})
		case len(f) == 3:
			if _, again := t.of[f[0]]; again {
				return t, fmt.Errorf("skills: %s is there twice", f[0])
			}
			var set Set
			for id := range strings.FieldsSeq(f[2]) {
				i, ok := index[id]
				if !ok {
					return t, fmt.Errorf("skills: %s has the unknown skill %s", f[0], id)
				}
				set[i/64] |= 1 << (i % 64)
			}
			t.of[f[0]] = set
		default:
			return t, fmt.Errorf("skills: %q is neither a skill nor an occupation", line)
		}
	}
	return t, nil
}
