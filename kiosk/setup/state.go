package setup

import (
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// Page names what the terminal shows.
type Page string

// The pages.
const (
	Ways   Page = "setup"      // how a profile can be brought
	PIN    Page = "setup-pin"  // who may type one
	Typing Page = "setup-type" // one line of it after the other
	Ask    Page = "setup-ask"  // is it right?
	Work   Page = "setup-work" // the hub is asked, or the profile is written
)

// Pages lists all pages.
func Pages() []Page { return []Page{Ways, PIN, Typing, Ask, Work} }

// What a touch means here besides session.DoKey, DoDelete, DoClear, DoKeys, DoNext,
// DoBack, DoUnlock, DoLarge, DoContrast and DoLang.
const (
	DoType session.Action = "setup-type" // to the PIN, and then to typing
	DoTake session.Action = "setup-take" // it is right: begin
	DoDrop session.Action = "setup-drop" // it is not
)

// Offer is a profile in plain words. No secret is in it.
type Offer struct {
	ID       int // of the profile, for Adopt
	Site     kiosk.Site
	Area     string // the area's name
	Terminal string // its name at the hub
	Hub      string // host
	WiFi     string // name of the network; "" for by wire
	Address  string // on the wire; "" by DHCP
	Rotation int
	Printer  bool // and the others: the profile names one
	Reader   bool
	Scanner  bool
}

// Problem is why there is no profile yet.
type Problem struct {
	Key    string // of the catalogue: setup.wrong.<Key>; "" for none
	Detail string // in no language: file, line and key
}

// Line is what is typed line by line.
type Line string

// The lines.
const (
	SSID Line = "ssid"
	Pass Line = "pass"
	Host Line = "host"
	Code Line = "code"
	Seal Line = "seal" // what the hub must prove
)

// Lines lists them in their order.
func Lines() []Line { return []Line{SSID, Pass, Host, Code, Seal} }

// Layer is a sheet of the keyboard.
type Layer string

// The layers, in the order in which DoKeys turns them.
const (
	Small  Layer = "abc"
	Large  Layer = "ABC"
	Digits Layer = "123"
)

// State is everything that the first boot knows.
type State struct {
	Page     Page
	Now      time.Time
	Lang     words.Lang
	Large    bool
	Contrast bool
	Touched  time.Time // when somebody last touched something

	Scanners int     // that are plugged in and listened to
	CanType  bool    // there is a PIN for it
	Offer    Offer   // on Ask and Work
	Problem  Problem // with what was brought last, or with writing it
	Saving   bool    // on Work: it is written; else the hub is asked

	pin    string
	Wait   time.Time // no PIN is taken before
	Wrong  bool      // the last PIN was
	asked  bool
	At     int // the line that is typed
	Layer  Layer
	typed  [5]string
	Source Source
}

// Source is how a profile came.
type Source string

// The sources.
const (
	FromScanner Source = "scan"
	FromFile    Source = "file"
	FromKeys    Source = "keys"
)

// Options are how a first boot begins.
type Options struct {
	Lang    words.Lang
	CanType bool
}

// New is the state of a terminal that knows nothing.
func New(o Options, now time.Time) State {
	return State{Page: Ways, Now: now, Lang: o.Lang, CanType: o.CanType, Layer: Small}
}

// Digits is how many digits of the PIN are typed.
func (s State) Digits() int { return len(s.pin) }

// Asked reports whether the answer to a PIN is awaited.
func (s State) Asked() bool { return s.asked }

// Locked is how long no PIN is taken.
func (s State) Locked() time.Duration { return max(0, s.Wait.Sub(s.Now)) }

// Line is the one that is typed now.
func (s State) Line() Line { return Lines()[min(max(s.At, 0), len(Lines())-1)] }

// Text is what was typed into the line so far.
func (s State) Text() string { return s.typed[min(max(s.At, 0), len(s.typed)-1)] }
