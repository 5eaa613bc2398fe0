package fleet

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/record"
	"jobhome/sync/seal"
)

// The reasons for which a record is rejected, as they stand in verdicts. None of
// them can become good by waiting.
const (
	badRecord   = "bad-record"   // its fields are wrong
	unknownKind = "unknown-kind" // no kind that this hub knows
	unknownKey  = "unknown-key"  // sealed to a key that the hub has not
	notSealed   = "not-sealed"   // of a kind that may only come sealed
	cannotOpen  = "cannot-open"  // sealed about another record, or changed
	badPayload  = "bad-payload"  // opened, and not what it should be
)

// void takes the place of a record that the terminal put aside itself.
const void = "void"

// Bounds of one record.
const (
	mostSealed = 64 << 10 // bytes
	mostSeq    = 1 << 53  // JSON numbers are exact up to here
)

// payload is that of any kind; kiosk/ledger/DESIGN.md says which fields each has.
type payload struct {
	V        int                 `json:"v"`
	Code     kiosk.Code          `json:"code"`
	Posting  string              `json:"posting"`
	Site     string              `json:"site"`
	State    kiosk.ReferralState `json:"state"`
	Attempts int                 `json:"attempts"`
	Rating   kiosk.Rating        `json:"rating"`
	Why      string              `json:"why"`
	Phone    string              `json:"phone"`
	Consent  string              `json:"consent"`
	At       time.Time           `json:"at"`
}

// item is a record that was opened and read.
type item struct {
	seq     int64
	kind    string
	key     string
	sealed  []byte
	at      int64
	why     string // it is rejected: one of the reasons above
	payload payload
	answers string // of a survey
}

// read opens a record and reads what it says. It never fails: what is wrong with
// the record stands in the item.
func (f *Fleet) read(text json.RawMessage, about seal.About, now time.Time) item {
	var r record.Record
	if err := json.Unmarshal(text, &r); err != nil || r.Seq != about.Seq {
		return item{seq: int64(about.Seq), at: ms(now), why: badRecord}
	}
	it := item{seq: int64(about.Seq), kind: r.Kind, key: r.Key, sealed: r.Sealed, at: likely(r.At, now)}
	if !slices.Contains([]string{record.Referral, record.State, record.Rating, record.CallBack, record.Bad, record.Survey, void}, r.Kind) {
		it.kind, it.why = "", unknownKind
		return it
	}
	about.Kind = r.Kind
	plain, why := f.open(r, about)
	if why == "" {
		why = it.take(plain, now)
	}
	it.why = why
	return it
}

// likely is a time that a terminal told, or now where that cannot be: its clock
// may be wrong by years.
func likely(t, now time.Time) int64 {
	if t.After(now) || t.Before(firstYear) {
		return ms(now)
	}
	return ms(t)
}

var firstYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// open gives the payload, or why there is none.
func (f *Fleet) open(r record.Record, about seal.About) (plain []byte, why string) {
	switch {
	case len(r.Sealed) > mostSealed:
		return nil, badRecord
	case r.Key == "" && r.Kind == record.CallBack:
		return nil, notSealed
	case r.Key == "":
		return r.Sealed, ""
	}
	plain, err := f.o.Ring.Open(r.Key, about, r.Sealed)
	switch {
	case errors.Is(err, seal.ErrUnknownKey):
		return nil, unknownKey
	case err != nil:
		return nil, cannotOpen
	}
	return plain, ""
}

// take reads the payload into the item, and says what is wrong with it.
func (it *item) take(text []byte, now time.Time) (why string) {
	p := &it.payload
	if it.kind == void {
		return ""
	}
	if err := json.Unmarshal(text, p); err != nil || p.V < 1 || !plain(string(text), mostSealed) || !plain(p.Posting, 128) {
		return badPayload
	}
	if err := it.check(text); err != nil {
		return badPayload
	}
	if !p.At.IsZero() {
		it.at = likely(p.At, now)
	}
	if it.kind == record.Survey {
		it.answers = string(text)
	}
	if it.kind != record.CallBack {
		it.sealed = nil
	}
	p.Phone = "" // it is read again, sealed, by whoever may
	return ""
}

func (it *item) check(text []byte) error {
	p := &it.payload
	switch it.kind {
	case record.Referral, record.State, record.Rating:
		if code, err := kiosk.ParseCode(string(p.Code)); err != nil || code != p.Code {
			return fmt.Errorf("code %.40q", p.Code)
		}
		states := []kiosk.ReferralState{kiosk.Issued, kiosk.Printed, kiosk.Unconfirmed, kiosk.Failed}
		ratings := []kiosk.Rating{kiosk.Good, kiosk.Fair, kiosk.Poor}
		switch {
		case it.kind == record.Rating && !slices.Contains(ratings, p.Rating),
			it.kind == record.State && (!slices.Contains(states, p.State) || p.Attempts < 0 || p.Attempts > 1e6),
			it.kind == record.Referral && p.Posting == "":
			return errors.New("state, rating, attempts or posting")
		}
	case record.CallBack:
		r := kiosk.Request{Posting: p.Posting, Site: p.Site, Phone: p.Phone, Consent: p.Consent, At: p.At}
		if !plain(p.Consent, 100) {
			return errors.New("consent")
		}
		return r.Check()
	case record.Bad:
		if p.Posting == "" || !slices.Contains(kiosk.Complaints(), kiosk.Complaint(p.Why)) {
			return fmt.Errorf("complaint %.40q", p.Why)
		}
	case record.Survey:
		if len(text) > 16<<10 {
			return errors.New("the survey is too long")
		}
	}
	return nil
}
