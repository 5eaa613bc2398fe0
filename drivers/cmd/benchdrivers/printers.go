package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"

	"jobhome/drivers/glyph"
)

// side is one encoder's slip on one paper, and its figures.
type side struct {
	name            string
	w               *works
	own             bool
	cpu, same, size figures
	last            []byte
	reading         reading
	took            map[int]float64 // ms to the cut, by the line's bytes a second
	real            map[int]figures // the same in real time
}

// measurePrinters is the printer's part.
func measurePrinters(ctx context.Context, o options, c clock) ([]table, error) {
	face, err := glyph.Open()
	if err != nil {
		note("%v: characters come out as boxes, and text stands under the QR code", err)
		face = nil
	} else {
		defer func() { _ = face.Close() }()
	}
	if _, err := exec.LookPath("zbarimg"); err != nil {
		note("zbarimg is not installed (Debian: apt-get install zbar-tools): QR codes are not read")
	}
	others, err := installPeers(ctx)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		note("%v: the npm packages are left out (Debian: apt-get install nodejs npm)", err)
	case err != nil:
		note("%v: the npm packages are left out", err)
	default:
		defer others.close()
	}
	var all []*side
	for _, p := range papers() {
		w, err := newWorks(p, face)
		if err != nil {
			return nil, err
		}
		sides, err := encodeAll(ctx, o, w, others)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.title, err)
		}
		all = append(all, sides...)
	}
	if err := pressAll(ctx, o, c, all); err != nil {
		return nil, err
	}
	return []table{sizeTable(all), aimTable(all), cutTable(all)}, nil
}

// contender is an encoder at work for a side.
type contender struct {
	*side
	encoder
}

// encodeAll lets the encoders of one paper take turns, and reads their slips.
func encodeAll(ctx context.Context, o options, w *works, others *peers) ([]*side, error) {
	list, err := contenders(ctx, o, w, others)
	defer func() {
		for _, c := range list {
			c.close()
		}
	}()
	if err != nil {
		return nil, err
	}
	note("%s: %d turns of %d slips, %d encoders", w.title, o.turns, o.slips, len(list))
	for range o.turns {
		for _, c := range list {
			t, err := c.turn(ctx, o.slips)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			c.cpu, c.same, c.size = append(c.cpu, t.cpu), append(c.same, t.same), append(c.size, t.size)
			c.last = t.last
		}
	}
	var sides []*side
	for _, c := range list {
		if c.reading, err = readSlip(w, c.last, o.slips-1); err != nil {
			return nil, fmt.Errorf("read the slip of %s: %w", c.name, err)
		}
		for _, odd := range c.reading.odd {
			note("%s, %s: the simulated printer remarks: %s", w.title, c.name, odd)
		}
		if !c.reading.text {
			note("%s, %s: %q does not stand on the slip", w.title, c.name, c.reading.lack)
		}
		sides = append(sides, c.side)
	}
	if !sides[0].reading.right() {
		return nil, fmt.Errorf("our own slip is not right: it lacks %q, QR code right: %s",
			sides[0].reading.lack, sides[0].reading.qr)
	}
	return sides, nil
}

func contenders(ctx context.Context, o options, w *works, others *peers) (list []contender, err error) {
	add := func(name string, e encoder) {
		s := &side{name: name, w: w, took: map[int]float64{}, real: map[int]figures{}}
		_, s.own = e.(own)
		list = append(list, contender{s, e})
	}
	add("ours", own{w})
	if others == nil || !w.peers {
		return list, nil
	}
	for _, p := range []struct {
		name string
		job  peerJob
	}{
		{"receiptline", peerJob{Library: "receiptline"}},
		{"node-thermal-printer", peerJob{Library: "thermal"}},
		{"node-thermal-printer, FS & added", peerJob{Library: "thermal", Hanzi: true}},
	} {
		q, err := others.open(ctx, w, p.job, o.slips)
		if err != nil {
			return list, fmt.Errorf("%s: %w", p.name, err)
		}
		add(p.name, q)
	}
	return list, nil
}

// best is the right slip of one printer model that is smallest by what, among
// the others or among all.
func best(all []*side, profile string, withOwn bool, what func(*side) float64) *side {
	var found *side
	for _, s := range all {
		if s.w.profile.Name != profile || s.own && !withOwn || !s.reading.right() {
			continue
		}
		if found == nil || what(s) < what(found) {
			found = s
		}
	}
	return found
}

func bytesOf(s *side) float64 { return s.size.median() }
func cpuOf(s *side) float64   { return s.cpu.median() }

func sizeTable(all []*side) table {
	t := table{
		title: "Bytes and CPU of a slip. CPU: user and system time, every slip with a new QR code / the same slip again.",
		head:  []string{"printer and slip", "encoder", "bytes", "CPU of a slip", "text right", "QR code right", "paper"},
	}
	for _, s := range all {
		cpu := fmt.Sprintf("%.3f ms", s.cpu.median())
		if s.own {
			cpu = fmt.Sprintf("%.3f / %.3f ms", s.cpu.median(), s.same.median())
		}
		t.add(s.w.title, s.name, fmt.Sprintf("%.0f", s.size.median()), cpu,
			yesNo(s.reading.text), s.reading.qr, fmt.Sprintf("%.0f mm", s.reading.mm))
	}
	return t
}

// aimTable sets our slips against the best of the others that are right.
func aimTable(all []*side) table {
	t := table{
		title: "Aims against the best other encoder whose slip is right on that printer.",
		head:  []string{"printer and slip", "what", "ours", "best other", "ratio", "aim", "reached"},
	}
	for _, s := range all {
		peer := best(all, s.w.profile.Name, false, bytesOf)
		quick := best(all, s.w.profile.Name, false, cpuOf)
		if !s.own || peer == nil {
			continue
		}
		a, b := bytesOf(s), bytesOf(peer)
		t.add(s.w.title, "bytes", fmt.Sprintf("%.0f", a), fmt.Sprintf("%.0f (%s)", b, peer.name),
			ratio(a, b), "fewer", yesNo(a < b))
		a, b = cpuOf(s), cpuOf(quick)
		t.add(s.w.title, "CPU", fmt.Sprintf("%.3f ms", a), fmt.Sprintf("%.3f ms (%s)", b, quick.name),
			fmt.Sprintf("1/%.1f", b/max(a, 1e-9)), "≤ 1/20", yesNo(a*20 <= b))
	}
	return t
}
