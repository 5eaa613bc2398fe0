package jsonl

import (
	"encoding/json"
	"time"

	"jobhome/kiosk"
)

// line is a posting as it stands in the file.
type line struct {
	ID           string     `json:"id"`
	Title        string     `json:"title"`
	Employer     employer   `json:"employer"`
	Occupation   occupation `json:"occupation"`
	Channel      string     `json:"channel"`
	Headcount    int        `json:"headcount,omitempty"`
	Area         string     `json:"area"`
	Address      string     `json:"address,omitempty"`
	Location     *location  `json:"location,omitempty"`
	Pay          pay        `json:"pay"`
	Education    int        `json:"education,omitempty"`
	Experience   int        `json:"experience_months,omitempty"`
	Shifts       []string   `json:"shifts,omitempty"`
	Hours        string     `json:"hours,omitempty"`
	Benefits     []string   `json:"benefits,omitempty"`
	Certificates []string   `json:"certificates,omitempty"`
	Requirements string     `json:"requirements,omitempty"`
	Description  string     `json:"description,omitempty"`
	Contact      *contact   `json:"contact,omitempty"`
	Starts       string     `json:"starts,omitempty"`
	Published    string     `json:"published"`
	Refreshed    string     `json:"refreshed,omitempty"`
	ValidThrough string     `json:"valid_through"`
	Source       *source    `json:"source,omitempty"`
}

type employer struct {
	Name       string `json:"name"`
	CreditCode string `json:"credit_code,omitempty"`
}

type occupation struct {
	Code string `json:"code"`
	Name string `json:"name,omitempty"`
}

type location struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

type pay struct {
	Min      json.Number `json:"min,omitempty"`
	Max      json.Number `json:"max,omitempty"`
	Unit     string      `json:"unit"`
	Original string      `json:"original,omitempty"`
	EstMin   json.Number `json:"month_min,omitempty"`
	EstMax   json.Number `json:"month_max,omitempty"`
}

type contact struct {
	Person string `json:"person,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Rule   string `json:"rule,omitempty"`
}

type source struct {
	Name string `json:"name"`
	Ref  string `json:"ref,omitempty"`
}

func (l *line) posting(c *conversion) kiosk.Posting {
	p := kiosk.Posting{
		ID: l.ID, Title: l.Title,
		Employer:   kiosk.Employer(l.Employer),
		Occupation: kiosk.Occupation(l.Occupation),
		Channel:    kiosk.Channel(l.Channel), Headcount: l.Headcount,
		Area: kiosk.Area(l.Area), Address: l.Address,
		Pay: kiosk.Pay{
			Min: c.yuan("pay.min", l.Pay.Min), Max: c.yuan("pay.max", l.Pay.Max),
			Unit: kiosk.PayUnit(l.Pay.Unit), Original: l.Pay.Original,
			EstMin: c.yuan("pay.month_min", l.Pay.EstMin), EstMax: c.yuan("pay.month_max", l.Pay.EstMax),
		},
		Education: kiosk.Education(l.Education), Experience: l.Experience,
		Hours: l.Hours, Requirements: l.Requirements, Description: l.Description,
		Starts:       c.time("starts", l.Starts, false),
		Published:    c.time("published", l.Published, false),
		Refreshed:    c.time("refreshed", l.Refreshed, false),
		ValidThrough: c.time("valid_through", l.ValidThrough, true),
	}
	if p.Pay.Max == 0 && !c.has("pay.max") {
		p.Pay.Max = p.Pay.Min // one figure was given
	}
	if p.Pay.EstMax == 0 && !c.has("pay.month_max") {
		p.Pay.EstMax = p.Pay.EstMin
	}
	if l.Location != nil {
		p.Location = kiosk.Point(*l.Location)
	}
	if l.Contact != nil {
		p.Contact = kiosk.Contact(*l.Contact)
	}
	if l.Source != nil {
		p.Source = kiosk.Source(*l.Source)
	}
	var err error
	if p.Shifts, err = kiosk.ParseShifts(l.Shifts); err != nil {
		c.bad("shifts", "%v", err)
	}
	if p.Benefits, err = kiosk.ParseBenefits(l.Benefits); err != nil {
		c.bad("benefits", "%v", err)
	}
	if p.Certificates, err = kiosk.ParseCertificates(l.Certificates); err != nil {
		c.bad("certificates", "%v", err)
	}
	return p
}

func fromPosting(p *kiosk.Posting) line {
	l := line{
		ID: p.ID, Title: p.Title, Employer: employer(p.Employer), Occupation: occupation(p.Occupation),
		Channel: string(p.Channel), Headcount: p.Headcount, Area: string(p.Area), Address: p.Address,
		Pay: pay{
			Min: number(p.Pay.Min), Max: number(p.Pay.Max), Unit: string(p.Pay.Unit), Original: p.Pay.Original,
			EstMin: number(p.Pay.EstMin), EstMax: number(p.Pay.EstMax),
		},
		Education: int(p.Education), Experience: p.Experience, Hours: p.Hours,
		Requirements: p.Requirements, Description: p.Description,
		Starts: stamp(p.Starts), Published: stamp(p.Published), Refreshed: stamp(p.Refreshed),
		ValidThrough: stamp(p.ValidThrough),
	}
	if p.Location.Known() {
		l.Location = new(location)
		*l.Location = location(p.Location)
	}
	if p.Contact != (kiosk.Contact{}) {
		l.Contact = new(contact)
		*l.Contact = contact(p.Contact)
	}
	if p.Source != (kiosk.Source{}) {
		l.Source = new(source)
		*l.Source = source(p.Source)
	}
	for _, s := range p.Shifts.Each() {
		l.Shifts = append(l.Shifts, s.Name())
	}
	for _, b := range p.Benefits.Each() {
		l.Benefits = append(l.Benefits, b.Name())
	}
	for _, cert := range p.Certificates.Each() {
		l.Certificates = append(l.Certificates, cert.Name())
	}
	return l
}

func number(f kiosk.Fen) json.Number {
	if f == 0 {
		return ""
	}
	return json.Number(f.String())
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}
