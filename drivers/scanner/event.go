package scanner

import (
	"errors"
	"time"
)

// Kind is what happened at the scanner.
type Kind uint8

const (
	// Ready: the line is open and, with Opts.Configure, the scanner answered and
	// is set up.
	Ready Kind = iota + 1
	// Down: the line cannot be used, for the reason in Err. The driver goes on
	// trying; Ready ends it.
	Down
	// Scanned: Text is what the code says.
	Scanned
	// Ignored: a code was read that is not handed on, for the reason in Err:
	// ErrPayment, ErrLong or ErrNoText.
	Ignored
)

// String is the name of the kind, in small letters.
func (k Kind) String() string {
	names := [...]string{"unknown", "ready", "down", "scanned", "ignored"}
	if int(k) < len(names) {
		return names[k]
	}
	return names[0]
}

// Event is one thing that happened.
type Event struct {
	Kind Kind
	// Text is set for Scanned only: UTF-8 without control characters, 1 to 1200
	// bytes as the scanner sent them. It is overwritten as soon as emit returns;
	// who needs it longer copies it.
	Text []byte
	Err  error // Down and Ignored: the reason; it contains nothing of a code
	At   time.Time
}

var (
	// ErrPayment is the reason for ignoring 16 to 24 digits and nothing else:
	// what Alipay, WeChat and bank apps show for paying, and bank and ID card
	// numbers. It is money or identity held to the window by mistake.
	ErrPayment = errors.New("a payment code or a card number")
	// ErrLong is the reason for ignoring a code of more than 1200 bytes.
	ErrLong = errors.New("longer than 1200 bytes")
	// ErrNoText is the reason for ignoring bytes that are neither UTF-8 nor GBK:
	// a binary code, or a line at the wrong speed.
	ErrNoText = errors.New("neither UTF-8 nor GBK")
	// ErrSilent is the reason when the scanner does not answer while it is set
	// up: another model, another speed, or only one direction connected.
	ErrSilent = errors.New("no answer from the scanner")
	// ErrRefused is the reason when the scanner does not take a setting.
	ErrRefused = errors.New("the scanner refused a setting")
)
