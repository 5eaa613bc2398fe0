package verity

import (
	"encoding/hex"
	"errors"
	"os"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Device is what Open makes a checked device of.
type Device struct {
	Name      string // of the new device, for people
	Path      string // the block device with data and tree
	HashStart int64  // where its superblock is, in bytes
	Root      [32]byte
	// RestartOnCorruption makes the kernel reboot when a block is not what the
	// root proves; otherwise reading it is an error.
	RestartOnCorruption bool
}

// control is the device-mapper's door.
const control = "/dev/mapper/control"

// The head of a request of the device-mapper, struct dm_ioctl of
// include/uapi/linux/dm-ioctl.h.
type request struct {
	version     [3]uint32
	dataSize    uint32
	dataStart   uint32
	targetCount uint32
	openCount   int32
	flags       uint32
	eventNr     uint32
	_           uint32
	dev         uint64
	name        [128]byte
	uuid        [129]byte
	_           [7]byte
}

// target is struct dm_target_spec, which the parameters follow.
type target struct {
	start, length uint64
	status        int32
	next          uint32
	kind          [16]byte
}

const (
	dmVersion    = 0xC138FD00 // _IOWR(0xfd, command, struct dm_ioctl)
	dmCreate     = dmVersion + 3
	dmRemove     = dmVersion + 4
	dmSuspend    = dmVersion + 6
	dmTableLoad  = dmVersion + 9
	flagReadOnly = 1
)

// Open makes the read-only device whose every block is checked on reading, and
// gives its number. Its node is /dev/dm-N, N being the number's minor. The tree's
// top is not read before the first block is.
func Open(d Device) (dev uint64, err error) {
	f, err := os.Open(d.Path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	sb, err := Read(f, d.HashStart)
	if err != nil {
		return 0, err
	}
	ctl, err := os.OpenFile(control, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer ctl.Close()
	if err := ask(ctl, dmVersion, &request{}, nil); err != nil {
		return 0, errors.New("verity: device-mapper: " + err.Error())
	}
	r := d.request()
	if err := ask(ctl, dmCreate, r, nil); err != nil {
		return 0, errors.New("verity: create " + d.Name + ": " + err.Error())
	}
	dev = r.dev
	r = d.request()
	r.targetCount, r.flags = 1, flagReadOnly
	if err = ask(ctl, dmTableLoad, r, d.table(sb)); err != nil {
		err = errors.New("verity: table of " + d.Name + ": " + err.Error())
	} else if err = ask(ctl, dmSuspend, d.request(), nil); err != nil { // without the flag it is a resume
		err = errors.New("verity: start " + d.Name + ": " + err.Error())
	}
	if err != nil {
		_ = ask(ctl, dmRemove, d.request(), nil)
		return 0, err
	}
	return dev, nil
}

func (d Device) request() *request {
	r := &request{}
	copy(r.name[:len(r.name)-1], d.Name)
	return r
}

// table is the one target of the device and its parameters.
func (d Device) table(sb Superblock) []byte {
	p := d.parameters(sb)
	size := (int(unsafe.Sizeof(target{})) + len(p) + 1 + 7) &^ 7
	b := make([]byte, size)
	t := (*target)(unsafe.Pointer(&b[0]))
	t.length = sb.DataBlocks * (Block / 512)
	copy(t.kind[:], "verity")
	copy(b[unsafe.Sizeof(target{}):], p)
	return b
}

// parameters is the line of the verity target.
func (d Device) parameters(sb Superblock) string {
	salt := hex.EncodeToString(sb.Salt)
	if salt == "" {
		salt = "-"
	}
	block := strconv.Itoa(Block)
	p := "1 " + d.Path + " " + d.Path + " " + block + " " + block + " " +
		strconv.FormatUint(sb.DataBlocks, 10) + " " + strconv.FormatInt(d.HashStart/Block+1, 10) +
		" sha256 " + hex.EncodeToString(d.Root[:]) + " " + salt
	if d.RestartOnCorruption {
		return p + " 2 restart_on_corruption ignore_zero_blocks"
	}
	return p + " 1 ignore_zero_blocks"
}

// ask sends one request with what follows it; the answer's head is in r.
func ask(ctl *os.File, command uintptr, r *request, follows []byte) error {
	const head = int(unsafe.Sizeof(*r))
	b := make([]byte, max(head+len(follows), 4096))
	r.version = [3]uint32{4, 0, 0}
	r.dataSize, r.dataStart = uint32(len(b)), uint32(head)
	*(*request)(unsafe.Pointer(&b[0])) = *r
	copy(b[head:], follows)
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, ctl.Fd(), command, uintptr(unsafe.Pointer(&b[0])))
	if errno != 0 {
		return errno
	}
	*r = *(*request)(unsafe.Pointer(&b[0]))
	return nil
}
