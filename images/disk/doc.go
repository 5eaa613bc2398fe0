// Package disk makes the file systems of an image and puts them together as a
// disk, with Debian's own programs (mkfs.erofs, mkfs.vfat and mtools), without a
// loop device, a mount or root, and the same bytes every time.
package disk
