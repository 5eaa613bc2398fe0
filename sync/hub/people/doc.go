// Package people knows the hub's staff: their accounts and what each role may
// do, their passwords and sessions, and the audit log that tells who did what
// and shows when somebody has changed it. It knows no posting and no page.
//
// Passwords are kept as argon2id (RFC 9106), sessions by a hash of their token,
// addresses of callers not at all. The log is a hash chain; its head can be
// printed and kept elsewhere, and is checked against later. GB/T 22239-2019
// (等保) asks for six months of it, and Prune refuses to leave less.
package people
