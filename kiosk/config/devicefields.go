package config

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"jobhome/kiosk/staff"
)

func deviceFields(d *Devices) []field {
	return []field{
		{
			table: "devices", key: "reader", value: text(&d.Reader, readerKind.parse, Device.String),
			about:   "The reader of resident ID cards. Paths below /dev/serial/by-id and USB ids stay the same after unplugging.",
			allowed: `uart:/dev/serial/by-id/NAME?baud=115200, uart:1a86:7523, usb:0400:c35a?framing=split, hid:10c4:0007, sim:, none`,
		},
		{
			table: "devices", key: "printer", value: text(&d.Printer, parsePrinter, Device.String),
			about:   "The receipt printer. Its profile says how wide the paper is and what it can do; auto asks the printer for its name.",
			allowed: `uart:/dev/serial/by-id/NAME?baud=19200&flow=rtscts&profile=generic80, usblp:/dev/usb/lp0?profile=auto, tcp:192.168.1.60:9100, sim:?profile=generic58, none`,
		},
		{
			table: "devices", key: "scanner", value: text(&d.Scanner, scannerKind.parse, Device.String),
			about:   "A 2D scanner on a serial port or USB-CDC, not as a keyboard: it reads slips held to it.",
			allowed: `uart:/dev/serial/by-id/NAME?baud=9600, sim:, none`,
		},
		{
			table: "devices", key: "badge", value: text(&d.Badge, badgeKind.parse, Device.String),
			about:   "A PN532 for staff badges, on a serial port or on I2C.",
			allowed: `uart:/dev/serial/by-id/NAME, i2c:1, none`,
		},
	}
}

func paperFields(p *Paper) []field {
	return []field{
		{
			table: "paper", key: "roll_metres", value: whole(&p.RollMetres, 1, 0, 500),
			about:   "How long a new roll is, so that its end is foretold on printers without a sensor for it. 0: not counted.",
			allowed: "0 to 500",
		},
		{
			table: "paper", key: "retract_seconds", value: seconds(&p.Retract, 0, 600),
			about:   "A printer with a presenter takes a slip back that nobody took, so that the next person does not find it. 0: never.",
			allowed: "0 to 600",
		},
	}
}

func panelFields(p *Panel) []field {
	pin := func(key string, to *string, about string) field {
		return field{
			table: "panel", key: key, value: plain(to, checkPin), about: about,
			allowed: "a pin's name such as GPIO17, !GPIO17 where low means on, GPIO17:up for a pull, or nothing",
		}
	}
	return []field{
		pin("presence", &p.Presence, "What is wired to the GPIO header; empty means not fitted. A sensor that sees a person."),
		pin("lamp", &p.Lamp, "The lamp over the paper slot."),
		pin("buzzer", &p.Buzzer, "The buzzer."),
		pin("service_key", &p.ServiceKey, "The staff's key, which asks for the PIN."),
		pin("door", &p.Door, "The switch at the door of the case; on means open."),
		pin("reader_power", &p.ReaderPower, "The relay that takes the ID-card reader's power away while it is on."),
	}
}

var pinName = regexp.MustCompile(`^!?[0-9A-Za-z_.-]{1,32}(:up|:down)?$`)

func checkPin(s string) error {
	if s != "" && !pinName.MatchString(s) {
		return errors.New("is no pin's name")
	}
	return nil
}

func serviceFields(s *Service) []field {
	return []field{
		{
			table: "service", key: "pin", value: plain(&s.PIN, checkPIN),
			about:   "The PIN of the staff page, hashed: the command kiosk pin makes it. Empty: the staff page stays shut.",
			allowed: "what kiosk pin prints, or nothing",
		},
		{
			table: "service", key: "badges", value: list(&s.Badges, checkBadges),
			about:   "Staff badges: the command kiosk enroll makes a line of each. A badge alone opens nothing.",
			allowed: "a list of label=hash as kiosk enroll prints, or []",
		},
		{
			table: "service", key: "badge_needed", value: yesno(&s.BadgeNeeded),
			about: "The staff page wants an enrolled badge before the PIN.", allowed: "true, false",
		},
		{
			table: "service", key: "self_test", value: text(&s.SelfTest, parseClock, writeClock),
			about: "When the devices test themselves every day, best just before opening.", allowed: "HH:MM, or never",
		},
	}
}

// parsePrinter gives a printer without a profile the plainest one for wide
// paper.
func parsePrinter(s string) (Device, error) {
	d, err := printerKind.parse(s)
	if d.Fitted() && d.Profile == "" {
		d.Profile = "generic80"
	}
	return d, err
}

func parseClock(s string) (time.Duration, error) {
	if s == "never" {
		return -1, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != 5 {
		return 0, errors.New("is no time of day")
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

func writeClock(d time.Duration) string {
	if d < 0 {
		return "never"
	}
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// checkPIN keeps a PIN that somebody wrote down plainly out of the file.
func checkPIN(s string) error {
	if _, err := staff.ParsePIN(s); err != nil {
		return errors.New("is not what kiosk pin prints")
	}
	return nil
}

func checkBadges(all []string) error {
	_, err := staff.OpenBadges("", all)
	return err
}
