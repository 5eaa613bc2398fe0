package app

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// marker stands for a person. No word of the terminal contains it.
const marker = "龘**"

// After a visit, however it ends, nothing in the loop's memory or its log names
// the person.
func TestNothingOfThePersonIsLeft(t *testing.T) {
	ends := map[string]func(r *rig){
		"done":    func(r *rig) { r.confirm(); r.touch("done", "") },
		"silence": func(r *rig) { r.confirm(); r.wait(idle + warn + 2*time.Second) },
		"end":     func(r *rig) { r.touch("end", "") },
		"end before the print": func(r *rig) {
			r.touch("tile", "nearby", "posting", "p1", "print", "", "end", "")
		},
		"card taken": func(r *rig) {
			r.touch("tile", "nearby", "posting", "p1", "print", "")
			r.send(session.Card{At: r.app.at(), State: session.CardRemoved})
		},
		"card taken while printing": func(r *rig) {
			r.printer.hold = make(chan struct{})
			r.confirm()
			r.send(session.Card{At: r.app.at(), State: session.CardRemoved})
			close(r.printer.hold)
			r.wait(idle)
		},
		"trouble": func(r *rig) {
			r.printer.next = []Outcome{{State: kiosk.Failed, Cause: session.PrinterPaperOut}}
			r.confirm()
			r.touch("done", "")
		},
		"ledger": func(r *rig) {
			r.ledger.refuses["issue p1"] = true
			r.confirm()
			r.touch("done", "")
		},
		"reader unplugged": func(r *rig) { r.send(session.Card{At: r.app.at(), State: session.CardDown}) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			at(t, nil, func(r *rig) {
				r.tapCard(marker)
				if found := search(reflect.ValueOf(r.app)); found == "" {
					t.Fatal("the test does not find a person who is there")
				}
				end(r)
				r.settle()
				r.page(session.Attract)
				r.stop() // so that nobody writes to what is looked at
				if found := search(reflect.ValueOf(r.app)); found != "" {
					t.Errorf("the person is left in %s", found)
				}
				if found := search(reflect.ValueOf(r.shown)); found != "" {
					t.Errorf("the person is left on the screen, in %s", found)
				}
				if strings.Contains(r.log.String(), "龘") {
					t.Errorf("the log names the person: %s", r.log.String())
				}
			})
		})
	}
}

// The card that was taken takes the picture of the slip with it, though the
// page stays.
func TestPictureOfTheSlipGoesWithTheCard(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.tapCard(marker)
		r.printer.next = []Outcome{{State: kiosk.Unconfirmed, Cause: session.PrinterPaperOut}}
		r.confirm()
		r.trouble("paper-out")
		r.send(session.Card{At: r.app.at(), State: session.CardRemoved})
		r.page(session.Trouble)
		if found := search(reflect.ValueOf(r.app)); found != "" {
			t.Errorf("the person is left in %s", found)
		}
	})
}

// search walks through everything that v reaches, exported or not, and returns
// the path to the first text or picture with the marker in it, or "".
func search(v reflect.Value) string {
	w := walker{seen: map[place]bool{}}
	return w.walk(v, v.Type().String())
}

type walker struct{ seen map[place]bool }

// place is where a value lies; a struct and its first field lie at the same.
type place struct {
	at   unsafe.Pointer
	kind reflect.Type
}

func (w *walker) walk(v reflect.Value, path string) string {
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), "龘") {
			return path
		}
	case reflect.Pointer:
		here := place{v.UnsafePointer(), v.Type()}
		if v.IsNil() || w.seen[here] || outside(v.Type().Elem()) {
			return ""
		}
		w.seen[here] = true
		return w.walk(v.Elem(), path)
	case reflect.Interface:
		if !v.IsNil() {
			return w.walk(v.Elem(), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if found := w.walk(v.Field(i), path+"."+v.Type().Field(i).Name); found != "" {
				return found
			}
		}
	case reflect.Slice, reflect.Array:
		return w.walkList(v, path)
	case reflect.Map:
		for k, e := range v.Seq2() {
			if found := w.walk(k, path+"[key]") + w.walk(e, path+"[]"); found != "" {
				return found
			}
		}
	case reflect.Chan:
		if v.Len() > 0 {
			return path + " still holds something"
		}
	}
	return ""
}

func (w *walker) walkList(v reflect.Value, path string) string {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		all := make([]byte, v.Len())
		for i := range all {
			all[i] = byte(v.Index(i).Uint())
		}
		if bytes.Contains(all, []byte("龘")) {
			return path
		}
		return ""
	}
	// What lies behind a slice's length is still in memory.
	if v.Kind() == reflect.Slice {
		v = v.Slice(0, v.Cap())
	}
	for i := range v.Len() {
		if found := w.walk(v.Index(i), path+"[]"); found != "" {
			return found
		}
	}
	return ""
}

// outside tells what is the test's own and no part of the loop.
func outside(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[fakePrinter](), reflect.TypeFor[fakeLedger](), reflect.TypeFor[fakeBoard](), reflect.TypeFor[calls]():
		return true
	}
	return strings.HasPrefix(t.PkgPath(), "log/") || strings.HasPrefix(t.PkgPath(), "time")
}
