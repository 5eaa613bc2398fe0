package gpt

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
)

// A GUID names a disk, a partition or a partition's type. It holds the sixteen
// bytes as they lie on the disk: the first three groups of the written form are
// little-endian there, the last two are not (UEFI 2.10, appendix A).
type GUID [16]byte

// The types of partition that the image uses.
var (
	ESP       = mustGUID("C12A7328-F81F-11D2-BA4B-00A0C93EC93B")
	BasicData = mustGUID("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7")
	LinuxData = mustGUID("0FC63DAF-8483-4772-8E79-3D69D8477DE4")
)

var errGUID = errors.New("gpt: a GUID is written xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, in hexadecimal")

// ParseGUID reads the written form, in either case.
func ParseGUID(s string) (GUID, error) {
	var g GUID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return g, errGUID
	}
	b, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	if err != nil {
		return g, errGUID
	}
	return mixed([16]byte(b)), nil
}

func mustGUID(s string) GUID {
	g, err := ParseGUID(s)
	if err != nil {
		panic(s + ": " + err.Error())
	}
	return g
}

// String is the written form, in capitals.
func (g GUID) String() string {
	h := strings.ToUpper(hex.EncodeToString(flat(g)))
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// mixed turns the order of the written form into the disk's.
func mixed(b [16]byte) GUID {
	g := GUID(b)
	binary.LittleEndian.PutUint32(g[0:], binary.BigEndian.Uint32(b[0:]))
	binary.LittleEndian.PutUint16(g[4:], binary.BigEndian.Uint16(b[4:]))
	binary.LittleEndian.PutUint16(g[6:], binary.BigEndian.Uint16(b[6:]))
	return g
}

// flat turns the disk's order into that of the written form. The swap is its
// own inverse.
func flat(g GUID) []byte {
	b := mixed([16]byte(g))
	return b[:]
}
