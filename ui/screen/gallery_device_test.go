package screen

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// pin is the PIN that the desk takes.
const pin = "246802"

// deviceAnswer answers what the staff and the scanner ask. The code decides
// what became of a slip: its last character is the number of a state.
func (d *desk) deviceAnswer(effect session.Effect) session.Event {
	switch e := effect.(type) {
	case session.RequestCall:
		return session.Noted{At: d.at(), Posting: e.Posting}
	case session.CountLeft:
		return session.LeftBehind{At: d.at(), N: 128}
	case session.Unlock:
		return session.Unlocked{At: d.at(), OK: e.PIN == pin, Left: 3}
	case session.Test:
		all := slices.Clone(d.s.Devices)
		for i := range all {
			all[i].Testing = all[i].Part == e.Part
		}
		return session.DeviceNews{At: d.at(), Devices: all}
	case session.Lookup:
		if e.Posting == "later" {
			return nil
		}
		n := slices.IndexFunc(d.all, func(p kiosk.Posting) bool { return p.ID == e.Posting })
		a := session.LookedUp{At: d.at(), Seq: e.Seq, Open: n >= 0, Known: e.Code != ""}
		if n >= 0 {
			a.Item = d.item(n)
		}
		if a.Known {
			a.New = len(d.all) - n
			a.Referral = kiosk.Referral{
				Code: e.Code, Posting: e.Posting, Title: strings.Repeat("缝纫工熟手", 6), Employer: strings.Repeat("茶山服饰", 9),
				Issued: d.now.Add(-time.Duration(len(d.s.Scan.Referral.State)) * 26 * time.Hour), State: referralStates()[int(e.Code[9])%5],
			}
		}
		return a
	}
	return nil
}

func referralStates() []kiosk.ReferralState {
	return []kiosk.ReferralState{kiosk.Issued, kiosk.Printing, kiosk.Printed, kiosk.Unconfirmed, kiosk.Failed}
}

// report is one device of each kind, how all of them can be.
func (d *desk) report(h session.Health, faults ...string) session.DeviceNews {
	news := session.DeviceNews{At: d.at()}
	for i, part := range session.Parts() {
		r := session.DeviceReport{Part: part, Health: h, Detail: "/dev/serial/by-id/usb-1a86-" + string(part), Tested: d.now.Add(-time.Duration(i*11) * time.Hour), Passed: i%2 == 0}
		if len(faults) > 0 {
			r.Fault = faults[i%len(faults)]
		}
		news.Devices = append(news.Devices, r)
	}
	return news
}

func (g *guide) unlock() {
	g.start()
	g.do("help\n staff")
	for _, digit := range pin {
		g.do("key " + string(digit))
	}
	g.do("unlock")
}

func (g *guide) devices() {
	g.start()
	g.do("help\n staff > staff-pin")
	for i := range session.MaxPIN {
		g.do("key 9")
		if i%4 == 0 {
			g.keep(fmt.Sprint("staff-pin, digits ", i+1))
		}
	}
	g.keep("staff-pin full")
	s, _ := session.Step(g.s, session.Touch{At: g.at(), Do: session.DoUnlock})
	g.shots = append(g.shots, shot{"staff-pin asked", s})
	for name, no := range map[string]session.Unlocked{
		"wrong": {Left: 2}, "wrong once more": {}, "badge first": {Badge: true}, "no PIN": {None: true}, "locked": {Wait: 15 * time.Minute}, "locked long": {Wait: 7 * time.Hour},
	} {
		no.At = g.at()
		after, _ := session.Step(s, no)
		g.shots = append(g.shots, shot{"staff-pin " + name, after})
		for _, label := range []string{"李工", ""} {
			after, _ := session.Step(after, session.Badged{At: g.at(), Label: label})
			g.shots = append(g.shots, shot{"staff-pin " + name + ", badge " + label, after})
		}
	}
	g.unlock()
	g.keep("staff, nothing reported")
	for _, h := range []session.Health{session.Fine, session.Care, session.Faulty, session.Unfitted, session.Checking} {
		g.unlock()
		g.send(g.report(h))
		g.sheets("staff " + string(h))
	}
	g.send(session.Door{At: g.at(), Open: true})
	g.send(g.report(session.Fine))
	g.sheets("staff, door open")
	g.do("test reader > staff, test runs")
	g.do("test-slip > staff, test slip\n paper-changed > staff, new paper")
	g.resets()
	for faults := range slices.Chunk(words.Faults(), 5) {
		g.unlock()
		g.send(g.report(session.Faulty, faults...))
		g.sheets("staff " + faults[0])
	}
	g.send(session.BoardNews{At: g.at(), Broken: true})
	g.sheets("staff without a board")
	g.now = g.now.Add(65 * time.Second)
	g.send(session.Tick{At: g.at()})
	g.keep("staff, still there?")
}

// resets keeps the question of a factory reset, as it can be.
func (g *guide) resets() {
	g.unlock()
	g.do("reset > staff-reset, records left")
	broken := session.ResetFailed{At: g.at()}
	s, _ := session.Step(g.s, broken)
	g.shots = append(g.shots, shot{"staff-reset broken", s})
	for name, e := range map[string]session.LeftBehind{"nothing left": {}, "not counted": {Err: errors.New("the disk")}} {
		e.At = g.at()
		s, _ := session.Step(g.s, e)
		g.shots = append(g.shots, shot{"staff-reset " + name, s})
	}
	g.send(session.ServiceKey{At: g.at()})
	g.keep("staff-reset, key turned")
	g.do("wipe > staff-reset wiping")
}

