package intake

import (
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/normal"
)

// buildAsked reads schooling and experience. What is only wished for, or says no
// number, is kept in words.
func (r *record) buildAsked() {
	e, notes, err := normal.Education(r.text("education"))
	r.take("education", notes, err)
	r.p.Education = e
	if slices.Contains(notes, normal.EducationWish) || slices.Contains(notes, normal.EducationTop) {
		r.require("学历", oneLine(r.text("education")))
	}
	text, heading := r.text(fieldSpan), r.cells[fieldSpan].heading
	field := fieldSpan
	if months := r.text("experience_months"); months != "" {
		text, heading, field = months, "月", "experience_months"
	}
	n, notes, err := normal.Experience(text, heading)
	if why, ok := err.(normal.Reason); ok {
		r.problem(field, text, why, "")
		return
	}
	r.noteAll("experience", text, notes)
	r.p.Experience = n
	if slices.Contains(notes, normal.SpanVague) || slices.Contains(notes, normal.SpanWish) {
		r.require("经验", oneLine(text))
	}
}

// buildSets reads shifts, benefits and certificates. Words that are none of them
// are kept.
func (r *record) buildSets() {
	shifts, unknown := normal.Shifts(r.text("shifts"))
	r.p.Shifts |= shifts
	if len(unknown) > 0 {
		r.p.Hours = strings.Trim(strings.Join(append(unknown, r.p.Hours), "，"), "，")
		r.note("shifts", strings.Join(unknown, "、"), KeptWords)
	}
	benefits, unknown := normal.Benefits(r.text("benefits"))
	r.p.Benefits |= benefits
	if len(unknown) > 0 {
		r.keep("福利", strings.Join(unknown, "、"))
		r.note("benefits", strings.Join(unknown, "、"), KeptWords)
	}
	certificates, unknown := normal.Certificates(r.text("certificates"))
	r.p.Certificates |= certificates
	if len(unknown) > 0 {
		r.require("证书", strings.Join(unknown, "、"))
		r.note("certificates", strings.Join(unknown, "、"), KeptWords)
	}
}

func (r *record) buildContact() {
	text := r.text("contact.phone")
	person, phone, notes, err := normal.Phone(text)
	c := kiosk.Contact{Person: oneLine(r.text("contact.person")), Phone: phone, Rule: oneLine(r.text("contact.rule"))}
	if err != nil {
		c.Rule = strings.Trim(oneLine(text)+"；"+c.Rule, "；")
		r.note("contact.phone", text, ContactInWords)
	}
	r.noteAll("contact.phone", text, notes)
	// 张经理13800138000 in the cell of the person
	if p, n, _, err := normal.Phone(c.Person); err == nil && n != "" {
		c.Person = p
		if c.Phone == "" {
			c.Phone = n
		}
		r.note("contact.person", r.text("contact.person"), normal.PhoneTidied)
	}
	if c.Person == "" {
		c.Person = person
	}
	r.p.Contact = c
}

// buildDays reads the dates. A row must hold until some day: its own, or the
// number of days that the caller allows.
func (r *record) buildDays() {
	p, now := &r.p, r.in.o.Now
	p.Published = r.day("published")
	p.Refreshed = r.day("refreshed")
	p.Starts = r.day("starts")
	if p.Published.IsZero() && !r.has("published") {
		p.Published = now
		if !p.Refreshed.IsZero() && p.Refreshed.Before(now) {
			p.Published = p.Refreshed
		}
		r.note("published", r.text("published"), DayDefault)
	}
	text := r.text("valid_through")
	through, notes, err := normal.Through(text, p.Published, now)
	if r.cells["valid_through"].date {
		notes = slices.DeleteFunc(notes, func(n normal.Reason) bool { return n == normal.DaySerial })
	}
	r.take("valid_through", notes, err)
	if err != nil {
		return
	}
	switch {
	case !through.IsZero():
	case r.in.o.Days > 0:
		// From now on, not from publication: the source says it still holds.
		through = now.AddDate(0, 0, r.in.o.Days)
		r.note("valid_through", text, HoldsDefault)
	default:
		r.problem("valid_through", text, NoValidity, "")
	}
	p.ValidThrough = through
}

// has reports whether a problem with a field is known.
func (r *record) has(field string) bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Field == field })
}

func (r *record) day(field string) time.Time {
	t, notes, err := normal.Day(r.text(field), r.in.o.Now)
	if err == normal.DayUnread && field == "starts" {
		// 面议, 随时: said in words, and no condition of the posting
		r.keep("开工", r.text(field))
		r.note(field, r.text(field), KeptWords)
		return time.Time{}
	}
	if r.cells[field].date {
		notes = slices.DeleteFunc(notes, func(n normal.Reason) bool { return n == normal.DaySerial })
	}
	r.take(field, notes, err)
	return t
}
