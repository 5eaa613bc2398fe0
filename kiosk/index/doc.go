// Package index is a board held in memory so that every question is answered
// at once: text in which every substring is found through pairs of characters,
// and sets of rows as bits. What it holds never changes; the next state is made
// from the last one beside it. Varint deltas and bit sets for postings follow
// Witten, Moffat, Bell, Managing Gigabytes, chapter 3. DESIGN.md says how.
package index
