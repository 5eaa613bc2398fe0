// Package bootstate is the little state by which the boot loader chooses a slot
// and counts its tries, and the GRUB that acts on it (grub.cfg). The state is a
// GRUB environment block (GNU GRUB manual 2.06, "Environment block": 1024 bytes,
// a signature, lines name=value, padded with #), twice on a partition of its
// own, so that a torn one is not the end. ../DESIGN.md describes the whole.
package bootstate
