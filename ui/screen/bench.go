package screen

import (
	"image"

	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// The actions of the demonstration bench.
const (
	BenchPlace   session.Action = "bench-place"   // arg: a person's id
	BenchLift    session.Action = "bench-lift"    // take the card away
	BenchCover   session.Action = "bench-cover"   // open or close
	BenchPaper   session.Action = "bench-paper"   // use up or load
	BenchPrinter session.Action = "bench-printer" // unplug or plug in
	BenchReader  session.Action = "bench-reader"  // unplug or plug in
	BenchTake    session.Action = "bench-take"    // take the slip
	BenchScan    session.Action = "bench-scan"    // hold the newest slip to the scanner
)

// BenchPage is the page of the bench window.
const BenchPage session.Page = "bench"

// BenchCard is a card that can be put on the simulated reader.
type BenchCard struct{ ID, Label string }

// Bench is what the window beside the demonstration shows: the simulated
// devices, and the hands of somebody who uses them.
type Bench struct {
	Lang       words.Lang
	Cards      []BenchCard
	Placed     string // id of the card on the reader
	CoverOpen  bool
	PaperOut   bool
	PrinterOff bool
	ReaderOff  bool
	Slip       *image.Gray // the newest slip, or what hangs in the printer
	Out        bool        // a whole slip can be taken
	CanScan    bool        // there is a slip to hold to the scanner
}

// OfBench computes the bench's screen.
func OfBench(b Bench) Screen {
	t := func(key string) string { return words.T(b.Lang, key) }
	pick := func(on bool, yes, no string) string {
		if on {
			return t(yes)
		}
		return t(no)
	}
	kids := []Node{line(Small, t("bench.cards"))}
	for _, c := range b.Cards {
		kids = append(kids, button(Chip, c.Label, "card", BenchPlace).arg(c.ID).on(c.ID == b.Placed).off(b.ReaderOff))
	}
	kids = append(kids,
		grid(2, 2,
			button(Chip, t("bench.lift"), "", BenchLift).off(b.Placed == ""),
			button(Chip, pick(b.ReaderOff, "bench.reader.off", "bench.reader"), "", BenchReader).on(b.ReaderOff),
			button(Chip, pick(b.CoverOpen, "bench.cover.off", "bench.cover"), "", BenchCover).on(b.CoverOpen),
			button(Chip, pick(b.PaperOut, "bench.paper.off", "bench.paper"), "", BenchPaper).on(b.PaperOut),
			button(Chip, pick(b.PrinterOff, "bench.power.off", "bench.power"), "", BenchPrinter).on(b.PrinterOff),
			button(Chip, t("bench.take"), "", BenchTake).off(!b.Out),
			button(Chip, t("bench.scan"), "", BenchScan).off(!b.CanScan),
		))
	paper := line(Small, t("bench.empty")).at(Center)
	if b.Slip != nil {
		paper = Node{Kind: Picture, Image: b.Slip, Grow: true, Name: t("bench.slip")}
	}
	kids = append(kids, Node{Kind: Column, Style: Paper, Grow: true, Kids: []Node{paper}})
	return Screen{
		Page: BenchPage,
		Lang: string(b.Lang),
		Top:  line(Strong, t("bench.title")),
		Body: column(2, kids...).grow(),
		Bar:  Node{Kind: Space},
	}
}
