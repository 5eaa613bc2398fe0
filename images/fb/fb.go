// Package fb shows a picture on the kernel's framebuffer, as
// Documentation/fb/api.rst of Linux and include/uapi/linux/fb.h describe it. It is
// for when no compositor runs.
package fb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
)

// Channel is where a colour lies in a pixel's word, in bits.
type Channel struct{ Offset, Length uint32 }

// Mode is how a framebuffer's memory is laid out.
type Mode struct {
	Width, Height    int // of what is seen, in pixels
	X, Y             int // of its first pixel in the memory
	Stride           int // bytes from a row to the next
	Bits             int // of a pixel: 16, 24 or 32
	Red, Green, Blue Channel
}

// check refuses what Encode cannot write.
func (m Mode) check() error {
	if m.Bits != 16 && m.Bits != 24 && m.Bits != 32 {
		return fmt.Errorf("fb: pixels of %d bits are not known", m.Bits)
	}
	if m.Width <= 0 || m.Height <= 0 || m.X < 0 || m.Y < 0 || m.Stride < (m.X+m.Width)*m.Bits/8 {
		return fmt.Errorf("fb: %dx%d at %d,%d do not fit into rows of %d bytes", m.Width, m.Height, m.X, m.Y, m.Stride)
	}
	for _, c := range []Channel{m.Red, m.Green, m.Blue} {
		if c.Length == 0 || c.Length > 16 || c.Offset+c.Length > uint32(m.Bits) {
			return errors.New("fb: its pixels have no red, green and blue")
		}
	}
	return nil
}

// Encode returns img as the bytes of the rows that are seen, each of Stride
// bytes, and where in the memory they begin. The image must be of the mode's
// size; pixels beside it are written black.
func (m Mode) Encode(img *image.RGBA) (rows []byte, at int64, err error) {
	if err := m.check(); err != nil {
		return nil, 0, err
	}
	if size := image.Pt(m.Width, m.Height); img.Rect.Size() != size {
		return nil, 0, fmt.Errorf("fb: a picture of %v on a screen of %v", img.Rect.Size(), size)
	}
	rows = make([]byte, m.Stride*m.Height)
	step := m.Bits / 8
	var word [4]byte
	for y := range m.Height {
		row := rows[y*m.Stride+m.X*step:]
		for x := range m.Width {
			c := img.RGBAAt(img.Rect.Min.X+x, img.Rect.Min.Y+y)
			binary.LittleEndian.PutUint32(word[:], m.Red.of(c.R)|m.Green.of(c.G)|m.Blue.of(c.B))
			copy(row[x*step:], word[:step])
		}
	}
	return rows, int64(m.Y * m.Stride), nil
}

// of is a colour's part of a pixel's word.
func (c Channel) of(v uint8) uint32 {
	wide := uint32(v) * 0x101 // 16 bits, so that 255 becomes all ones
	return wide >> (16 - c.Length) << c.Offset
}
