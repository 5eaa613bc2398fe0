// Package archtest holds the agreements about this repository that a compiler
// does not: which package may import which, that every package says what it is
// for, and how large a file may grow. Each agreement states its reason, and
// prints it when it is broken. There are only tests here.
package archtest
