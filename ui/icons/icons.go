// Package icons holds the pictures of the terminal's screen, drawn for this
// project as SVG 1.1 (W3C Recommendation, Second Edition).
//
// There is one picture for every trade, channel, benefit and action, so that a
// resident who does not read can still choose. All share one hand: a 48 by 48
// grid, lines 3 units wide with round ends and corners, and one colour. The
// colour is always the word "currentColor" and appears nowhere else, so a
// renderer without style sheets can replace that word with a hex colour
// before it draws. The mark of the station is the only solid picture, because
// it is shown as small as 12 mm.
package icons

import (
	"embed"
	"path"
	"slices"
	"strings"
)

const (
	dir = "svg"
	ext = ".svg"
)

// Only reading is possible: embed.FS has no way to write.
//
//go:embed svg/*.svg
var files embed.FS

// SVG returns the picture called name (for example "garment", without ".svg")
// as a whole SVG document in UTF-8 of less than 1500 bytes, and whether there
// is such a picture. The caller may change the bytes; they are a copy.
func SVG(name string) ([]byte, bool) {
	if name == "" || strings.ContainsAny(name, `/\`) {
		return nil, false
	}
	b, err := files.ReadFile(path.Join(dir, name+ext))
	if err != nil {
		return nil, false // the only cause: no picture of that name was embedded
	}
	return b, true
}

// Names returns the names SVG knows, sorted by byte.
func Names() []string {
	entries, err := files.ReadDir(dir)
	if err != nil {
		return nil // cannot be: the build fails without the directory
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ext))
	}
	slices.Sort(names) // the directory sorts "card-tap.svg" before "card.svg"
	return names
}
