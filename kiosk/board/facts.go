package board

import (
	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// facts is a posting without its description, packed: its words by their
// numbers among all words of the board, its figures as they are.
type facts struct {
	digest                                   int64 // of everything
	arrived                                  int64 // Unix seconds; when the id came to this board
	lat, lon                                 float64
	starts, published, refreshed, valid      int64 // Unix seconds; 0 not said
	payMin, payMax, payMonthMin, payMonthMax int64
	words                                    [wordCount]uint32
	headcount                                int32
	experience                               int32
	education                                int32
	benefits                                 kiosk.Benefits
	certificates                             kiosk.Certificates
	shifts                                   kiosk.Shifts
}

// The words of a posting, in the order of facts.words.
const (
	wordID = iota
	wordTitle
	wordEmployer
	wordCreditCode
	wordOccupation
	wordOccupationName
	wordChannel
	wordArea
	wordAddress
	wordPayUnit
	wordPayOriginal
	wordHours
	wordRequirements
	wordContactPerson
	wordContactPhone
	wordContactRule
	wordSourceName
	wordSourceRef
	wordCount
)

// pack packs a posting and puts its words among the others.
func pack(p *kiosk.Posting, words *index.StringsMaker) facts {
	f := facts{
		lat: p.Location.Lat, lon: p.Location.Lon,
		starts: seconds(p.Starts), published: seconds(p.Published),
		refreshed: seconds(p.Refreshed), valid: seconds(p.ValidThrough),
		payMin: int64(p.Pay.Min), payMax: int64(p.Pay.Max),
		payMonthMin: int64(p.Pay.EstMin), payMonthMax: int64(p.Pay.EstMax),
		headcount: int32(p.Headcount), experience: int32(p.Experience), education: int32(p.Education),
		benefits: p.Benefits, certificates: p.Certificates, shifts: p.Shifts,
	}
	for i, w := range [wordCount]string{
		p.ID, p.Title, p.Employer.Name, p.Employer.CreditCode, p.Occupation.Code, p.Occupation.Name,
		string(p.Channel), string(p.Area), p.Address, string(p.Pay.Unit), p.Pay.Original, p.Hours, p.Requirements,
		p.Contact.Person, p.Contact.Phone, p.Contact.Rule, p.Source.Name, p.Source.Ref,
	} {
		f.words[i] = words.Add(w)
	}
	return f
}

// pay is the part of a posting that its monthly figures come from.
func (s *snapshot) pay(f *facts) kiosk.Pay {
	return kiosk.Pay{
		Min: kiosk.Fen(f.payMin), Max: kiosk.Fen(f.payMax), Unit: kiosk.PayUnit(s.word(f, wordPayUnit)),
		EstMin: kiosk.Fen(f.payMonthMin), EstMax: kiosk.Fen(f.payMonthMax),
	}
}

func (s *snapshot) word(f *facts, which int) string { return s.strings.At(f.words[which]) }

// posting is the posting of a row, without its description. Its words are not
// copied.
func (s *snapshot) posting(row int32) kiosk.Posting {
	f := &s.facts[row]
	w := func(which int) string { return s.strings.At(f.words[which]) }
	p := kiosk.Posting{
		ID: w(wordID), Title: w(wordTitle),
		Employer:   kiosk.Employer{Name: w(wordEmployer), CreditCode: w(wordCreditCode)},
		Occupation: kiosk.Occupation{Code: w(wordOccupation), Name: w(wordOccupationName)},
		Channel:    kiosk.Channel(w(wordChannel)), Headcount: int(f.headcount),
		Area: kiosk.Area(w(wordArea)), Address: w(wordAddress), Location: kiosk.Point{Lat: f.lat, Lon: f.lon},
		Pay: s.pay(f), Education: kiosk.Education(f.education), Experience: int(f.experience),
		Shifts: f.shifts, Hours: w(wordHours), Benefits: f.benefits, Certificates: f.certificates, Requirements: w(wordRequirements),
		Contact: kiosk.Contact{Person: w(wordContactPerson), Phone: w(wordContactPhone), Rule: w(wordContactRule)},
		Starts:  moment(f.starts), Published: moment(f.published),
		Refreshed: moment(f.refreshed), ValidThrough: moment(f.valid),
		Source: kiosk.Source{Name: w(wordSourceName), Ref: w(wordSourceRef)},
	}
	p.Pay.Original = w(wordPayOriginal)
	return p
}
