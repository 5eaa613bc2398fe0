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
	Profiles string // directory of further printer profiles: profiles/ beside the file; "" for none
	Paper    Paper
	Panel    Panel
	Service  Service
	Hub      Hub
	Session  Session
	Screen   Screen
	Theme    Theme
	Language words.Lang // the first language of every session
}

// Devices are the devices, by address.
type Devices struct{ Reader, Printer, Scanner, Badge Device }

// Paper is what the terminal has to be told about its roll.
type Paper struct {
	RollMetres int           // on a new roll, for a printer without a sensor; 0: not counted
	Retract    time.Duration // a slip that was not taken is taken back after this; 0: never
}

// Panel is what is wired to the GPIO header: a pin by its periph name, such as
// GPIO17, with ! before it where low means on, and :up or :down behind it for
// a pull. Empty: not fitted.
type Panel struct{ Presence, Lamp, Buzzer, ServiceKey, Door, ReaderPower string }

// Service is for the staff.
type Service struct {
	PIN         string        // hashed; empty: the staff page stays shut
	Badges      []string      // label=hash, enrolled
	BadgeNeeded bool          // a PIN alone does not open the page
	SelfTest    time.Duration // since midnight, when the devices test themselves; < 0: never
}

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
	s.Devices.Reader = Device{Scheme: Sim}
	s.Devices.Printer = Device{Scheme: Sim, Profile: "generic80"}
	s.Devices.Scanner = Device{Scheme: Sim}
	s.Service.PIN = demoPIN
	return s
}

// demoPIN is 271828, which everybody may know: the demonstration has no secret.
const demoPIN = "pbkdf2-sha256:200000:JGr6YZ7lrmOCV4D+MQJHmw:SoQ7B6rKHKE++7ZRqscPlYLztmhau01j3OqwrTjE9qo"

// defaults are the settings of a file that says nothing.
func defaults() Settings {
	return Settings{
		Devices:  Devices{Device{Scheme: None}, Device{Scheme: None}, Device{Scheme: None}, Device{Scheme: None}},
		DataDir:  "/var/lib/jobhome",
		Paper:    Paper{Retract: time.Minute},
		Service:  Service{SelfTest: 8*time.Hour + 30*time.Minute},
		Session:  Session{Idle: 60 * time.Second, Warn: MinWarn, Receipt: 15 * time.Second},
		Theme:    defaultTheme(),
		Language: words.Zh,
	}
}
