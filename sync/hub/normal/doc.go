// Package normal turns what people write in the cells of a posting into the
// values of package kiosk: pay texts of every shape, spellings of schooling and
// experience, days, places, numbers of people, telephone numbers, and the words
// of shifts, benefits and certificates.
//
// Every reader takes any text and never panics. It gives a value that
// [kiosk.Posting.Check] takes, with a [Reason] for everything it had to guess or
// leave out, or one Reason as an error when the text does not say enough. It
// guesses only what a clerk would guess alike, and says so; the words that
// were read are the caller's to keep.
//
// Amounts are exact: no reader calculates with floating point.
package normal
