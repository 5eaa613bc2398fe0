// Package lexicon turns what a person types into terms that the board really
// has. Hanyu Pinyin is ISO 7098 and GB/T 16159 without tone marks, as input
// methods take it; readings of characters come from go-pinyin, which is made
// from Unihan, and from a table of ours for what a character's commonest
// reading gets wrong in a word (会计 is kuaiji).
//
// A [Dict] is made once from the board's distinct terms and never changes, so
// any number of goroutines may read it. [Dict.Lookup] takes characters, whole
// pinyin ("fengrengong"), first letters ("frg"), both mixed ("fengrg", "f人g"),
// the beginning of any of these, near sounds (zh/z, ch/c, sh/s, ng/n, l/n),
// a character of the same sound, and one wrong, missing or extra character.
// Each [Hit] says how it was found, so that a screen can ask rather than claim.
//
// The lay words of synonyms.tsv are data of the project; see its header for
// how to add one.
package lexicon