// sheets keeps every sheet of the staff page.
func (g *guide) sheets(name string) {
	g.keep(name)
	for i := 2; i < 12; i++ {
		if !slices.ContainsFunc(buttons(Of(g.s, g.m)), func(n Node) bool { return n.Do == session.DoPage && n.Arg == "next" }) {
			return
		}
		g.do(fmt.Sprintf("page next > %s %d", name, i))
	}
	g.t.Fatalf("%s: the sheets have no end", name)
}

func (g *guide) scans() {
	for i, id := range []string{"gq-20261122-0187", "A2345678901234567890", "gone"} {
		for n := range 5 {
			g.start()
			scan := session.Scanned{At: g.at(), Posting: id, Code: code[:9] + kiosk.Code(rune('A'+n))}
			g.send(scan)
			g.keep(fmt.Sprintf("referral %s %d", g.s.Scan.Referral.State, i))
		}
		g.start()
		g.send(session.Scanned{At: g.at(), Posting: id})
		g.keep("posting scanned " + id)
	}
	g.do("more")
	g.send(session.Scanned{At: g.at(), Posting: "later", Code: code})
	g.keep("referral looked up")
	s, _ := session.Step(g.s, session.LookedUp{At: g.at(), Seq: 1, Err: fmt.Errorf("broken")})
	g.shots = append(g.shots, shot{"referral fails", s})
	for _, way := range []string{"", "start", "start\n tile nearby", "start\n tile trades", "help"} {
		g.start()
		g.do(way)
		g.send(session.Scanned{At: g.at()})
		g.keep("no slip scanned at " + string(g.s.Page))
	}
}

// faults are the attract page with everything that can be broken.
func (g *guide) faults() {
	for _, state := range printerFaults() {
		g.start()
		g.send(session.PrinterNews{At: g.at(), State: state})
		g.keep("attract, printer " + string(state))
	}
	for _, fault := range words.Faults() {
		g.start()
		g.send(session.PrinterNews{At: g.at(), State: session.PrinterOffline})
		g.send(g.report(session.Faulty, fault))
		g.keep("attract " + fault)
	}
	g.start()
	g.send(session.Card{At: g.at(), State: session.CardDown})
	g.keep("attract without a reader")
}

// What is broken is told whole on the attract page: no sentence is cut off.
func TestFaultsFitTheAttractPage(t *testing.T) {
	for _, l := range looks() {
		p := &page{State: open(t, l).s, m: l.m}
		for _, fault := range words.Faults() {
			n, room := p.broken(p.t("fault."+fault+".resident")), p.bodyWidth()-8
			if p.textMM(n.Style, n.Text) > room && p.rows(n.Style, n.Text, room) > n.Lines {
				t.Errorf("%s: %q takes more than %d lines", l, n.Text, n.Lines)
			}
		}
		p.Printer = session.PrinterPaperOut
		if sub, n := p.invitation(); sub != p.t("fault.paper-out.resident") || len(n.Kids) != 2 || n.Kids[1].Text != sub {
			t.Errorf("%s: without paper, residents read %q", l, sub)
		}
	}
}

// Every device is on one of the sheets once, with its test, and no sheet is
// higher than its room, whatever is wrong.
func TestStaffSheets(t *testing.T) {
	for _, l := range looks() {
		for faults := range slices.Chunk(append(words.Faults(), ""), 5) {
			g := &guide{t: t, l: l}
			g.unlock()
			g.send(g.report(session.Faulty, faults...))
			var tests []string
			for _, sc := range g.turnStaff() {
				tests = append(tests, args(sc, session.DoTest)...)
			}
			if got, want := fmt.Sprint(tests), fmt.Sprint(session.Parts()); got != want {
				t.Errorf("%s: the sheets have %s, not %s", l, got, want)
			}
			p := &page{State: g.s, m: l.m}
			room := p.bodyHeight() - TargetMM - p.lineMM(Strong) - 2*GapMM - 9
			width := p.bodyWidth() - 9
			if l.m.Portrait() {
				room -= TargetMM + GapMM
			} else {
				width -= sideMM + GapMM
			}
			for _, b := range p.deviceBlocks(width) {
				if b.mm > room {
					t.Errorf("%s: %s needs %.0f mm of %.0f", l, b.node.Kids[0].Kids[1].Kids[0].Kids[0].Text, b.mm, room)
				}
			}
		}
	}
}

// turnStaff turns the sheets of the staff page to the last one.
func (g *guide) turnStaff() []Screen {
	var all []Screen
	for range 12 {
		all = append(all, Of(g.s, g.m))
		if _, _, next := pagerOf(all[len(all)-1]); !next {
			break
		}
		g.do("page next")
	}
	return all
}

// No digit of a PIN is on the screen.
func TestDigitsAreNotShown(t *testing.T) {
	for _, l := range looks() {
		g := &guide{t: t, l: l}
		g.start()
		g.do("help\n staff")
		for _, digit := range pin {
			g.do("key " + string(digit))
		}
		for _, n := range nodes(Of(g.s, g.m).Body) {
			if n.Kind == Text && (strings.Contains(n.Text+n.Name, "2468") || n.Text == "2") {
				t.Errorf("%s: %q is shown", l, n.Text)
			}
		}
		// Nor which it was, by what has changed: another PIN looks the same.
		other := &guide{t: t, l: l}
		other.start()
		other.do("help\n staff\n key 1\n key 3\n key 5\n key 7\n key 9\n key 1")
		if fmt.Sprint(Of(g.s, g.m)) != fmt.Sprint(Of(other.s, g.m)) {
			t.Errorf("%s: two PINs look different", l)
		}
	}
}
