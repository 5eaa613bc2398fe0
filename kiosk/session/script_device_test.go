package session

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
)

// device is what a device or the staff's door says:
//
//	device PART HEALTH [FAULT] [testing] [passed]
//	door open|closed
//	presence here|gone
//	key [off]
//	left N|error          what the hub does not have
//	reset-failed
//	badge [LABEL]
//	unlocked ok | wrong LEFT | wait DURATION | badge | none
//	scan POSTING [CODE]   a posting of - is a code of another kind
//	looked STATE|- open|gone|error [stale]
func (w *teller) device(f []string) Event {
	w.t.Helper()
	arg := func(i int) string { return append(f, "", "", "", "")[i] }
	switch f[0] {
	case "door":
		return Door{w.at(), arg(1) == "open"}
	case "presence":
		return Presence{w.at(), arg(1) == "here"}
	case "key":
		return ServiceKey{At: w.at(), Off: arg(1) == "off"}
	case "left":
		if arg(1) == "error" {
			return LeftBehind{At: w.at(), Err: failure}
		}
		n, _ := strconv.Atoi(arg(1))
		return LeftBehind{At: w.at(), N: n}
	case "reset-failed":
		return ResetFailed{w.at()}
	case "badge":
		return Badged{w.at(), arg(1)}
	case "unlocked":
		return w.unlockedEvent(arg(1), arg(2))
	case "scan":
		return Scanned{At: w.at(), Posting: strings.TrimPrefix(arg(1), "-"), Code: kiosk.Code(arg(2))}
	case "looked":
		return w.lookedEvent(f)
	}
	d := DeviceReport{Part: Part(arg(1)), Health: Health(arg(2)), Testing: slices.Contains(f, "testing"), Passed: slices.Contains(f, "passed")}
	if fault := arg(3); fault != "testing" && fault != "passed" {
		d.Fault = fault
	}
	all := slices.DeleteFunc(slices.Clone(w.s.Devices), func(old DeviceReport) bool { return old.Part == d.Part })
	return DeviceNews{w.at(), append(all, d)}
}

func (w *teller) unlockedEvent(what, how string) Unlocked {
	w.t.Helper()
	e := Unlocked{At: w.at(), OK: what == "ok", Badge: what == "badge", None: what == "none"}
	switch what {
	case "wrong":
		e.Left, _ = strconv.Atoi(how)
	case "wait":
		e.Wait = w.duration(how)
	}
	return e
}

func (w *teller) lookedEvent(f []string) LookedUp {
	e := LookedUp{At: w.at(), Seq: w.s.Scan.seq}
	if f[1] != "-" {
		e.Known = true
		e.Referral = kiosk.Referral{Code: "C9", Posting: "p7", Title: "缝纫工", State: kiosk.ReferralState(f[1]), Issued: nine.Add(-24 * time.Hour)}
	}
	switch f[2] {
	case "open":
		e.Item, e.Open = kiosk.Item{Posting: posting(7), Metres: 900}, true
	case "error":
		e.Err = failure
	}
	if slices.Contains(f, "stale") {
		e.Seq--
	}
	return e
}

// signals keeps what the panel shows, and finds signals of no change.
func (w *teller) signals(effects []Effect) {
	w.t.Helper()
	old := w.signal.Lamp
	if old == "" {
		old = LampOff
	}
	w.signal = Signal{Lamp: old}
	n := 0
	for _, e := range effects {
		if s, ok := e.(Signal); ok {
			n++
			if s.Lamp == old && s.Buzzer == BuzzNone {
				w.t.Fatalf("the lamp is told again to be %s", old)
			}
			w.signal = s
		}
	}
	if n > 1 || w.signal.Lamp != w.s.lit() {
		w.t.Fatalf("%d signals, the lamp is %s, should be %s", n, w.signal.Lamp, w.s.lit())
	}
}

func (w *teller) deviceFacts() []string {
	d := w.s.Visit.Staff
	facts := []string{
		"lamp=" + string(w.signal.Lamp), "buzz=" + string(w.signal.Buzzer), "digits=" + fmt.Sprint(d.Digits()),
		"badge=" + d.Badge, "said=" + d.Said, "tries=" + fmt.Sprint(d.Answer.Left), "locked=" + fmt.Sprint(int(w.s.Locked()/time.Second)),
		"scanned=" + string(w.s.Scan.Referral.State), "chosen=" + w.s.Chosen.Posting.ID, "fault=" + w.s.Fault(),
	}
	for _, part := range Parts() {
		facts = append(facts, string(part)+":"+string(w.s.Device(part).Health))
	}
	for name, is := range map[string]bool{
		"unlocking": w.s.Unlocking(), "unknown-badge": d.Unknown, "badge-first": d.Answer.Badge, "no-pin": d.Answer.None,
		"looking": w.s.Scan.Waiting, "scan-open": w.s.Scan.Open, "door-open": w.s.DoorOpen, "here": w.s.Here,
	} {
		if is {
			facts = append(facts, name)
		}
	}
	return facts
}
