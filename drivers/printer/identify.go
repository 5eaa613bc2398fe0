package printer

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"

	"jobhome/drivers/escpos"
)

// identity is what a printer has said of itself.
type identity struct {
	maker, model string
	ok           bool
}

// Identity is what the printer says of itself, at most 40 characters each; ok is
// false if it has not been asked or does not say it.
func (d *Dev) Identity() (maker, model string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.name.maker, d.name.model, d.name.ok
}

// The two names (Epson ESC/POS Command Reference, "GS I").
const (
	askMaker = 66
	askModel = 67
)

// identify asks a printer that has answered DLE EOT for its maker and model, once
// for each wire. Modules that do not know GS I, such as MY-628, may take its last
// byte for a letter. So ESC @ goes before it and behind it: a letter in a line
// that is reset without a line feed is never printed. It reports whether the
// profile has changed.
func (d *Dev) identify() (changed bool, err error) {
	if d.asked || d.o.Identify == nil && !d.p.Identify {
		return false, nil
	}
	d.asked = true
	var name identity
	defer func() {
		// In the middle of a command the question may not have been seen.
		d.asked = !d.dirty || err != nil || name.ok
	}()
	name.maker, name.ok, err = d.askName(askMaker)
	if err == nil && name.ok {
		name.model, name.ok, err = d.askName(askModel)
	}
	if err != nil {
		return false, err
	}
	if _, err := d.write("ask for the name", d.reset()); err != nil {
		return false, err
	}
	d.mu.Lock()
	d.name = name
	d.mu.Unlock()
	if !name.ok || d.o.Identify == nil {
		return false, nil
	}
	p, ok := d.o.Identify(name.maker, name.model)
	if !ok {
		return false, nil
	}
	d.mu.Lock()
	d.p = p
	d.mu.Unlock()
	clear(d.deaf)
	d.ids.state = idsUntried
	d.last, d.lastAt = escpos.Status{}, time.Time{}
	_, err = d.write("reset", d.reset())
	return true, err
}

// reset is ESC @ and what the profile wants behind it. It ends automatic status.
func (d *Dev) reset() []byte {
	d.auto = automatic{}
	return append([]byte{0x1b, '@'}, d.p.Init...)
}

// askName asks for one name; ok is false if it does not come.
func (d *Dev) askName(n byte) (name string, ok bool, err error) {
	doing := fmt.Sprintf("ask for name %d", n)
	if err := d.drain(); err != nil {
		return "", false, err
	}
	if _, err := d.write(doing, append(d.reset(), 0x1d, 'I', n)); err != nil {
		return "", false, err
	}
	until := time.Now().Add(2*d.o.Answer + d.wireTime(100))
	for {
		r, err := d.reply(doing, until)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return "", false, nil
		case err != nil:
			return "", false, err
		case r.Kind == escpos.ReplyFence: // one byte: it takes the n for something else
			return "", false, d.quiet(d.o.Answer / 4)
		case r.Kind == escpos.ReplyInfo:
			return plainName(r.Bytes), true, nil
		}
	}
}

// plainName makes a name fit to be shown.
func plainName(b []byte) string {
	s := strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, string(b))
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40])
	}
	return strings.TrimSpace(s)
}
