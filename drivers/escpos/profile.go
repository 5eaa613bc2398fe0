package escpos

import (
	"fmt"
	"strings"
)

// Hanzi is the character code a printer reads in Hanzi mode.
type Hanzi int

// GBK is two bytes a character. GB18030 is GBK and, for rarer Hanzi, four bytes; a
// printer that does not know them prints digits instead.
const (
	GBK Hanzi = iota
	GB18030
)

// Profile is what must be known of a printer to write to it. Values come from the
// manuals named in the package comment; what a manual leaves open is set so that an
// unknown printer prints right, if slower.
type Profile struct {
	Name      string
	Dots      int     // printable width
	Columns   int     // half-Hanzi columns of 12 dots
	DotsPerMM float64 // along and across the paper; also of ESC 3, ESC J and GS V n
	LineGap   int     // dots between two lines of text
	Hanzi     Hanzi
	Init      []byte // sent after ESC @
	BoldG     bool   // bold is ESC G n, not ESC E n
	Cutter    Cutter
	Presenter Presenter
	QR        NativeQR
	Raster    Raster
	Status    []Query // what it answers
	ProcessID bool    // answers GS ( H function 48 when printing is completed
	Baud      int     // as delivered; 0 if it has no serial port
	Quirks    Quirks
}

// Cutter is the cut command and the paper way before it. If TakesFeed is set the
// command feeds to the cutter by itself and MM more, given to it in dots (GS V 66 n);
// if not, the paper is fed by MM first, the way from print head to cutter. Without a
// Command MM is the way to the tear bar.
type Cutter struct {
	MM        float64
	Command   []byte
	TakesFeed bool
}

// Presenter holds the commands of a kiosk printer's slip holder: Present hands the slip
// out and keeps hold of its end, Retract takes back what was left. Both are empty on a
// printer without one. The meaning of GS e n differs between makes.
type Presenter struct {
	Present, Retract []byte
}

// NativeQR says whether the printer draws QR codes itself. Only GS ( k is used: the
// other commands differ from model to model. MaxModule is the largest module in dots,
// 0 meaning no native QR, so that codes are sent as raster.
type NativeQR struct {
	MaxModule int
}

// Raster is how GS v 0 may be used. Rows is the most rows a command may carry, at most
// 1023. Double says that m=3 (each dot doubled both ways) works.
type Raster struct {
	Rows   int
	Double bool
}

// Quirks are known faults.
type Quirks struct {
	SwallowsLF bool // one LF right after GS v 0 is lost
	NoDotFeed  bool // ESC J is ignored
}

const (
	cell     = 12 // dots of a column
	maxSlice = 1023
)

// Profiles returns the printers known, the most general first. The values are fresh
// copies.
func Profiles() []Profile {
	feedCut := []byte{0x1D, 'V', 66} // GS V 66 n: feed to the cutter and n dots, cut partially
	common := Profile{
		Dots: 576, Columns: 48, DotsPerMM: 8, LineGap: 6, Hanzi: GBK,
		Raster: Raster{Rows: 255, Double: true}, Status: []Query{QueryPrinter, QueryOffline, QueryError, QueryPaper},
	}
	// 58 mm modules of the MY-628 and POS-58 kind: no cutter, a tear bar, TTL or USB.
	g58 := common
	g58.Name, g58.Dots, g58.Columns, g58.Baud = "generic58", 384, 32, 9600
	g58.Cutter = Cutter{MM: 12}
	g58.Quirks = Quirks{SwallowsLF: true, NoDotFeed: true}

	g80 := common
	g80.Name, g80.Baud = "generic80", 19200
	g80.Cutter = Cutter{MM: 15, Command: []byte{0x1D, 'V', 1}} // not every clone feeds on GS V 66
	g80.Quirks = Quirks{SwallowsLF: true}

	// TM-T88 made for China. GS P sets both motion units to one dot: by default the
	// vertical one is half a dot.
	tm := common
	tm.Name, tm.Dots, tm.Columns, tm.DotsPerMM, tm.Baud = "epson-tm", 512, 42, 180/25.4, 38400
	tm.Hanzi, tm.Init, tm.ProcessID = GB18030, []byte{0x1D, 'P', 180, 180}, true
	tm.Cutter = Cutter{MM: 3, Command: feedCut, TakesFeed: true}
	tm.QR = NativeQR{MaxModule: 16}
	tm.Raster.Rows = maxSlice

	xp := common
	xp.Name, xp.Baud = "xprinter", 115200
	xp.Cutter = Cutter{MM: 3, Command: feedCut, TakesFeed: true}

	// Kiosk printers of the Custom KPM kind: GS e 3 m holds the slip m steps of
	// 0.625 mm out of the mouth, GS e 2 takes it back; QueryFull is its full status.
	ki := common
	ki.Name, ki.Baud, ki.BoldG = "kiosk80", 115200, true
	ki.Cutter = Cutter{MM: 18, Command: []byte{0x1B, 'i'}}
	ki.Presenter = Presenter{Present: []byte{0x1D, 'e', 3, 96}, Retract: []byte{0x1D, 'e', 2}}
	ki.Status = []Query{QueryPrinter, QueryOffline, QueryError, QueryPaper, QueryFull}

	return []Profile{g58, g80, tm, xp, ki}
}

// ProfileByName finds a profile. The error lists the names there are.
func ProfileByName(name string) (Profile, error) {
	var names []string
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Profile{}, fmt.Errorf("escpos: no printer profile %q, there are %s", name, strings.Join(names, ", "))
}

// check refuses a profile that cannot be written to.
func (p Profile) check() error {
	if p.Columns < 8 || p.Dots < p.Columns*cell || p.DotsPerMM <= 0 {
		return fmt.Errorf("escpos: profile %q: %d columns of %d dots do not fit in %d dots at %.1f dots/mm",
			p.Name, p.Columns, cell, p.Dots, p.DotsPerMM)
	}
	return nil
}

func (p Profile) dots(mm float64) int { return int(mm*p.DotsPerMM + 0.5) }

func (p Profile) sliceRows() int {
	if p.Raster.Rows < 1 || p.Raster.Rows > maxSlice {
		return maxSlice
	}
	return p.Raster.Rows
}
