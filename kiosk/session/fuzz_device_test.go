package session

import (
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// deviceKinds are the events of the devices and the staff.
func deviceKinds() []string {
	return []string{"device", "door", "presence", "key", "badge", "unlocked", "scan", "looked", "left", "reset-failed"}
}

// deviceChoices are what a script says after those, in the order in which
// deviceEvent counts.
func deviceChoices() map[string][]string {
	return map[string][]string{
		"door": {"closed", "open"}, "presence": {"gone", "here"}, "badge": {"", "李工"},
		"unlocked": {"wrong", "ok", "wait", "badge", "none"}, "scan": {"-", "p7", "p1"},
		"looked": {"-", "printed", "unconfirmed"},
	}
}

func (p *player) deviceEvent(kind string, n int) Event {
	switch kind {
	case "device":
		healths := []Health{Fine, Care, Faulty, Unfitted, Checking}
		faults := words.Faults()
		var all []DeviceReport
		for i, part := range Parts()[:n%6] {
			all = append(all, DeviceReport{Part: part, Health: healths[(n+i)%5], Fault: faults[(n*7+i)%len(faults)], Testing: n%3 == i})
		}
		return DeviceNews{p.at(), all}
	case "door":
		return Door{p.at(), n%2 == 1}
	case "presence":
		return Presence{p.at(), n%2 == 1}
	case "key":
		return ServiceKey{At: p.at(), Off: n%2 == 1}
	case "badge":
		return Badged{p.at(), deviceChoices()["badge"][n%2]}
	case "unlocked":
		e := Unlocked{At: p.at(), OK: n%5 == 1, Left: n % 4, Badge: n%5 == 3, None: n%5 == 4}
		if n%5 == 2 {
			e.Wait = time.Duration(n) * time.Second
		}
		return e
	case "left":
		if n%4 == 3 {
			return LeftBehind{At: p.at(), Err: failure}
		}
		return LeftBehind{At: p.at(), N: n - 9}
	case "reset-failed":
		return ResetFailed{p.at()}
	case "scan":
		return Scanned{At: p.at(), Posting: []string{"", "p7", "p1"}[n%3], Code: []kiosk.Code{"C9", "", "C1"}[n/3%3]}
	}
	e := LookedUp{At: p.at(), Seq: p.s.Scan.seq - n/200, Known: n%3 != 0, Open: n%2 == 0, Item: kiosk.Item{Posting: posting(n % 10)}}
	states := []kiosk.ReferralState{kiosk.Printed, kiosk.Unconfirmed, kiosk.Failed, kiosk.Issued, kiosk.Printing}
	if e.Known {
		e.Referral = kiosk.Referral{Code: "C9", State: states[n%5]}
	}
	if n%11 == 10 {
		e.Err = failure
	}
	return e
}

// staffPromises checks what holds about the staff's pages and the devices.
func (p *player) staffPromises(old State, e Event) {
	p.t.Helper()
	now := p.s
	answer, unlocked := e.(Unlocked)
	if unlocked {
		p.asked = max(p.asked-1, 0)
	}
	for _, effect := range p.last {
		p.staffPromise(old, e, effect)
	}
	d := now.Visit.Staff
	staffed := now.Page == StaffPIN || now.Page == Staff || now.Page == StaffReset
	switch {
	case p.asked > 1:
		p.t.Fatal("a PIN is asked about before the last answer")
	case now.Unlocking() != (p.asked == 1):
		p.t.Fatalf("%d answers are owed, unlocking: %v", p.asked, now.Unlocking())
	case now.Page == StaffReset && old.Page != StaffReset && (old.Page != Staff || !old.Visit.Staff.pinned):
		p.t.Fatalf("%T asks to wipe everything at %s", e, old.Page)
	case now.Page == Staff && old.Page != Staff && old.Page != StaffReset && (!answer.OK || old.Page != StaffPIN || !old.Visit.Staff.asked):
		p.t.Fatalf("%T opens the staff page from %s", e, old.Page)
	case d.pin != "" && (now.Page != StaffPIN || now.Unlocking() || len(d.pin) > MaxPIN || strings.Trim(d.pin, "0123456789") != ""):
		p.t.Fatalf("%d digits of a PIN are left at %s", len(d.pin), now.Page)
	case !staffed && d != StaffState{}:
		p.t.Fatalf("%s knows of staff", now.Page)
	case staffed && (now.Resident.Known() || now.Chosen.Posting.ID != "" || now.Referral.Code != "" || now.Scan.seq != 0):
		p.t.Fatal("somebody's visit is on a staff page")
	case d.Said != "" && !words.Has(d.Said):
		p.t.Fatalf("there are no words for %q", d.Said)
	case now.Fault() != "" && !words.Has("fault."+now.Fault()+".resident"):
		p.t.Fatalf("residents are not told of %q", now.Fault())
	}
}

// staffPromise checks one effect.
func (p *player) staffPromise(old State, e Event, effect Effect) {
	p.t.Helper()
	touch, _ := e.(Touch)
	_, scan := e.(Scanned)
	switch effect := effect.(type) {
	case Unlock:
		p.asked++
		if old.Page != StaffPIN || len(effect.PIN) < MinPIN || len(effect.PIN) > MaxPIN {
			p.t.Fatalf("a PIN of %d digits is sent from %s", len(effect.PIN), old.Page)
		}
	case Test, TestSlip, PaperChanged:
		if old.Page != Staff || touch.Do == "" {
			p.t.Fatalf("%T without staff", effect)
		}
	case FactoryReset:
		if !old.MayWipe() || touch.Do != DoWipe || old.Options.KeyFitted && !old.KeyOn {
			p.t.Fatalf("everything is wiped at %s by %T", old.Page, e)
		}
	case Lookup:
		if !scan || effect.Posting == "" || p.s.Page != Result {
			p.t.Fatalf("%T leads to a look-up at %s", e, p.s.Page)
		}
	case Issue, Print, ArmReader:
		if scan {
			p.t.Fatalf("a scan leads to %T", effect)
		}
	}
}
