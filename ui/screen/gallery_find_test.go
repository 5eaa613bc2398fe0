package screen

import (
	"strings"

	"jobhome/kiosk"
)

// fields are where words are found, in the order of the items.
var fields = []kiosk.Field{
	kiosk.FieldDescription, kiosk.FieldRequirements, kiosk.FieldEmployer, kiosk.FieldPlace, kiosk.FieldOccupation, kiosk.FieldTitle,
}

// found adds what a search for words adds to rows. A text that names a step was
// rescued by it.
func found(r *kiosk.Results, q kiosk.Query) {
	for i := range r.Items {
		it := &r.Items[i]
		if q.Fold {
			it.More = i * i * i % 120
		}
		if q.Text == "" || i == 5 {
			continue
		}
		hit := kiosk.Hit{Word: "普工", As: "普工", Field: fields[i%len(fields)]}
		if i%2 == 1 {
			hit.As = "流水线操作工"
		}
		if i < 2 {
			hit.Excerpt = "…车间招普工和流水线操作工，不用经验，包吃…"
		}
		it.Hits = []kiosk.Hit{hit, hit}
	}
	for _, step := range kiosk.RescueSteps() {
		left, of, ok := strings.Cut(q.Text, " ")
		if !ok || left != string(step) {
			continue
		}
		asked := q
		asked.Within = 10000
		r.Rescue = &kiosk.Rescue{Step: step, From: "江益镇 多工序数控机床操作调整工", To: "数控机床操作工", Left: of, Query: asked}
	}
}

// found shows the lists of searches, what is folded in them, and the ways on from a
// posting.
func (g *guide) found() {
	for _, step := range []string{
		"spelling x", "distance x", "word x", "related x",
		"filter shift", "filter benefit", "filter channel", "filter school", "filter pay", "filter area",
	} {
		g.start()
		g.do("start\n tile search\n suggest " + step + " > list rescued by " + step)
	}
	g.start()
	g.do(`start
		tile search
		suggest 普工 > list with hits
		page next > list with hits 2
		page prev`)
	for _, it := range g.s.Visit.List.Results.Items {
		g.do("posting " + it.Posting.ID + " > posting folded " + it.Posting.ID)
		if it.More > 0 {
			g.do("like > list of the same\n back")
			g.do("posting " + it.Posting.ID)
		}
		g.do("similar > list of similar ones\n back")
	}
	g.start()
	g.do("start\n tile search\n keys")
	for _, r := range code {
		g.do("key " + string(r))
	}
	g.do(" > search, a code\n find > referral of a code")
	g.do("since > list of new ones")
}
