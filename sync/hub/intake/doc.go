// Package intake reads the postings that a hub is given: CSV in UTF-8 or GB
// 18030, Excel workbooks, JSON Lines as package jsonl writes them, and
// schema.org JobPosting, in JSON-LD or inside a page.
//
// A table may look as offices make them: titles above the header, headings in
// many words and in two rows, merged cells, numbered empty rows, notes below.
// Columns are told by their headings ([Options].Mapping overrules), cells are read
// by package normal. [Read] stores nothing, so that a dry run is to not store
// what it returns.
//
// Nothing is dropped in silence: every row of the source is a [Row], or has its
// [Problem], or is counted empty; see [Counts]. Whatever was guessed is a [Note],
// every heading that was not understood a [Column] without a field.
//
// What is read comes from strangers: a file is held to [MaxBytes], what it
// unpacks to, rows, columns and time to the limits beside it; beyond them the
// error is a [Cause].
package intake
