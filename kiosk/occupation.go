package kiosk

import (
	"fmt"
	"strings"
)

// Occupation is an entry of 中华人民共和国职业分类大典 (2022): a code of the form
// a-bb-cc-dd (大类-中类-小类-职业) and its name. A posting may give a coarser
// code (a-bb or a-bb-cc) when it does not say more.
type Occupation struct{ Code, Name string }

// Check returns what is wrong with the code, or nil.
func (o Occupation) Check() error {
	parts := strings.Split(o.Code, "-")
	if len(parts) > 4 || len(parts[0]) != 1 {
		return fmt.Errorf("occupation code %q is not of the form a-bb-cc-dd", o.Code)
	}
	for i, p := range parts {
		if i > 0 && len(p) != 2 {
			return fmt.Errorf("occupation code %q is not of the form a-bb-cc-dd", o.Code)
		}
		for _, c := range p {
			if c < '0' || c > '9' {
				return fmt.Errorf("occupation code %q is not of the form a-bb-cc-dd", o.Code)
			}
		}
	}
	return nil
}

// Trade is a group of occupations that fits one picture tile and one everyday
// word. It is our own grouping over the classification's codes.
type Trade string

// TradeOther is the trade of an occupation that no other trade names.
const TradeOther Trade = "other"

// tradeCodes maps classification prefixes to trades; the longest prefix wins.
var tradeCodes = []struct {
	prefix string
	trade  Trade
}{
	{"2-02-10", "it"},
	{"2-02-38", "it"},
	{"2-02", "machinery"},
	{"2-02-18", "construction"},
	{"2-02-23", "garment"},
	{"2-05", "medical"},
	{"2-06", "finance"},
	{"2-08", "teacher"},
	{"2-09", "office"},
	{"3-01", "office"},
	{"3-02", "security"},
	{"4-01", "shop"},
	{"4-01-02-01", "sales"},
	{"4-01-06", "sales"},
	{"4-02", "driver"},
	{"4-02-05", "warehouse"},
	{"4-02-06", "warehouse"},
	{"4-02-07", "courier"},
	{"4-03-01", "restaurant"},
	{"4-03-02", "restaurant"},
	{"4-03-02-01", "cook"},
	{"4-03-02-02", "cook"},
	{"4-03-02-03", "cook"},
	{"4-03-02-04", "cook"},
	{"4-04", "it"},
	{"4-04-05-03", "office"},
	{"4-05", "finance"},
	{"4-06", "property"},
	{"4-07", "office"},
	{"4-07-05", "security"},
	{"4-08", "office"},
	{"4-09", "cleaning"},
	{"4-10", "care"},
	{"4-10-01-01", "childcare"},
	{"4-10-01-03", "childcare"},
	{"4-10-02-01", "garment"},
	{"4-10-03", "beauty"},
	{"4-10-04", "beauty"},
	{"4-10-08-01", "courier"},
	{"4-10-08-02", "driver"},
	{"4-11", "electrician"},
	{"4-12", "repair"},
	{"4-13", "teacher"},
	{"4-14", "medical"},
	{"4-14-01-02", "care"},
	{"5", "farming"},
	{"6-01", "food"},
	{"6-02", "food"},
	{"6-04", "textile"},
	{"6-05", "garment"},
	{"6-06", "woodwork"},
	{"6-07", "machinery"},
	{"6-08", "machinery"},
	{"6-09", "garment"},
	{"6-10", "chemical"},
	{"6-11", "chemical"},
	{"6-12", "chemical"},
	{"6-13", "textile"},
	{"6-14", "chemical"},
	{"6-14-02", "machinery"},
	{"6-15", "construction"},
	{"6-17", "machinery"},
	{"6-18", "machinery"},
	{"6-18-02-04", "welding"},
	{"6-19", "machinery"},
	{"6-20", "machinery"},
	{"6-21", "machinery"},
	{"6-22", "machinery"},
	{"6-24", "electronics"},
	{"6-25", "electronics"},
	{"6-26", "electronics"},
	{"6-28", "electrician"},
	{"6-29", "construction"},
	{"6-29-03-02", "electrician"},
	{"6-30", "driver"},
	{"6-31", "machinery"},
	{"6-31-01", "repair"},
	{"6-31-01-03", "electrician"},
}

// Trade returns the trade that the occupation belongs to.
func (o Occupation) Trade() Trade {
	best, trade := -1, TradeOther
	for _, t := range tradeCodes {
		if len(t.prefix) > best && codeWithin(o.Code, t.prefix) {
			best, trade = len(t.prefix), t.trade
		}
	}
	return trade
}

func codeWithin(code, prefix string) bool {
	return strings.HasPrefix(code, prefix) && (len(code) == len(prefix) || code[len(prefix)] == '-')
}

// Near is how two occupations are related in the classification.
type Near int

// The relations, from none to the same occupation.
const (
	Unrelated Near = iota
	SameTrade      // the same picture tile
	SameGroup      // the same 小类
	SameOccupation
)

// Near returns how o and q are related.
func (o Occupation) Near(q Occupation) Near {
	switch {
	case o.Code == q.Code && o.Code != "":
		return SameOccupation
	case len(o.Code) >= 7 && len(q.Code) >= 7 && o.Code[:7] == q.Code[:7]:
		return SameGroup
	case o.Trade() == q.Trade() && o.Trade() != TradeOther:
		return SameTrade
	}
	return Unrelated
}
