// Package glyph draws single characters from font files as 1-bit dot bitmaps, for
// receipt printers whose own font lacks a character. It reads OpenType and TrueType
// files and collections (ISO/IEC 14496-22); widths follow Unicode UAX #11.
package glyph

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"golang.org/x/image/font/sfnt"
)

// DefaultPaths are where Debian's fonts-noto-cjk, fonts-droid-fallback (which has no
// Latin letter) and fonts-dejavu-mono put their
// fonts. WenQuanYi Micro Hei is not among them: its tables are not aligned to four
// bytes and golang.org/x/image/font/sfnt refuses the file.
func DefaultPaths() []string {
	return []string{
		"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
		"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
		"/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
	}
}

// Limits of what Glyph draws.
const (
	MinPx = 8   // smallest cell height, dots
	MaxPx = 256 // largest cell height, dots

	cacheGlyphs = 1024 // about 100 kB at 24 dots
)

// ErrNoFont means that none of the default fonts is installed.
var ErrNoFont = errors.New("glyph: no font file to be had")

// Face draws characters from one or more fonts. It is safe for concurrent use.
type Face struct {
	mu     sync.Mutex
	fonts  []*font
	closed bool
	cache  map[key]drawn
	order  []key // ring of the keys in cache, oldest at next
	next   int
}

type key struct {
	r  rune
	px int
}

type drawn struct {
	b  Bitmap
	ok bool
}

// Open opens the fonts at paths; a character is taken from the first that has it.
// With no path it takes those of DefaultPaths that can be read, and fails with
// ErrNoFont if there is none. A path that is named and cannot be read is an error. The files
// stay open, and are read as characters are asked for, until Close.
func Open(paths ...string) (*Face, error) {
	named := len(paths) > 0
	if !named {
		paths = DefaultPaths()
	}
	f := &Face{cache: make(map[key]drawn)}
	var why []error
	for _, p := range paths {
		ft, err := openFont(p)
		if !named && err != nil {
			why = append(why, err)
			continue
		}
		if err != nil {
			_ = f.Close()
			return nil, err
		}
		f.fonts = append(f.fonts, ft)
	}
	if len(f.fonts) == 0 {
		return nil, fmt.Errorf("%w: %w", ErrNoFont, errors.Join(why...))
	}
	return f, nil
}

// Close closes the font files. Glyph finds only what it has cached from then on.
func (f *Face) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	if !f.closed {
		for _, ft := range f.fonts {
			errs = append(errs, ft.file.Close())
		}
	}
	f.closed = true
	return errors.Join(errs...)
}

// Glyph draws r in a cell px dots high and px wide, or px/2 wide if Columns(r) is 1.
// It reports false if no font has r, if r takes no column, or if px is out of
// MinPx to MaxPx. The same arguments give the same dots; callers must not change them.
func (f *Face) Glyph(r rune, px int) (Bitmap, bool) {
	if px < MinPx || px > MaxPx || Columns(r) == 0 {
		return Bitmap{}, false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	k := key{r, px}
	if d, hit := f.cache[k]; hit {
		return d.b, d.ok
	}
	if f.closed {
		return Bitmap{}, false
	}
	var d drawn
	for _, ft := range f.fonts {
		if d.b, d.ok = ft.draw(r, px); d.ok {
			break
		}
	}
	f.remember(k, d)
	return d.b, d.ok
}

func (f *Face) remember(k key, d drawn) {
	if len(f.order) < cacheGlyphs {
		f.order = append(f.order, k)
	} else {
		delete(f.cache, f.order[f.next])
		f.order[f.next] = k
		f.next = (f.next + 1) % cacheGlyphs
	}
	f.cache[k] = d
}

// font is one face of one file.
type font struct {
	file *os.File
	sf   *sfnt.Font
	buf  sfnt.Buffer
	// ink is the vertical centre of a Hanzi's ink above the baseline, in em.
	ink float32
}

func openFont(path string) (*font, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("glyph: open font: %w", err)
	}
	c, err := sfnt.ParseCollectionReaderAt(file)
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("glyph: read font %s: %w", path, err)
	}
	ft := &font{file: file}
	if err := ft.choose(c); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("glyph: read font %s: %w", path, err)
	}
	ft.ink = ft.inkCentre()
	return ft, nil
}

// choose takes the face of the collection that suits a Chinese receipt best: its
// Latin letters half an em wide (Mono), its Hanzi in mainland forms (SC).
func (ft *font) choose(c *sfnt.Collection) error {
	best := -1
	for i := range c.NumFonts() {
		sf, err := c.Font(i)
		if err != nil {
			return fmt.Errorf("face %d: %w", i, err)
		}
		name, err := sf.Name(&ft.buf, sfnt.NameIDFull)
		if err != nil {
			name = ""
		}
		score := 0
		if strings.Contains(name, "SC") {
			score += 2
		}
		if strings.Contains(name, "Mono") {
			score++
		}
		if score > best {
			best, ft.sf = score, sf
		}
	}
	if ft.sf == nil {
		return errors.New("no face in the file")
	}
	return nil
}
