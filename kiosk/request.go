package kiosk

import (
	"errors"
	"fmt"
	"time"
)

// Request is what a resident asks an office to do about a posting: to be called
// back. It holds a phone number, which the resident typed after reading what is
// done with it, and so it is only ever written sealed to the hub's key.
type Request struct {
	Posting string
	Site    string
	Phone   string // digits only, see CheckPhone
	Consent string // the catalogue's name of the words that were agreed to
	At      time.Time
}

// Check returns what is wrong with the request, or nil.
func (r *Request) Check() error {
	switch {
	case r.Posting == "" || r.Site == "":
		return errors.New("the request names no posting or no site")
	case r.Consent == "":
		return errors.New("nobody agreed to anything")
	case r.At.IsZero():
		return errors.New("the request has no time")
	}
	return CheckPhone(r.Phone)
}

// CheckPhone checks a number that can be called from China: a mobile number of
// eleven digits that begins with 1 and 3 to 9, or a landline with its area code,
// ten to twelve digits that begin with 0 (《电信网编号计划》, 2017).
func CheckPhone(s string) error {
	for _, c := range s {
		if c < '0' || c > '9' {
			return errors.New("a phone number has digits only")
		}
	}
	mobile := len(s) == 11 && s[0] == '1' && s[1] >= '3'
	landline := len(s) >= 10 && len(s) <= 12 && s[0] == '0' && s[1] != '0'
	if !mobile && !landline {
		return fmt.Errorf("%d digits are no mobile number and no landline with its area code", len(s))
	}
	return nil
}

// Complaint is why somebody says that a posting is bad.
type Complaint string

// The complaints.
const (
	FakePosting   Complaint = "fake"   // 虚假信息
	FilledPosting Complaint = "filled" // 已招满
	FeePosting    Complaint = "fee"    // 收取费用、押金或证件
	WrongPosting  Complaint = "wrong"  // 与实际不符
	UnfairPosting Complaint = "unfair" // 有歧视
)

// Complaints lists all complaints in the order in which they are offered.
func Complaints() []Complaint {
	return []Complaint{FilledPosting, WrongPosting, FeePosting, FakePosting, UnfairPosting}
}

// BadPosting is a resident's word that a posting is bad. It names nobody.
type BadPosting struct {
	Posting string
	Site    string
	Why     Complaint
	At      time.Time
}

// Outcome is what the office says has become of a referral.
type Outcome string

// The outcomes.
const (
	NoOutcome   Outcome = ""          // nothing is known yet
	Contacted   Outcome = "contacted" // 已联系
	Interviewed Outcome = "interview" // 面试
	Hired       Outcome = "hired"     // 已录用
	Filled      Outcome = "filled"    // 已招满
	Declined    Outcome = "declined"  // 未录用
)

// Valid reports whether o is one of the outcomes above.
func (o Outcome) Valid() bool {
	switch o {
	case NoOutcome, Contacted, Interviewed, Hired, Filled, Declined:
		return true
	}
	return false
}
