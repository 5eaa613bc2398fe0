package delta

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// window is how far back a packed text may refer, and so about what a reader of
// it must hold in memory.
const window = 4 << 20

// Below these sizes levels are used that need 1 and 5 MB of tables instead of 36, and
// give a few bytes more.
const (
	tiny   = 4 << 10
	little = 32 << 10
)

// maxFrame is the greatest frame that is unpacked whole, and maxBlock what one
// block of it, of at least minBlock bytes, unpacks to at most (RFC 8878, 3.1.1.2).
const (
	maxFrame = 512 << 20
	maxBlock = 128 << 10
	minBlock = 4
)

// Packed is what lies on the server.
type Packed struct {
	Bytes []byte
	Raw   int64 // bytes unpacked: the limit to give to the decoder
}

// pack packs raw as one frame. With a dictionary, which may be empty but not nil,
// the frame tells its size and can be unpacked only with the same.
func pack(raw, dictionary []byte) (Packed, error) {
	size := 1 << 10
	for size < len(raw)+len(dictionary) && size < window {
		size *= 2
	}
	level := zstd.SpeedBestCompression
	switch {
	case len(raw) < tiny:
		level = zstd.SpeedDefault
	case len(raw) < little:
		level = zstd.SpeedBetterCompression
	}
	options := []zstd.EOption{
		zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(size), zstd.WithZeroFrames(true),
		zstd.WithEncoderCRC(false), // whoever reads it has checked a SHA-256
	}
	if dictionary != nil {
		options = append(options, zstd.WithSingleSegment(true))
	}
	if len(dictionary) > 0 {
		options = append(options, zstd.WithEncoderDictRaw(1, dictionary))
	}
	enc, err := zstd.NewWriter(nil, options...)
	if err != nil {
		return Packed{}, fmt.Errorf("delta: pack: %w", err)
	}
	defer enc.Close()
	return Packed{enc.EncodeAll(raw, nil), int64(len(raw))}, nil
}

// unpack unpacks the one frame of which packed consists, of exactly size bytes.
func unpack(packed []byte, size int64, dictionary []byte) ([]byte, error) {
	var h zstd.Header
	if err := h.Decode(packed); err != nil {
		return nil, fmt.Errorf("delta: unpack: %w", err)
	}
	most := min(maxFrame, int64(len(packed)/minBlock+1)*maxBlock)
	if !h.HasFCS || h.FrameContentSize != uint64(size) || size > most || h.Skippable {
		return nil, fmt.Errorf("delta: unpack: a frame of %d bytes was expected", size)
	}
	options := []zstd.DOption{
		zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecodeAllCapLimit(true),
		zstd.WithDecoderMaxMemory(uint64(max(size, zstd.MinWindowSize))),
	}
	if len(dictionary) > 0 {
		options = append(options, zstd.WithDecoderDictRaw(1, dictionary))
	}
	dec, err := zstd.NewReader(nil, options...)
	if err != nil {
		return nil, fmt.Errorf("delta: unpack: %w", err)
	}
	defer dec.Close()
	raw, err := dec.DecodeAll(packed, make([]byte, 0, size))
	if err != nil {
		return nil, fmt.Errorf("delta: unpack: %w", err)
	}
	if int64(len(raw)) != size {
		return nil, fmt.Errorf("delta: unpack: %d bytes, not %d", len(raw), size)
	}
	return raw, nil
}

// lines reads the lines of a packed text, each with its end, no more than limit
// bytes in all. What take gets is good until it returns.
func lines(packed io.Reader, limit int64, take func(line []byte) error) error {
	dec, err := zstd.NewReader(packed,
		zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(2*window))
	if err != nil {
		return fmt.Errorf("delta: unpack: %w", err)
	}
	defer dec.Close()
	in := bufio.NewReaderSize(io.LimitReader(dec, limit+1), maxLine+1)
	for read := int64(0); ; {
		line, err := in.ReadSlice('\n')
		if read += int64(len(line)); read > limit {
			return fmt.Errorf("delta: there are more than %d bytes", limit)
		}
		switch {
		case err == io.EOF && len(line) == 0:
			return nil
		case err == io.EOF:
			return errors.New("delta: the last line has no end")
		case errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("delta: a line is longer than %d bytes", maxLine)
		case err != nil:
			return fmt.Errorf("delta: unpack: %w", err)
		}
		if err := take(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return err
		}
	}
}
