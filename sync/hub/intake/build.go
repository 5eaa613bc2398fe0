package intake

import (
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/csvfile"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/normal"
)

// checkPosting returns what kiosk.Posting.Check finds in a posting that has no
// ID yet, and whether it has run out.
func checkPosting(p *kiosk.Posting, now time.Time) []Problem {
	id := p.ID
	p.ID = "new"
	err := p.Check()
	p.ID = id
	var all []Problem
	if err != nil {
		for text := range strings.SplitSeq(err.Error(), "\n") {
			field, detail, _ := strings.Cut(text, ": ")
			why := CheckFailed
			if detail == "is empty" {
				why = Missing
			}
			all = append(all, Problem{Field: field, Reason: why, Detail: detail})
		}
	} else if !p.Open(now) {
		all = append(all, Problem{Field: "valid_through", Reason: Expired, Detail: p.ValidThrough.Format(time.DateOnly)})
	}
	return all
}

// build reads the cells into the posting.
func (r *record) build() {
	p := &r.p
	r.ref = r.text("id")
	p.Source = kiosk.Source{Name: r.text("source.name"), Ref: r.text("source.ref")}
	if p.Source.Name == "" {
		p.Source.Name = r.in.o.Source
	}
	if p.Source.Ref == "" {
		p.Source.Ref = r.ref
	}
	if r.ref == "" {
		r.ref = p.Source.Ref
	}
	r.buildTitle()
	p.Employer.Name = oneLine(r.text("employer.name"))
	p.Employer.CreditCode = strings.ToUpper(compact(r.text("employer.credit_code")))
	p.Hours = oneLine(r.text("hours"))
	p.Address = oneLine(r.text("address"))
	p.Requirements = oneLine(r.text("requirements"))
	p.Description = r.text("description")
	r.buildChannel()
	r.buildArea()
	r.buildPoint()
	r.buildPay()
	r.buildAsked()
	r.buildSets()
	r.buildContact()
	r.buildDays()
	for _, c := range r.kept {
		r.require(strings.TrimSuffix(c.heading, "要求"), oneLine(c.text))
	}
	if n := r.text(fieldNote); n != "" {
		r.keep(r.cells[fieldNote].heading, n)
	}
	r.limit("hours", "上班时间", &p.Hours, 60)
	r.limit("requirements", "要求", &p.Requirements, 300)
	r.limit("contact.rule", "联系方式", &p.Contact.Rule, 100)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
func compact(s string) string { return strings.Join(strings.Fields(s), "") }

// buildTitle reads the title and the occupation; each may stand for the other.
func (r *record) buildTitle() {
	p := &r.p
	p.Title = oneLine(r.text("title"))
	name := oneLine(r.text("occupation.name"))
	if p.Title == "" && name != "" {
		p.Title = name
		r.note("title", name, TitleFromWork)
	}
	if code := r.text("occupation.code"); code != "" {
		o, ok := normal.CodedOccupation(code, name)
		if !ok {
			r.problem("occupation", code, BadOccupation, "")
		}
		p.Occupation = o
		return
	}
	if o, ok := normal.CodedOccupation("", name); ok {
		p.Occupation = o
		return
	}
	if p.Title != "" {
		var why normal.Reason
		p.Occupation, why = normal.Occupation(p.Title)
		r.note("occupation", p.Title+" → "+p.Occupation.Name, why)
		return
	}
	p.Occupation = kiosk.Occupation{Code: "8"} // there is a problem with the title already
}

func (r *record) buildChannel() {
	c, shifts, err := normal.Channel(r.text("channel"))
	switch {
	case err != nil:
		r.problem("channel", r.text("channel"), normal.WordsUnread, "")
	case c == "":
		c = r.in.o.Channel
	}
	r.p.Channel = c
	r.p.Shifts |= shifts
	n, notes, err := normal.Headcount(r.text("headcount"))
	r.take("headcount", notes, err)
	r.p.Headcount = n
}

// take notes what a reader guessed, or its error as the row's problem.
func (r *record) take(field string, notes []normal.Reason, err error) {
	if why, ok := err.(normal.Reason); ok {
		r.problem(field, r.text(field), why, "")
		return
	}
	r.noteAll(field, r.text(field), notes)
}

// buildArea finds the area by its own cell, else by the address, else by the
// source. An address may make it finer.
func (r *record) buildArea() {
	near, text := r.in.o.Area, r.text("area")
	place, placeNotes, placeErr := normal.Place(r.p.Address, near)
	if text != "" {
		a, notes, err := normal.Area(text, near)
		if err == nil {
			r.p.Area = a
			r.noteAll("area", text, notes)
			if placeErr == nil && place != a && place.Within(a) {
				r.p.Area = place
				r.note("area", r.p.Address, normal.AreaByPlace)
			}
			return
		}
		if placeErr != nil && (near == "" || err == normal.AreaAmbiguous) {
			r.problem("area", text, err.(normal.Reason), "")
			return
		}
	}
	switch {
	case placeErr == nil:
		r.p.Area = place
		r.note("area", r.p.Address, normal.AreaByPlace)
		r.noteAll("area", r.p.Address, placeNotes)
	case near != "":
		r.p.Area = near
		r.note("area", text, AreaDefault)
	default:
		r.problem("area", text, NoArea, "")
	}
	if text != "" && r.p.Area != "" {
		r.keep(r.cells["area"].heading, text)
	}
}

func (r *record) buildPoint() {
	lat, lon := r.text("location.lat"), r.text("location.lon")
	if lat == "" && lon == "" {
		return
	}
	x, err := strconv.ParseFloat(compact(lat), 64)
	y, err2 := strconv.ParseFloat(compact(lon), 64)
	if err != nil || err2 != nil {
		r.problem("location", lat+", "+lon, BadNumber, "")
		return
	}
	r.p.Location = kiosk.Point{Lat: x, Lon: y}
}

// buildPay reads the pay from its text, or from its two ends and a unit, as one
// text of the same shape.
func (r *record) buildPay() {
	text, heading := r.text("pay.original"), r.cells["pay.original"].heading
	lo, hi, unit := r.text("pay.min"), r.text("pay.max"), payUnit(r.text("pay.unit"))
	field, said := "pay", text
	if lo != "" || hi != "" || unit == words.T(words.Zh, "pay.talk") {
		said = payOf(lo, hi, unit)
		heading = r.cells["pay.min"].heading + r.cells["pay.max"].heading
		if lo != "" && strings.Trim(lo+hi, "0123456789. ,") != "" {
			heading += " " // a cell that says its own unit
		}
	} else if text != "" && unit != "" && strings.Trim(text, "0123456789.-~—～至 ") == "" {
		said = text + unit
	}
	pay, notes, err := normal.Pay(said, heading)
	if err != nil {
		r.problem(field, said, err.(normal.Reason), "")
		return
	}
	if text != "" && said != text {
		if whole, _, err := normal.Pay(text, heading); err == nil {
			pay.Original = whole.Original
		} else {
			r.keep("工资", text)
		}
	}
	r.p.Pay = pay
	r.noteAll("pay", said, notes)
	r.buildMonth()
}

// buildMonth reads what the advertiser says a month comes to.
func (r *record) buildMonth() {
	lo, hi := r.text("pay.month_min"), r.text("pay.month_max")
	if lo == "" && hi == "" || r.p.Pay.Unit == kiosk.PerMonth {
		return
	}
	month, _, err := normal.Pay(payOf(lo, hi, "元/月"), "")
	if err != nil {
		r.problem("pay.month_min", lo+"-"+hi, err.(normal.Reason), "")
		return
	}
	r.p.Pay.EstMin, r.p.Pay.EstMax = month.Min, month.Max
}

// payOf writes two ends as one text.
func payOf(lo, hi, unit string) string {
	if unit == words.T(words.Zh, "pay.talk") {
		return unit
	}
	switch {
	case lo != "" && hi != "" && lo != hi:
		return lo + "-" + hi + unit
	case lo != "":
		return lo + unit
	case hi != "":
		return hi + unit + "以内"
	}
	return ""
}

// payUnit is a unit as it stands behind an amount: 元/月.
func payUnit(text string) string {
	v, reason := csvfile.Value("pay.unit", text)
	name, ok := v.(string)
	switch {
	case reason != "" || !ok:
		return ""
	case kiosk.PayUnit(name) == kiosk.Negotiable:
		return words.T(words.Zh, "pay.talk")
	}
	return words.T(words.Zh, "unit."+name)
}
