// Package verity is for a root that cannot be changed unnoticed: the superblock
// and the hash tree of dm-verity, format 1, as
// docs.kernel.org/admin-guide/device-mapper/verity.html and cryptsetup's
// veritysetup describe them, always with SHA-256 and blocks of 4096 bytes. It
// writes a tree, checks one, and opens the device over it.
package verity

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

const (
	perBlock = Block / sha256.Size // digests in one block of the tree
)

// ErrCorrupt tells that data, tree and root do not belong together.
var ErrCorrupt = errors.New("verity: corrupt")

// Format hashes size bytes of data and writes superblock and tree to w from
// hashStart on, as "veritysetup format --data-block-size 4096 --hash-offset"
// does. Size and hashStart are whole blocks, and data and tree may share a file:
// hashStart is then at least size. The salt has at most 256 bytes. The root hash
// is what proves all of it.
func Format(data io.ReaderAt, w io.WriterAt, sb Superblock, hashStart int64) (root [32]byte, err error) {
	if sb.DataBlocks == 0 || hashStart%Block != 0 || hashStart < 0 {
		return root, fmt.Errorf("verity: %d blocks of data, tree from byte %d: not whole blocks of %d", sb.DataBlocks, hashStart, Block)
	}
	head, err := sb.encode()
	if err != nil {
		return root, err
	}
	levels, root, err := tree(data, sb)
	if err != nil {
		return root, err
	}
	if _, err := w.WriteAt(head, hashStart); err != nil {
		return root, fmt.Errorf("verity: write the superblock: %w", err)
	}
	off := hashStart + Block
	for i := len(levels) - 1; i >= 0; i-- {
		if _, err := w.WriteAt(levels[i], off); err != nil {
			return root, fmt.Errorf("verity: write the tree: %w", err)
		}
		off += int64(len(levels[i]))
	}
	return root, nil
}

// Size is how many bytes superblock and tree take for so many blocks of data.
func Size(blocks uint64) int64 {
	total := uint64(1)
	for n := blocks; n > 1; {
		n = (n + perBlock - 1) / perBlock
		total += n
	}
	return int64(total) * Block
}

// Verify reads data and tree from r, and the error says where they do not belong
// to the root: it is ErrCorrupt, or that of reading.
func Verify(r io.ReaderAt, hashStart int64, root [32]byte) error {
	sb, err := Read(r, hashStart)
	if err != nil {
		return err
	}
	levels, got, err := tree(r, sb)
	if err != nil {
		return err
	}
	if got != root {
		return fmt.Errorf("%w: the data's root hash is %x, not %x", ErrCorrupt, got, root)
	}
	off := hashStart + Block
	for i := len(levels) - 1; i >= 0; i-- {
		stored := make([]byte, len(levels[i]))
		if _, err := r.ReadAt(stored, off); err != nil {
			return fmt.Errorf("verity: read the tree at byte %d: %w", off, err)
		}
		if !bytes.Equal(stored, levels[i]) {
			return fmt.Errorf("%w: level %d of the tree, at byte %d", ErrCorrupt, i, off)
		}
		off += int64(len(stored))
	}
	return nil
}

// tree computes the levels of the tree, the data's hashes first, and the root.
func tree(data io.ReaderAt, sb Superblock) (levels [][]byte, root [32]byte, err error) {
	src := io.Reader(io.NewSectionReader(data, 0, int64(sb.DataBlocks)*Block))
	for n := sb.DataBlocks; ; {
		level, err := hashes(src, n, sb.Salt)
		if err != nil {
			return nil, root, err
		}
		if n == 1 {
			return levels, [32]byte(level[:32]), nil
		}
		levels = append(levels, level)
		src, n = bytes.NewReader(level), uint64(len(level)/Block)
	}
}

// hashes gives the digests of n blocks, filled up with zeros to whole blocks.
func hashes(src io.Reader, n uint64, salt []byte) ([]byte, error) {
	out := make([]byte, (n+perBlock-1)/perBlock*Block)
	block := make([]byte, Block)
	h := sha256.New()
	for i := range n {
		if _, err := io.ReadFull(src, block); err != nil {
			return nil, fmt.Errorf("verity: read block %d: %w", i, err)
		}
		h.Reset()
		h.Write(salt)
		h.Write(block)
		h.Sum(out[i*sha256.Size : i*sha256.Size])
	}
	return out, nil
}
