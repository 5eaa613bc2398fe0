// Package staff decides who may open the staff page: somebody who knows the
// PIN, and, if the settings say so, holds an enrolled badge as well. The PIN is
// kept as a salted hash (PBKDF2, RFC 8018, with HMAC-SHA256), a badge as a keyed
// hash of its number (HMAC, RFC 2104, with SHA-256). No PIN and no badge's
// number reaches a file, an error or a log.
//
// # What it withstands
//
// Tries are counted in a file before they are judged, so pulling the plug gives
// no new ones. After five wrong ones every further one locks, for a minute at
// first and for half an hour at most. A badge's number can be read and imitated
// by anybody: it says who somebody claims to be, never that it is true, so a
// badge alone opens nothing.
//
// It does not withstand somebody who has the settings file: a PIN has at most 12
// digits, and a hash can be tried without this lock.
package staff
