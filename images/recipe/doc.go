// Package recipe says what an image is made of: the targets, the Debian
// packages of each and the exact versions they are pinned to, what is left out
// of them, the drivers that are kept, the users and the services. It is data
// and its reading; images/debs, images/rootfs and images/disk do the work.
//
// A lock file beside this package, <target>.lock, pins every package by name,
// version, size and SHA-256. It is made from Debian's signed indexes by
// `mkimage lock`; a build takes what the lock says and nothing else.
package recipe
