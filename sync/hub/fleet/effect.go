package fleet

import (
	"context"
	"slices"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
)

// referral is all that a batch says about one referral.
type referral struct {
	posting                     string
	issued                      int64
	state                       kiosk.ReferralState
	stateAt, stateSeq, attempts int64
	rating                      kiosk.Rating
	rated, ratingSeq            int64
}

var putReferrals = newBulk(`INSERT INTO fleet_referral (incarnation, site, code, posting, issued, state, state_at, state_seq,
		attempts, rating, rated, rating_seq)
	SELECT CAST(? AS BIGINT), CAST(? AS TEXT), r.code, r.posting, r.issued, r.state, r.state_at, r.state_seq,
		r.attempts, r.rating, r.rated, r.rating_seq FROM {rows} WHERE true
	ON CONFLICT (incarnation, code) DO UPDATE SET
		posting    = CASE WHEN fleet_referral.issued = 0 AND excluded.posting <> '' THEN excluded.posting ELSE fleet_referral.posting END,
		issued     = CASE WHEN fleet_referral.issued = 0 THEN excluded.issued ELSE fleet_referral.issued END,
		state      = CASE WHEN excluded.state_seq > fleet_referral.state_seq THEN excluded.state ELSE fleet_referral.state END,
		state_at   = CASE WHEN excluded.state_seq > fleet_referral.state_seq THEN excluded.state_at ELSE fleet_referral.state_at END,
		attempts   = CASE WHEN excluded.state_seq > fleet_referral.state_seq THEN excluded.attempts ELSE fleet_referral.attempts END,
		state_seq  = CASE WHEN excluded.state_seq > fleet_referral.state_seq THEN excluded.state_seq ELSE fleet_referral.state_seq END,
		rating     = CASE WHEN excluded.rating_seq > fleet_referral.rating_seq THEN excluded.rating ELSE fleet_referral.rating END,
		rated      = CASE WHEN excluded.rating_seq > fleet_referral.rating_seq THEN excluded.rated ELSE fleet_referral.rated END,
		rating_seq = CASE WHEN excluded.rating_seq > fleet_referral.rating_seq THEN excluded.rating_seq ELSE fleet_referral.rating_seq END`,
	"code TEXT", "posting TEXT", "issued BIGINT", "state TEXT", "state_at BIGINT", "state_seq BIGINT",
	"attempts BIGINT", "rating TEXT", "rated BIGINT", "rating_seq BIGINT")

// effects carries out what the new records say. Records of one referral are put
// together first: they may come in any order, within a batch and between batches,
// and the later record counts.
func (in *intake) effects(ctx context.Context, tx *hubdb.Tx, fresh []item) error {
	about := map[kiosk.Code]*referral{}
	var order []kiosk.Code
	for i := range fresh {
		it := &fresh[i]
		if it.why != "" {
			continue
		}
		switch it.kind {
		case record.Referral, record.State, record.Rating:
			r := about[it.payload.Code]
			if r == nil {
				r = &referral{}
				about[it.payload.Code] = r
				order = append(order, it.payload.Code)
			}
			r.add(it)
		default:
			if err := in.single(ctx, tx, it); err != nil {
				return err
			}
		}
	}
	if len(order) == 0 {
		return nil
	}
	// The same order for everybody: who locks rows in turns does not wait for
	// somebody who waits for him.
	slices.Sort(order)
	n := len(order)
	codes, postings, states, ratings := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	numbers := [6][]int64{}
	for i, code := range order {
		r := about[code]
		codes[i], postings[i], states[i], ratings[i] = string(code), r.posting, string(r.state), string(r.rating)
		for j, v := range [6]int64{r.issued, r.stateAt, r.stateSeq, r.attempts, r.rated, r.ratingSeq} {
			numbers[j] = append(numbers[j], v)
		}
	}
	return putReferrals.exec(ctx, tx, []any{in.incarnation, in.site}, codes, postings, numbers[0], states,
		numbers[1], numbers[2], numbers[3], ratings, numbers[4], numbers[5])
}

// add puts a later record to what is known of its referral.
func (r *referral) add(it *item) {
	p := &it.payload
	if p.Posting != "" && r.posting == "" {
		r.posting = p.Posting
	}
	switch it.kind {
	case record.Referral:
		if r.issued == 0 {
			r.issued, r.posting = it.at, p.Posting
		}
		if r.stateSeq < it.seq {
			r.state, r.stateAt, r.stateSeq = kiosk.Issued, it.at, it.seq
		}
	case record.State:
		r.state, r.stateAt, r.stateSeq, r.attempts = p.State, it.at, it.seq, int64(p.Attempts)
	case record.Rating:
		r.rating, r.rated, r.ratingSeq = p.Rating, it.at, it.seq
	}
}

// single carries out the rarer kinds.
func (in *intake) single(ctx context.Context, tx *hubdb.Tx, it *item) error {
	var err error
	p := &it.payload
	switch it.kind {
	case record.CallBack:
		_, err = tx.Exec(ctx, insertCall, in.id, in.Incarnation, it.seq, it.key, it.sealed, p.Posting, in.site, p.Consent, it.at)
	case record.Bad:
		_, err = tx.Exec(ctx, `INSERT INTO fleet_complaint (incarnation, seq, posting, site, why, at) VALUES (?,?,?,?,?,?)`,
			in.incarnation, it.seq, p.Posting, in.site, p.Why, it.at)
	case record.Survey:
		_, err = tx.Exec(ctx, `INSERT INTO fleet_survey (incarnation, seq, site, at, answers) VALUES (?,?,?,?,?)`,
			in.incarnation, it.seq, in.site, it.at, it.answers)
	}
	return err
}
