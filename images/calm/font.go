package calm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/image/font/sfnt"
)

// FontPaths are where Debian's fonts-wqy-microhei, which the image has, and
// fonts-noto-cjk put their fonts.
func FontPaths() []string {
	return []string{
		"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
		"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
	}
}

// OpenFont opens the first of the fonts at paths that can be read; of a
// collection it takes the first font.
func OpenFont(paths ...string) (*sfnt.Font, error) {
	var why []error
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err == nil {
			var f *sfnt.Font
			if f, err = parseFont(b); err == nil {
				return f, nil
			}
			err = fmt.Errorf("%s: %w", p, err)
		}
		why = append(why, err)
	}
	return nil, fmt.Errorf("calm: no font: %w", errors.Join(why...))
}

func parseFont(b []byte) (*sfnt.Font, error) {
	one, err := single(b)
	if err != nil {
		return nil, err
	}
	return sfnt.Parse(one)
}

// The layout of ISO/IEC 14496-22: a collection begins with its tag and, at 12,
// the place of its first font; a font is a header and a record for each table.
const (
	collectionTag = "ttcf"
	headerSize    = 12
	recordSize    = 16
	mostTables    = 256
)

var errFont = errors.New("is no OpenType font")

// single copies the first font of b into a file of its own, its tables aligned
// to four bytes. Package sfnt refuses WenQuanYi Micro Hei, whose are not.
func single(b []byte) ([]byte, error) {
	start := uint32(0)
	if len(b) < headerSize+4 {
		return nil, errFont
	}
	if string(b[:4]) == collectionTag {
		start = binary.BigEndian.Uint32(b[12:])
	}
	if uint64(start)+headerSize > uint64(len(b)) {
		return nil, errFont
	}
	head := b[start:]
	n := int(binary.BigEndian.Uint16(head[4:]))
	if n == 0 || n > mostTables || len(head) < headerSize+n*recordSize {
		return nil, errFont
	}
	out := append([]byte(nil), head[:headerSize+n*recordSize]...)
	for i := range n {
		record := out[headerSize+i*recordSize : headerSize+(i+1)*recordSize]
		from, size := binary.BigEndian.Uint32(record[8:]), binary.BigEndian.Uint32(record[12:])
		if uint64(from)+uint64(size) > uint64(len(b)) {
			return nil, errFont
		}
		binary.BigEndian.PutUint32(record[8:], uint32(len(out)))
		out = append(out, b[from:from+size]...)
		out = append(out, make([]byte, (4-size%4)%4)...)
	}
	return out, nil
}
