package csvfile

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// Write writes postings with Chinese headings and words, in UTF-8 with a byte
// order mark, by which Excel knows it. It reads back as the same postings,
// times to the second, texts without the blanks around them.
func Write(w io.Writer, postings []kiosk.Posting) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("csvfile: write: %w", err)
	}
	out := csv.NewWriter(w)
	row := make([]string, len(columns))
	for i := range columns {
		row[i] = columns[i].heading
	}
	if err := out.Write(row); err != nil {
		return fmt.Errorf("csvfile: write: %w", err)
	}
	for i := range postings {
		cells := cellsOf(&postings[i])
		for k := range columns {
			row[k] = cells[columns[k].field]
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("csvfile: write posting %s: %w", postings[i].ID, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("csvfile: write: %w", err)
	}
	return nil
}

// cellsOf is the posting in words, by field.
func cellsOf(p *kiosk.Posting) map[string]string {
	cells := map[string]string{
		"id": p.ID, "title": p.Title,
		"employer.name": p.Employer.Name, "employer.credit_code": p.Employer.CreditCode,
		"occupation.code": p.Occupation.Code, "occupation.name": p.Occupation.Name,
		"channel":   words.T(words.Zh, "channel."+string(p.Channel)),
		"headcount": count(p.Headcount),
		"area":      string(p.Area), "address": p.Address,
		"pay.min": yuan(p.Pay.Min), "pay.max": yuan(p.Pay.Max), "pay.unit": unit(p.Pay.Unit), "pay.original": p.Pay.Original,
		"pay.month_min": yuan(p.Pay.EstMin), "pay.month_max": yuan(p.Pay.EstMax),
		"education":         words.T(words.Zh, "edu."+strconv.Itoa(int(p.Education))),
		"experience_months": count(p.Experience),
		"shifts":            list(p.Shifts.Each(), "shift."),
		"benefits":          list(p.Benefits.Each(), "perk."),
		"certificates":      list(p.Certificates.Each(), "cert."),
		"hours":             p.Hours, "requirements": p.Requirements, "description": p.Description,
		"contact.person": p.Contact.Person, "contact.phone": p.Contact.Phone, "contact.rule": p.Contact.Rule,
		"starts": moment(p.Starts), "published": moment(p.Published), "refreshed": moment(p.Refreshed),
		"valid_through": lastMoment(p.ValidThrough),
		"source.name":   p.Source.Name, "source.ref": p.Source.Ref,
	}
	if p.Location.Known() {
		cells["location.lat"] = strconv.FormatFloat(p.Location.Lat, 'f', -1, 64)
		cells["location.lon"] = strconv.FormatFloat(p.Location.Lon, 'f', -1, 64)
	}
	return cells
}

// list is the members of a set in words; key begins the catalogue's keys of it.
func list[M member](all []M, key string) string {
	var said []string
	for _, m := range all {
		said = append(said, words.T(words.Zh, key+m.Name()))
	}
	return strings.Join(said, "、")
}

func unit(u kiosk.PayUnit) string {
	if u == kiosk.Negotiable {
		return words.T(words.Zh, "pay.talk")
	}
	return words.T(words.Zh, "unit."+string(u))
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func yuan(f kiosk.Fen) string {
	if f == 0 {
		return ""
	}
	return f.String()
}

// moment is a day where it is the day's first second, which is what a day
// alone is read as.
func moment(t time.Time) string {
	t = t.In(zone).Truncate(time.Second)
	switch {
	case t.IsZero():
		return ""
	case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0:
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

// lastMoment is a day where it is the day's last second, which is what a day
// alone is read as, where something lasts through it.
func lastMoment(t time.Time) string {
	t = t.In(zone).Truncate(time.Second)
	switch {
	case t.IsZero():
		return ""
	case t.Hour() == 23 && t.Minute() == 59 && t.Second() == 59:
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}
