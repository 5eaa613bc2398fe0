package kiosk

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Channel is the kind of offer, which decides the rules that it is under.
type Channel string

// The channels.
const (
	Market     Channel = "market"         // 市场性岗位
	Gig        Channel = "gig"            // 零工
	Policy     Channel = "policy"         // 政策性岗位
	Welfare    Channel = "public-welfare" // 公益性岗位
	Internship Channel = "internship"     // 见习实习
)

// Channels lists all channels in the order people look for them.
func Channels() []Channel { return []Channel{Market, Gig, Policy, Welfare, Internship} }

// Valid reports whether c is one of the channels.
func (c Channel) Valid() bool {
	for _, k := range Channels() {
		if c == k {
			return true
		}
	}
	return false
}

// MaxPostingID is the greatest length of a posting's id in bytes, so that the
// address in a slip's QR code stays within 62 bytes (version 4, level M).
const MaxPostingID = 20

// Posting is one advertised position.
type Posting struct {
	ID           string // 1 to MaxPostingID of [0-9A-Za-z_-], unique on a board
	Title        string
	Employer     Employer
	Occupation   Occupation
	Channel      Channel
	Headcount    int // people wanted; 0 when not said (若干)
	Area         Area
	Address      string // the place of work in words
	Location     Point
	Pay          Pay
	Education    Education // the least asked for
	Experience   int       // months asked for; 0 none
	Shifts       Shifts
	Hours        string // the hours in words, e.g. "早8–晚6，单休"
	Benefits     Benefits
	Certificates Certificates // that must be there before the work begins
	Requirements string       // what is asked beside schooling, in words
	Description  string
	Contact      Contact
	Starts       time.Time // the first day of work of a gig; zero when not said
	Published    time.Time
	Refreshed    time.Time // the last time the source said it still holds
	ValidThrough time.Time // shown until this moment, never after
	Source       Source
}

// HeadWords is a title without what follows in brackets or after a dash: the
// kind of work without its "熟手" or "日结".
func HeadWords(title string) string {
	if i := strings.IndexAny(title, "（(【[—/"); i > 0 {
		title = title[:i]
	}
	return strings.TrimSpace(title)
}

// Employer is who hires.
type Employer struct {
	Name       string
	CreditCode string // unified social credit code, GB 32100; empty for a household or person
}

// Contact is whom to ask, and how and when they want to be asked.
type Contact struct {
	Person string
	Phone  string
	Rule   string // e.g. "下午2–5点打电话，或带身份证直接去"
}

// Source is where a posting comes from, which must be shown when it was taken
// over from elsewhere.
type Source struct{ Name, Ref string }

// Open reports whether the posting may be shown at the time now.
func (p *Posting) Open(now time.Time) bool { return !now.After(p.ValidThrough) }

// Check returns everything that is wrong with the posting, joined, or nil.
// Each line names its field.
func (p *Posting) Check() error {
	var errs []error
	bad := func(field string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", field, err))
		}
	}
	bad("id", CheckPostingID(p.ID))
	bad("title", checkWords(p.Title, 60, true))
	bad("employer.name", checkWords(p.Employer.Name, 60, true))
	if p.Employer.CreditCode != "" {
		bad("employer.credit_code", CheckCreditCode(p.Employer.CreditCode))
	}
	bad("occupation", p.Occupation.Check())
	if !p.Channel.Valid() {
		bad("channel", fmt.Errorf("%q is none of market, gig, policy, public-welfare, internship", p.Channel))
	}
	if p.Headcount < 0 || p.Headcount > 100000 {
		bad("headcount", fmt.Errorf("%d is not between 0 and 100000", p.Headcount))
	}
	bad("area", p.Area.Check())
	bad("address", checkWords(p.Address, 120, false))
	bad("location", p.Location.Check())
	bad("pay", p.Pay.Check())
	bad("pay.original", checkWords(p.Pay.Original, 120, false))
	if !p.Education.Valid() {
		bad("education", fmt.Errorf("%d is no level of GB/T 4658", p.Education))
	}
	if p.Experience < 0 || p.Experience > 600 {
		bad("experience", fmt.Errorf("%d months is not between 0 and 600", p.Experience))
	}
	if p.Shifts&^AllShifts != 0 || p.Benefits&^AllBenefits != 0 || p.Certificates&^AllCertificates != 0 {
		bad("shifts, benefits or certificates", errors.New("has a bit that names nothing"))
	}
	bad("hours", checkWords(p.Hours, 60, false))
	bad("requirements", checkWords(p.Requirements, 300, false))
	bad("description", checkWords(p.Description, 5000, false))
	bad("contact.person", checkWords(p.Contact.Person, 30, false))
	bad("contact.phone", checkWords(p.Contact.Phone, 30, false))
	bad("contact.rule", checkWords(p.Contact.Rule, 100, false))
	bad("dates", p.checkDates())
	return errors.Join(errs...)
}

func (p *Posting) checkDates() error {
	switch {
	case p.Published.IsZero():
		return errors.New("published is missing")
	case p.ValidThrough.IsZero():
		return errors.New("valid_through is missing; a posting must carry its validity")
	case p.ValidThrough.Before(p.Published):
		return errors.New("valid_through is before published")
	case !p.Refreshed.IsZero() && p.Refreshed.Before(p.Published):
		return errors.New("refreshed is before published")
	}
	return nil
}

// CheckPostingID checks the form of an id: 1 to MaxPostingID of [0-9A-Za-z_-].
func CheckPostingID(id string) error {
	if id == "" || len(id) > MaxPostingID {
		return fmt.Errorf("%q has %d characters, not 1 to %d", id, len(id), MaxPostingID)
	}
	for _, c := range id {
		ok := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '_'
		if !ok {
			return fmt.Errorf("%q has a character that is not a letter, digit, - or _", id)
		}
	}
	return nil
}

func checkWords(s string, limit int, must bool) error {
	switch {
	case must && strings.TrimSpace(s) == "":
		return errors.New("is empty")
	case !utf8.ValidString(s):
		return errors.New("is not valid UTF-8")
	case utf8.RuneCountInString(s) > limit:
		return fmt.Errorf("has %d characters, more than %d", utf8.RuneCountInString(s), limit)
	}
	return nil
}

// CheckCreditCode checks a unified social credit code against GB 32100-2015:
// 18 characters of 0-9A-Z without I, O, S, V, Z, the last one a check
// character of weights 3^i mod 31.
func CheckCreditCode(code string) error {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	if len(code) != 18 {
		return fmt.Errorf("credit code has %d characters, not 18", len(code))
	}
	sum, weight := 0, 1
	for i := 0; i < 17; i++ {
		v := strings.IndexByte(alphabet, code[i])
		if v < 0 {
			return fmt.Errorf("credit code has %q at place %d, which GB 32100 does not use", code[i], i+1)
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	if want := alphabet[(31-sum%31)%31]; code[17] != want {
		return fmt.Errorf("credit code ends in %q but its check character is %q", code[17], want)
	}
	return nil
}
