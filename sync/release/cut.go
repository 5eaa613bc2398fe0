package release

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"jobhome/sync/wire"
)

// chunkSize is what Cut cuts into. A chunk's place follows from its number, so that
// an update that was cut off finds where it was by reading the slot, and a slot is
// written in whole, aligned blocks of flash. Where content moves within an image
// chunks are not found again: whoever builds images keeps files in a fixed order.
const chunkSize = 512 << 10

// Cut reads an image to its end and hands every chunk with its hash to put, which
// may not keep the bytes. It fails at an empty image, at one of more than 1 GiB,
// and when put does.
func Cut(name string, r io.Reader, put func(wire.Hash, []byte) error) (Part, error) {
	p := Part{Name: name, Chunk: chunkSize}
	whole, buf := sha256.New(), make([]byte, chunkSize)
	for {
		n, err := io.ReadFull(r, buf)
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return Part{}, fmt.Errorf("release: cut %s at %d: %w", name, p.Size, err)
		}
		if n > 0 {
			if p.Size += int64(n); p.Size > maxPart {
				return Part{}, fmt.Errorf("release: %s of more than %d bytes %w", name, int64(maxPart), ErrForm)
			}
			hash := wire.Hash(sha256.Sum256(buf[:n]))
			whole.Write(buf[:n])
			if err := put(hash, buf[:n]); err != nil {
				return Part{}, fmt.Errorf("release: keep chunk %d of %s: %w", len(p.Chunks), name, err)
			}
			p.Chunks = append(p.Chunks, hash)
		}
		if end {
			break
		}
	}
	whole.Sum(p.Hash[:0])
	return p, p.check()
}
