package lexicon

import "fmt"

// Kind is what a term names.
type Kind uint8

// The kinds.
const (
	Occupation Kind = iota // a name of 职业分类大典, or a title on the board
	Lay                    // a lay word or an old name; Means has the occupation
	Trade                  // a kind of work with a picture tile
	Town                   // a town, street or county
	Skill                  // a skill or certificate
	Benefit                // what an employer gives beside pay
	Employer
)

var kindNames = [...]string{"occupation", "lay", "trade", "town", "skill", "benefit", "employer"}

// String returns the kind's name in lower case.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Term is a term of the board.
type Term struct {
	Text  string
	Kind  Kind
	Count int // postings that have it; more comes first

	// Means is what to search for instead, when Text is a lay word; Code is
	// that occupation's code, if it has one. See [AddLay].
	Means, Code string

	// Hidden terms are found but are not to be shown as a suggestion: show
	// Means.
	Hidden bool
}

// How is by what a term was found, the surest first.
type How uint8

// The ways. From Sounds on, the term is a guess that a screen should ask about
// (您是不是要找).
const (
	Exact    How = iota // the term itself, or the whole of its pinyin
	Prefix              // the beginning of the term or of its pinyin
	Initials            // first letters, or letters and characters mixed
	Inside              // a part of the term that is not its beginning
	Sounds              // other characters of the same sound
	Fuzzy               // near sounds: zh/z, ch/c, sh/s, ng/n, l/n, v/u
	Typo                // one character or letter wrong, missing, extra or swapped
)

var howNames = [...]string{"exact", "prefix", "initials", "inside", "sounds", "fuzzy", "typo"}

// String returns the way's name in lower case.
func (h How) String() string {
	if int(h) < len(howNames) {
		return howNames[h]
	}
	return fmt.Sprintf("way %d", uint8(h))
}

// Guess reports whether the term is not what was typed but something like it.
func (h How) Guess() bool { return h >= Sounds }

// Hit is a term that was found.
type Hit struct {
	Term
	How How
}
