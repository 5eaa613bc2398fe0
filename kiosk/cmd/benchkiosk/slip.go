package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"syscall"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/slip"
)

// turns is how often the two sides take turns.
const turns = 5

// measureSlip encodes the same slips here and with receiptline. Every slip has
// a code of its own, and so a QR code of its own, as in use.
func measureSlip(ctx context.Context, b *bench) error {
	o, err := newOwn()
	if err != nil {
		return err
	}
	peer, err := openReceiptline(ctx, o, b.slips)
	if peer != nil {
		defer peer.close()
	}
	if errors.Is(err, exec.ErrNotFound) {
		note("%v: receiptline is left out (Debian: apt-get install nodejs npm)", err)
	} else if err != nil {
		return err
	}
	under := *o
	under.under = true
	var ours, same, theirs slips
	for i := range turns {
		note("turn %d of %d: %d slips", i+1, turns, b.slips)
		if err := ours.add(o.turn(b.slips)); err != nil {
			return err
		}
		if err := same.add(under.turn(b.slips)); err != nil {
			return err
		}
		if peer == nil {
			continue
		}
		if err := theirs.add(peer.turn(ctx)); err != nil {
			return err
		}
	}
	if err := b.check("ours", ours.last, o.says(b.slips-1)); err != nil {
		return fmt.Errorf("our slip: %w", err)
	}
	if err := b.check("ours-under", same.last, under.says(b.slips-1)); err != nil {
		return fmt.Errorf("our slip, code under its QR: %w", err)
	}
	if peer != nil {
		if err := b.check("receiptline", theirs.last, under.says(b.slips-1)); err != nil {
			return fmt.Errorf("receiptline's slip: %w", err)
		}
	}
	b.slipRows("code beside its QR, as printed", ours, theirs)
	b.slipRows("code under its QR, as the peer", same, theirs)
	return nil
}

// slips are the figures of one side.
type slips struct {
	cpu, size figures
	last      []byte
}

func (s *slips) add(cpu, size float64, last []byte, err error) error {
	s.cpu, s.size, s.last = append(s.cpu, cpu), append(s.size, size), last
	return err
}

func (b *bench) slipRows(how string, ours, theirs slips) {
	size := row{
		what: "bytes of a slip, " + how, ours: fmt.Sprintf("%.0f", ours.size.median()),
		peer: "no receiptline", ratio: "–", aim: "fewer", open: true,
	}
	cpu := row{
		what: "CPU of a slip, " + how, ours: ours.cpu.spread("%.3f", "ms"),
		peer: "no receiptline", ratio: "–", aim: "≤ 1/10", open: true,
	}
	if len(theirs.cpu) > 0 {
		r, c := against(ours.size, theirs.size), against(ours.cpu, theirs.cpu)
		size.peer, size.ratio = fmt.Sprintf("receiptline %.0f", theirs.size.median()), fmt.Sprintf("%.2f", r.median)
		size.open, size.reached = false, r.median < 1
		cpu.peer, cpu.ratio = "receiptline "+theirs.cpu.spread("%.3f", "ms"), c.String()
		cpu.open, cpu.reached = false, c.within(0.1)
	}
	b.table.add(size)
	b.table.add(cpu)
}

// own is our side: one posting of the demonstration, for which many slips are
// written.
type own struct {
	encoder *escpos.Encoder
	profile escpos.Profile
	slip    kiosk.Slip
	codes   []kiosk.Code
	under   bool // the code stands under its QR code instead of beside it
}

// mostSlips bounds the codes drawn beforehand.
const mostSlips = 10000

func newOwn() (*own, error) {
	p, err := escpos.ProfileByName(profileName)
	if err != nil {
		return nil, err
	}
	o := &own{profile: p}
	var glyphs escpos.Glyphs
	if face, err := glyph.Open(); err == nil {
		glyphs = face
	}
	if o.encoder, err = escpos.NewEncoder(p, glyphs); err != nil {
		return nil, err
	}
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	o.slip = kiosk.Slip{Site: demo.Site(), Posting: demo.Postings(now, 100, 1)[0], Issued: now, MaskedName: "陈**", Metres: 1200}
	random := rand.NewChaCha8([32]byte{1})
	for range mostSlips {
		c, err := kiosk.NewCode(random)
		if err != nil {
			return nil, err
		}
		o.codes = append(o.codes, c)
	}
	return o, nil
}

// doc lays the i-th slip out.
func (o *own) doc(i int) (escpos.Doc, error) {
	s := o.slip
	s.Code = o.codes[i%len(o.codes)]
	doc, err := slip.Layout(s, slip.Options{Columns: o.profile.Columns})
	if o.under {
		for i, block := range doc.Blocks {
			if qr, ok := block.(escpos.QR); ok {
				qr.Beside = false
				doc.Blocks[i] = qr
			}
		}
	}
	return doc, err
}

// said is what must stand on a slip and in its QR code.
type said struct {
	words []string
	url   string
}

func (o *own) says(i int) said {
	code := o.codes[i%len(o.codes)]
	url, _ := slip.QRPayload(o.slip.Site.BaseURL, o.slip.Posting.ID, code)
	words := []string{o.slip.Posting.Title, o.slip.Posting.Employer.Name, o.slip.MaskedName}
	if o.under { // beside the QR code it is dots, which are no text
		words = append(words, code.Grouped())
	}
	return said{words, url}
}

// turn writes n slips and returns CPU in ms and bytes of one.
func (o *own) turn(n int) (cpu, size float64, last []byte, err error) {
	total := 0
	for i := range n / 10 { // warming up, with slips that are not used later
		if _, err := o.encode(n + i); err != nil {
			return 0, 0, nil, err
		}
	}
	begin, err := cpuTime()
	if err != nil {
		return 0, 0, nil, err
	}
	for i := range n {
		if last, err = o.encode(i); err != nil {
			return 0, 0, nil, err
		}
		total += len(last)
	}
	end, err := cpuTime()
	return ms(end-begin) / float64(n), float64(total) / float64(n), last, err
}

func (o *own) encode(i int) ([]byte, error) {
	doc, err := o.doc(i)
	if err != nil {
		return nil, err
	}
	e, err := o.encoder.Encode(doc)
	return e.Bytes, err
}

// cpuTime is the CPU time of this process with all its threads (getrusage(2)),
// which is what Node's process.cpuUsage tells of its own.
func cpuTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read the CPU time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// mustProfile is the profile that newOwn has found already.
func mustProfile() escpos.Profile {
	p, _ := escpos.ProfileByName(profileName)
	return p
}

// asJSON is for handing the documents to Node.
func asJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // strings have no such trouble
	}
	return b
}
