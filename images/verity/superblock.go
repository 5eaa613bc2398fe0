package verity

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Block is the size of a block of data and of the tree, in bytes.
const Block = 4096

// maxSalt is the room of the superblock, in bytes.
const maxSalt = 256

var (
	magic = [8]byte{'v', 'e', 'r', 'i', 't', 'y'}
	le    = binary.LittleEndian
)

// ErrNone tells that there is no superblock of dm-verity where one was looked
// for, or not one of this package's kind.
var ErrNone = errors.New("verity: no superblock")

// A Superblock says how a tree was made. Nothing proves it, and nothing must:
// with another one the root hash is another.
type Superblock struct {
	UUID       [16]byte // in the order of its written form
	Salt       []byte   // at most 256 bytes
	DataBlocks uint64   // of 4096 bytes
}

// encode gives the first block of the tree's area.
func (s Superblock) encode() ([]byte, error) {
	if len(s.Salt) > maxSalt {
		return nil, fmt.Errorf("verity: a salt of %d bytes, and %d at most", len(s.Salt), maxSalt)
	}
	b := make([]byte, Block)
	copy(b, magic[:])
	le.PutUint32(b[8:], 1)  // version
	le.PutUint32(b[12:], 1) // hash type: the salt comes first
	copy(b[16:32], s.UUID[:])
	copy(b[32:64], "sha256")
	le.PutUint32(b[64:], Block)
	le.PutUint32(b[68:], Block)
	le.PutUint64(b[72:], s.DataBlocks)
	le.PutUint16(b[80:], uint16(len(s.Salt)))
	copy(b[88:], s.Salt)
	return b, nil
}

// Read reads the superblock at hashStart, in bytes.
func Read(r io.ReaderAt, hashStart int64) (Superblock, error) {
	b := make([]byte, 512)
	if _, err := r.ReadAt(b, hashStart); err != nil {
		return Superblock{}, fmt.Errorf("verity: read the superblock at byte %d: %w", hashStart, err)
	}
	salt := int(le.Uint16(b[80:]))
	blocks := le.Uint64(b[72:])
	switch {
	case [8]byte(b) != magic:
		return Superblock{}, fmt.Errorf("%w at byte %d", ErrNone, hashStart)
	case le.Uint32(b[8:]) != 1, le.Uint32(b[12:]) != 1, string(b[32:39]) != "sha256\x00",
		le.Uint32(b[64:]) != Block, le.Uint32(b[68:]) != Block, salt > maxSalt:
		return Superblock{}, fmt.Errorf("%w at byte %d of format 1, sha256, blocks of %d", ErrNone, hashStart, Block)
	case hashStart%Block != 0, blocks == 0, blocks > uint64(hashStart)/Block:
		return Superblock{}, fmt.Errorf("%w at byte %d: it speaks of %d blocks before it", ErrNone, hashStart, blocks)
	}
	return Superblock{UUID: [16]byte(b[16:32]), Salt: b[88 : 88+salt : 88+salt], DataBlocks: blocks}, nil
}
