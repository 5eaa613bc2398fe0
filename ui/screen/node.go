package screen

import (
	"image"

	"jobhome/kiosk/session"
)

// Kind is what a node is.
type Kind int

// The kinds.
const (
	// Column and Row put Kids below and beside each other, GapMM apart.
	Column Kind = iota
	Row
	// Grid puts Kids into Cols columns of equal width and rows of equal height.
	Grid
	// Text is a piece of writing in Style, at most Lines lines (0: as many as
	// it takes), cut with … where it is longer.
	Text
	// Button can be touched: it sends Do and Arg. It shows Icon, Text and Sub,
	// or Kids when it has any. A button that is Off is drawn but does nothing.
	Button
	// Icon is the picture named Icon, SizeMM high.
	Icon
	// Mark is the site's mark, SizeMM high.
	Mark
	// QR is a code for Text, SizeMM wide and high, with its quiet zone, always
	// dark on white.
	QR
	// Picture is Image, drawn to fit the space.
	Picture
	// Space takes up the room that is left, or SizeMM when that is set.
	Space
)

// Style is how a node looks. The window has one CSS class for each.
type Style string

// The styles of text.
const (
	Body   Style = "body"
	Small  Style = "small"
	Title  Style = "title"
	Hero   Style = "hero"
	Strong Style = "strong" // body, bold
	Pay    Style = "pay"    // what a posting pays: the warm accent, bold
	Fact   Style = "fact"   // a short fact, e.g. 包住, in a quiet frame
	Good   Style = "good"   // something that is as wished
	Bad    Style = "bad"    // something that is not
	Quiet  Style = "quiet"  // body, less contrast, still above 4.5:1
	Code   Style = "code"   // a referral code: hero, even digits
)

// The styles of buttons.
const (
	Main   Style = "main"   // what to touch next: the strong colour
	Second Style = "second" // the other way: outlined, the same size
	Tile   Style = "tile"   // a large choice: icon above words
	Card   Style = "card"   // a posting of a list
	Chip   Style = "chip"   // a filter or sort, On when in use
	Key    Style = "key"    // a key of the keyboard
	Bar    Style = "bar"    // the bar at the foot
	Plain  Style = "plain"  // the attract page: everything can be touched
)

// The styles of columns and rows.
const (
	Panel Style = "panel" // a white sheet on the ground
	Paper Style = "paper" // the slip as it will look
	Alarm Style = "alarm" // a sheet that says what is wrong
	Note  Style = "note"  // a quiet sheet with a word of advice
)

// Align is where text or kids lie across their space.
type Align int

// The alignments.
const (
	Start Align = iota
	Center
	End
)

// Node is one element of a screen. The zero values of its fields mean nothing
// special.
type Node struct {
	Kind  Kind
	Style Style
	Text  string
	Sub   string // second line of a button
	Icon  string // a name of package icons
	Name  string // what a screen reader says, where it is not Text
	Align Align
	Lines int
	Cols  int

	SizeMM float64
	GapMM  float64
	Grow   bool // takes the room that is left, in its parent's direction

	Do  session.Action
	Arg string
	On  bool // chosen
	Off bool // drawn, cannot be touched

	Image *image.Gray
	Kids  []Node
}

// Screen is all that the terminal shows.
type Screen struct {
	Page     session.Page
	Lang     string
	Large    bool
	Contrast bool
	Top      Node  // the frame's upper line
	Body     Node  // the page
	Bar      Node  // the frame's foot
	Over     *Node // asked above the page, e.g. "still there?"; the rest is dimmed
}
