package config

import (
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// Settings is everything that differs between terminals.
type Settings struct {
	Site     kiosk.Site
	Devices  Devices
	DataDir  string // of the board and the ledger; relative to the working directory
	Session  Session
	Screen   Screen
	Theme    Theme
	Language words.Lang // the first language of every session
}

// Devices are the two devices, by address.
type Devices struct{ Reader, Printer Device }

// MinWarn is the least time that the warning before the end of a session must
// stay: WCAG 2.2, 2.2.1 Timing Adjustable.
const MinWarn = 20 * time.Second

// Session holds the times of a walk-in, in whole seconds.
type Session struct {
	Idle    time.Duration // silence before the warning
	Warn    time.Duration // how long the warning stays, at least MinWarn
	Receipt time.Duration // how long "take your slip" stays
}

// Screen is what the terminal has to be told about its panel.
type Screen struct {
	WidthMM, HeightMM int  // of the picture; both 0: believe the panel's EDID
	Large             bool // start every session in large type
}

// MaxBaseURL is the greatest length of a site's base URL in bytes. The QR code
// of a slip, <base>/p/<posting>?r=<code>, must stay within 62 bytes, which is
// what QR version 4 at error correction M holds in byte mode (ISO/IEC 18004,
// table 7).
const MaxBaseURL = 62 - len("/p/") - kiosk.MaxPostingID - len("?r=") - kiosk.CodeLength

// Demo returns the settings of a terminal without a settings file: the given
// site with simulated devices, and everything else as a file leaves it that
// does not say. The data directory is out/demo below the working directory.
func Demo(site kiosk.Site) Settings {
	s := defaults()
	s.Site = site
	s.DataDir = "out/demo"
	s.Devices = Devices{Reader: Device{Scheme: Sim}, Printer: Device{Scheme: Sim, Profile: "generic80"}}
	return s
}

// defaults are the settings of a file that says nothing.
func defaults() Settings {
	return Settings{
		Devices:  Devices{Reader: Device{Scheme: None}, Printer: Device{Scheme: None}},
		DataDir:  "/var/lib/jobhome",
		Session:  Session{Idle: 60 * time.Second, Warn: MinWarn, Receipt: 15 * time.Second},
		Theme:    defaultTheme(),
		Language: words.Zh,
	}
}
