package sim

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"jobhome/drivers/idcard/samv"
)

// parseWhat reads what happens in a line of a script. The words after the first
// are numbers, a time, codes or a name, each kind in a function of its own.
func (step *readerStep) parseWhat(verb string, args []string) error {
	for _, parse := range []func(string, []string) (bool, error){
		step.plain, step.number, step.timed, step.named,
	} {
		if known, err := parse(verb, args); known || err != nil {
			return err
		}
	}
	return fmt.Errorf("no such thing can happen to a reader")
}

// plain reads what has no words after it.
func (step *readerStep) plain(verb string, args []string) (bool, error) {
	acts := map[string]func(*Reader){
		"lift":   func(r *Reader) { r.lay(nil) },
		"hang":   func(r *Reader) { r.faults.hung = true },
		"unplug": (*Reader).unplug,
		"replug": (*Reader).replug,
		"timeout-reply": func(r *Reader) {
			r.faults.damage = append(r.faults.damage, func([]byte) []byte {
				return []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 5, 5, 5, 5, 5, 0}
			})
		},
	}
	act, ok := acts[verb]
	if ok && len(args) > 0 {
		return true, fmt.Errorf("%q: nothing may follow", args[0])
	}
	step.act = act
	return ok, nil
}

// number reads what has one or two numbers after it.
func (step *readerStep) number(verb string, args []string) (bool, error) {
	acts := map[string]func(f *readerFaults, n []int){
		"corrupt":      func(f *readerFaults, n []int) { f.corrupt = n[0] },
		"garble":       func(f *readerFaults, n []int) { f.garble = n[0] },
		"cut":          func(f *readerFaults, n []int) { f.cut = n[0] },
		"repeat":       func(f *readerFaults, n []int) { f.repeat = n[0] },
		"split":        func(f *readerFaults, n []int) { f.split = n[0] },
		"mute":         func(f *readerFaults, n []int) { f.mute = n[0] },
		"truncate":     func(f *readerFaults, n []int) { f.damage = append(f.damage, scriptTruncate(n[0])) },
		"wrong-length": func(f *readerFaults, n []int) { f.damage = append(f.damage, scriptLength(n[0])) },
		"lose":         func(f *readerFaults, n []int) { f.damage = append(f.damage, scriptCopies(n[0], n[1], 0)) },
		"double":       func(f *readerFaults, n []int) { f.damage = append(f.damage, scriptCopies(n[0], n[1], 2)) },
	}
	act, ok := acts[verb]
	if !ok {
		return false, nil
	}
	want := 1
	if verb == "lose" || verb == "double" {
		want = 2
	}
	if len(args) != want {
		return true, fmt.Errorf("want %d numbers", want)
	}
	n := make([]int, want)
	for i, a := range args {
		var err error
		if n[i], err = strconv.Atoi(a); err != nil || n[i] > 1e6 || n[i] < 0 && verb != "wrong-length" || n[i] < -1e6 {
			return true, fmt.Errorf("%q: want a number", a)
		}
	}
	step.act = func(r *Reader) { act(&r.faults, n) }
	return true, nil
}

func scriptTruncate(n int) func([]byte) []byte {
	return func(frame []byte) []byte { return frame[:min(n, len(frame))] }
}

// scriptLength makes the length field wrong and the checksum right.
func scriptLength(by int) func([]byte) []byte {
	return func(frame []byte) []byte {
		was := int(frame[5])<<8 | int(frame[6])
		n := was + by
		frame[len(frame)-1] ^= byte(was>>8) ^ byte(was) ^ byte(n>>8) ^ byte(n)
		frame[5], frame[6] = byte(n>>8), byte(n)
		return frame
	}
}

// scriptCopies sends n bytes from at so many times.
func scriptCopies(at, n, times int) func([]byte) []byte {
	return func(frame []byte) []byte {
		from := min(at, len(frame))
		to := min(from+n, len(frame))
		out := bytes.Clone(frame[:from])
		out = append(out, bytes.Repeat(frame[from:to], times)...)
		return append(out, frame[to:]...)
	}
}

// timed reads what has a time after it.
func (step *readerStep) timed(verb string, args []string) (bool, error) {
	at := 0
	switch verb {
	case "late", "slow", "dead", "wait":
	case "split-at":
		at = 1
	default:
		return false, nil
	}
	if len(args) != at+1 {
		return true, fmt.Errorf("want a time at the end")
	}
	d, err := scriptTime(args[at])
	if err != nil {
		return true, err
	}
	switch verb {
	case "late":
		step.act = func(r *Reader) { r.faults.late = append(r.faults.late, d) }
	case "slow":
		step.act = func(r *Reader) { r.faults.slow = d }
	case "wait":
		step.act, step.last = func(*Reader) {}, d
	case "dead":
		step.act, step.last = func(r *Reader) { r.faults.dead = true }, d
		step.end = func(r *Reader) { r.faults.dead = false }
	case "split-at":
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 1 {
			return true, fmt.Errorf("%q: want a number", args[0])
		}
		step.act = func(r *Reader) { r.faults.splitAt, r.faults.splitGap = n, d }
	}
	return true, nil
}

// named reads what has a name or codes after it.
func (step *readerStep) named(verb string, args []string) (bool, error) {
	var err error
	word := strings.Join(args, " ")
	switch verb {
	case "place", "swap":
		err = step.place(word)
	case "power":
		if word != "on" && word != "off" {
			return true, fmt.Errorf("%q: want on or off", word)
		}
		step.act = func(r *Reader) { r.power(word == "on") }
	case "selftest":
		codes := []samv.Status{0}
		if word != "ok" {
			codes, err = scriptCodes(word)
		}
		step.act = func(r *Reader) { r.faults.selfTest = codes[0] }
	case "status":
		var codes []samv.Status
		codes, err = scriptCodes(word)
		step.act = func(r *Reader) { r.faults.reads = append(r.faults.reads, codes...) }
	case "refuse":
		name, list, _ := strings.Cut(word, " ")
		c, err1 := scriptCommand(name)
		codes, err2 := scriptCodes(list)
		if err = err1; err == nil {
			err = err2
		}
		step.act = func(r *Reader) { r.faults.refuseNext(c, codes...) }
	case "garbage":
		var b []byte
		if word != "none" {
			b, err = hex.DecodeString(strings.Join(args, ""))
		}
		step.act = func(r *Reader) { r.faults.garbage = b }
	default:
		return false, nil
	}
	return true, err
}

func (step *readerStep) place(id string) error {
	card := &readerCard{other: id == "other", unreadable: id == "unreadable"}
	ok := card.other || card.unreadable
	for _, p := range People() {
		if p.ID == id {
			card.person, ok = p, true
		}
	}
	if !ok {
		return fmt.Errorf("%q: want the key of a person, other or unreadable", id)
	}
	step.act = func(r *Reader) { r.lay(card) }
	return nil
}

// scriptCodes reads status codes as the protocol pages write them: 41,31.
func scriptCodes(s string) (codes []samv.Status, err error) {
	for f := range strings.SplitSeq(s, ",") {
		n, err := strconv.ParseUint(f, 16, 8)
		if err != nil || len(f) != 2 {
			return nil, fmt.Errorf("%q: want two hex digits, and more after commas", f)
		}
		codes = append(codes, samv.Status(n))
	}
	return codes, nil
}
