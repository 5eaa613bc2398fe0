package idcard

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// CardType is the layout letter of a card's text record (GA/T 490).
type CardType byte

const (
	Resident      CardType = ' ' // 居民身份证
	Permit        CardType = 'J' // 港澳台居民居住证
	Foreigner2017 CardType = 'I' // 外国人永久居留身份证, before December 2023
	Foreigner2023 CardType = 'Y' // 外国人永久居留身份证, since December 2023
)

// String names the type in English, for logs and JSON.
func (t CardType) String() string {
	switch t {
	case Resident:
		return "resident"
	case Permit:
		return "hk-macao-taiwan-permit"
	case Foreigner2017:
		return "foreign-resident-2017"
	case Foreigner2023:
		return "foreign-resident-2023"
	}
	return "unknown"
}

// Sex is the code of GB/T 2261.1.
type Sex byte

const (
	SexUnknown  Sex = 0
	Male        Sex = 1
	Female      Sex = 2
	SexUnstated Sex = 9
)

// String is the word on the card; 未知 for anything but 男 and 女.
func (s Sex) String() string {
	switch s {
	case Male:
		return "男"
	case Female:
		return "女"
	case SexUnstated:
		return "未说明"
	}
	return "未知"
}

// Date is a calendar day without a clock; the zero Date means none.
type Date struct{ Year, Month, Day int }

// String writes 1990-01-31, or "" for no date.
func (d Date) String() string {
	if d == (Date{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// before reports whether d is an earlier day than e.
func (d Date) before(e Date) bool {
	return d.Year*10000+d.Month*100+d.Day < e.Year*10000+e.Month*100+e.Day
}

// valid reports whether the day exists, in the centuries a card can be from.
func (d Date) valid() bool {
	if d.Year < 1800 || d.Year > 2299 {
		return false
	}
	t := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
	return t.Year() == d.Year && int(t.Month()) == d.Month && t.Day() == d.Day
}

// Card is what one card says. The text is UTF-8 without padding, in byte slices
// so that Wipe can overwrite it; a string made from one cannot be wiped.
//
// However a Card is printed, by any fmt verb, log/slog or encoding/json, only
// the type, the masked name and the masked number come out.
type Card struct {
	Type        CardType
	Name        []byte // Chinese name as on the chip; may be empty on foreigners' cards
	ForeignName []byte // foreigners' cards only
	Sex         Sex
	Ethnic      int // GB/T 3304 code, 0 if none; see EthnicName
	Birth       Date
	Number      []byte // 18 characters with X upper-case; 15 on Foreigner2017
	Address     []byte // not on foreigners' cards
	NewAddress  []byte // added to the chip after a move; nil if none or not asked for
	Authority   []byte // issuing authority; its code on Foreigner2017
	ValidFrom   Date
	ValidTo     Date   // zero if LongTerm
	LongTerm    bool   // 长期
	Nationality []byte // GB/T 2659 letters, foreigners' cards only
	Pass        []byte // number of the travel permit, Permit only
	Issue       int    // issue or renewal count, Permit and Foreigner2023
	Earlier     []byte // link to the earlier card, Foreigner2023 only
}

// Wipe overwrites everything the Card holds. Call it as soon as the Card has
// been used.
func (c *Card) Wipe() {
	for _, b := range [][]byte{
		c.Name, c.ForeignName, c.Number, c.Address, c.NewAddress,
		c.Authority, c.Nationality, c.Pass, c.Earlier,
	} {
		clear(b[:cap(b)])
	}
	*c = Card{}
}

// ShownName is the Chinese name, or the foreign one of a card without. It
// shares memory with the Card.
func (c *Card) ShownName() []byte {
	if len(c.Name) > 0 {
		return c.Name
	}
	return c.ForeignName
}

// Age is the age in whole years (周岁) on the day of at, in at's time zone.
func (c *Card) Age(at time.Time) int {
	age := at.Year() - c.Birth.Year
	if b := c.Birth; int(at.Month()) < b.Month || int(at.Month()) == b.Month && at.Day() < b.Day {
		age--
	}
	return age
}

// Expired reports whether the card is past its last day on the day of at.
func (c *Card) Expired(at time.Time) bool {
	today := Date{at.Year(), int(at.Month()), at.Day()}
	return !c.LongTerm && c.ValidTo.before(today)
}

// masked is all that ever leaves a Card through printing.
type masked struct {
	Type   string `json:"type"`
	Name   string `json:"name"`
	Number string `json:"number"`
}

func (c Card) masked() masked {
	return masked{c.Type.String(), MaskName(c.ShownName()), MaskNumber(c.Number)}
}

// String returns the masked card.
func (c Card) String() string {
	m := c.masked()
	return fmt.Sprintf("card(%s %s %s)", m.Type, m.Name, m.Number)
}

// Format implements fmt.Formatter: every verb, %#v and %x too, prints String.
func (c Card) Format(f fmt.State, _ rune) { fmt.Fprint(f, c.String()) }

// MarshalJSON writes type, masked name and masked number.
func (c Card) MarshalJSON() ([]byte, error) { return json.Marshal(c.masked()) }

// LogValue implements slog.LogValuer with the masked card.
func (c Card) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MaskName hides a name as slips and screens in China do: 张*, 张*三, 欧***,
// 阿**·***. The first character stays; of a name with parts only the first part
// keeps it, and the length of a part is not given away. All dots that stand for
// the one between the parts count (see MatchName).
func MaskName(name []byte) string {
	norm := MatchName(name)
	for _, sep := range []string{"·", " "} {
		parts := strings.Split(norm, sep)
		if len(parts) > 1 {
			return firstRune(parts[0]) + "**" + strings.Repeat(sep+"***", len(parts)-1)
		}
	}
	r := []rune(norm)
	switch len(r) {
	case 0:
		return ""
	case 1:
		return "*"
	case 3:
		return string(r[0]) + "*" + string(r[2])
	}
	return string(r[0]) + strings.Repeat("*", len(r)-1)
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// MaskNumber hides the birth date of a number: six characters, stars, four
// characters (110105********002X). Anything shorter than 15 is all stars.
func MaskNumber(n []byte) string {
	if len(n) < 15 {
		return strings.Repeat("*", len(n))
	}
	return string(n[:6]) + strings.Repeat("*", len(n)-10) + string(n[len(n)-4:])
}

// MatchName prepares a name for comparing, never for showing: the dots that
// cards and keyboards use between the parts of a name (U+2022, U+2027, U+FF0E,
// U+30FB, U+0387) become U+00B7, the one the ministries settled on in 民委发
// 〔2016〕33号, and spaces around the name go.
func MatchName(name []byte) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '•', '‧', '．', '・', '\u0387':
			return '·'
		}
		return r
	}, strings.TrimSpace(string(name)))
}
