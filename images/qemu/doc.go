// Package qemu runs an image in an emulated machine, as a test needs it: with a
// disk that forgets what was not flushed when the power goes (Disk), a screen
// that can be photographed and touched, keys that can be pressed, and serial
// devices that the simulators serve (Machine). It knows nothing of the terminal.
//
// Sources: the QEMU Machine Protocol reference (qemu.org/docs), the NBD protocol
// (github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md, fixed newstyle).
package qemu
