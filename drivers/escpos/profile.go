package escpos

import (
	"errors"
	"fmt"
)

// Hanzi is the character code a printer reads in Hanzi mode.
type Hanzi int

// GBK is two bytes a character. GB18030 is GBK and, for rarer Hanzi, four bytes; a
// printer that does not know them prints digits instead.
const (
	GBK Hanzi = iota
	GB18030
)

// Profile is what must be known of a printer to write to it. The known printers are
// files in profiles/, whose README.md tells each value's meaning and source; what a
// manual leaves open is set so that an unknown printer prints right, if slower.
type Profile struct {
	Name      string
	Title     string  // the printers it is for, in words
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
	BlackMark BlackMark
	Status    []Query // what it answers
	Auto      bool    // tells changes by itself when asked to (GS a, automatic status back)
	ProcessID bool    // answers GS ( H function 48 when printing is completed
	Identify  bool    // answers GS I 66 and 67 with its maker and model
	Match     []Match // what it says of itself then
	Baud      int     // as delivered; 0 if it has no serial port
	Flow      Flow    // how it stops the line when its buffer is full
	SpeedMMs  int     // slowest paper speed, mm/s; 0: not known
	Buffer    int     // receive buffer in bytes; 0: not known
	Quirks    Quirks
}

// Flow is how a printer stops the line.
type Flow string

// The ways. XON/XOFF is not among them: pictures hold its two bytes.
const (
	FlowNone   Flow = ""
	FlowRTSCTS Flow = "rtscts"
)

// Match is what a printer says of itself: Maker and Model are the beginnings of
// its answers to GS I 66 and GS I 67, case ignored. Empty matches anything, and
// both empty nothing.
type Match struct {
	Maker, Model string
}

// BlackMark holds the commands of a printer on marked paper. ToCut moves the
// paper so that the mark is at the cutter; it stands before the cut. Empty
// means paper without marks.
type BlackMark struct {
	ToCut []byte
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

// NativeQR says whether the printer draws QR codes itself, and in which dialect.
// MaxModule is the largest module in dots, 0 meaning no native QR, so that codes are
// sent as raster.
type NativeQR struct {
	Dialect   QRDialect
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

// check refuses a profile that cannot be written to, or that would have a printer do
// something else. The error begins with the key of the profile file that is wrong.
func (p Profile) check() error {
	if p.Columns < 8 || p.Dots < p.Columns*cell || p.DotsPerMM <= 0 {
		return fmt.Errorf("paper.columns: %d columns of %d dots do not fit in %d dots at %.1f dots/mm",
			p.Columns, cell, p.Dots, p.DotsPerMM)
	}
	for _, c := range []struct {
		key  string
		b    []byte
		most int
	}{
		{"text.init", p.Init, maxInit},
		{"cutter.command", p.Cutter.Command, maxCommand},
		{"presenter.present", p.Presenter.Present, maxCommand},
		{"presenter.retract", p.Presenter.Retract, maxCommand},
		{"black_mark.to_cut", p.BlackMark.ToCut, maxCommand},
	} {
		if err := checkCommand(c.b, c.most); err != nil {
			return fmt.Errorf("%s: %w", c.key, err)
		}
	}
	if p.Cutter.TakesFeed && len(p.Cutter.Command) == 0 {
		return errors.New("cutter.takes_feed: there is no cutter.command to take it")
	}
	if p.Cutter.TakesFeed && p.dots(p.Cutter.MM) > 255 {
		return fmt.Errorf("cutter.mm: %.1f mm are more than the 255 dots that a cut command takes", p.Cutter.MM)
	}
	for _, q := range p.Status {
		if !q.valid() {
			return fmt.Errorf("status.queries: DLE EOT %d is not known", q)
		}
	}
	if len(p.Status) > 0 && !p.answeredReady() {
		return fmt.Errorf("status.queries: %d can never say that the printer is ready: "+
			"want 20, or 1 with 2 or 4, or the empty list", p.Status)
	}
	return p.QR.check()
}

// answeredReady reports whether a printer that answers all queries well is Ready.
func (p Profile) answeredReady() bool {
	var s Status
	for _, q := range p.Status {
		s.Known |= q.Known()
	}
	return s.Ready()
}

const (
	maxInit    = 32 // bytes
	maxCommand = 16 // bytes
)

// checkCommand refuses what a printer would print, or obey at once wherever it stands.
func checkCommand(b []byte, most int) error {
	switch {
	case len(b) == 0:
		return nil
	case len(b) > most:
		return fmt.Errorf("%d bytes, at most %d are allowed", len(b), most)
	case b[0] >= 0x20 || b[0] == dle || b[0] == 0 || b[0] == '\n':
		return fmt.Errorf("% X begins no command", b)
	case findRealtime(b) >= 0:
		return fmt.Errorf("% X holds a real-time command", b)
	case b[len(b)-1] == dle:
		return fmt.Errorf("% X may form a real-time command with the byte behind it", b)
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
