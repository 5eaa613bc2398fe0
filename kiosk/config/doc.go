// Package config reads and writes the one settings file of a terminal, in TOML
// 1.0 (toml.io).
//
// The file says where the terminal stands, which devices it has, how long it
// waits and how it looks. It holds no secret. Every key is listed once, in
// fields.go, with what it is for and what is allowed; reading, writing the
// commented example and the error texts all come from that list.
//
// Somebody stands beside a terminal and mends this file by hand, so [Load]
// reports everything that is wrong at once, each with its line, key, value and
// what is allowed, and takes no key that it does not know.
package config
