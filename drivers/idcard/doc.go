// Package idcard drives one resident-ID-card reader: a GA 450 bench reader whose
// GA 467 security module (SAM_V) hangs on a serial line, or on USB through package
// samusb. It finds a card, reads it, says when it is taken away, and recovers from
// whatever the cable does, if need be by switching the module off and on.
//
// The frames are in package samv, the text record of the four card types (GA/T
// 490) in ParseRecord, the ID number (GB 11643-1999) in CheckNumber.
//
// # Privacy
//
// A card is looked for only between Arm and Disarm, that is, while a resident
// has agreed to it. Text and photo come with one command; the photo is
// overwritten byte by byte as it arrives and never kept, fingerprints cannot be
// asked for. The text is overwritten once it is parsed. A Card prints masked
// and is wiped by its receiver; errors and events carry status codes and
// lengths only. To know a card lying on the reader again, the driver keeps a
// keyed hash of its number, never the number.
package idcard
