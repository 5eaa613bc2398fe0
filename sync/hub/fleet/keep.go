package fleet

import (
	"context"
	"time"

	"jobhome/sync/hub/hubdb"
)

// Keep is how long things are kept; what is 0 has the value that stands beside it.
type Keep struct {
	Calls     time.Duration // a number, after its request was closed: 30 days
	OpenCalls time.Duration // a number, when nobody closes its request: 180 days
	Records   time.Duration // rows of records below the watermark: 90 days
	Referrals time.Duration // with complaints and surveys: 3 years
	Counts    time.Duration // of days: 3 years
	Empty     time.Duration // searches without a result: 90 days
}

func (k Keep) orDefault() Keep {
	const days = 24 * time.Hour
	for _, d := range []struct {
		of *time.Duration
		or time.Duration
	}{
		{&k.Calls, 30 * days},
		{&k.OpenCalls, 180 * days},
		{&k.Records, 90 * days},
		{&k.Referrals, 3 * 365 * days},
		{&k.Counts, 3 * 365 * days},
		{&k.Empty, 90 * days},
	} {
		if *d.of <= 0 {
			*d.of = d.or
		}
	}
	return k
}

// Sweep deletes what is older than it may be. It is to be called once a day.
//
// Of records only those at or below their watermark go: every number up to there
// counts as taken, so that a record is unique for ever. Rejected ones stay, so
// that their verdict is the same whenever it is asked for.
func (f *Fleet) Sweep(ctx context.Context) error {
	now := f.o.Now()
	before := func(d time.Duration) int64 { return ms(now.Add(-d)) }
	k := f.o.Keep
	steps := []struct {
		query string
		args  []any
	}{
		{
			`UPDATE fleet_callback SET sealed = NULL WHERE sealed IS NOT NULL AND (closed > 0 AND closed < ? OR asked < ?)`,
			[]any{before(k.Calls), before(k.OpenCalls)},
		},
		{`DELETE FROM fleet_callback WHERE sealed IS NULL AND asked < ?`, []any{before(k.Referrals)}},
		{`DELETE FROM fleet_record WHERE received < ? AND code = '' AND seq <= (SELECT watermark FROM fleet_incarnation i
			WHERE i.id = fleet_record.incarnation)`, []any{before(k.Records)}},
		{
			`DELETE FROM fleet_referral WHERE CASE WHEN issued > 0 THEN issued WHEN state_at > 0 THEN state_at ELSE rated END < ?`,
			[]any{before(k.Referrals)},
		},
		{`DELETE FROM fleet_complaint WHERE at < ?`, []any{before(k.Referrals)}},
		{`DELETE FROM fleet_said WHERE at < ?`, []any{before(k.Referrals)}},
		{`DELETE FROM fleet_survey WHERE at < ?`, []any{before(k.Referrals)}},
		{`DELETE FROM fleet_count WHERE day < ?`, []any{day(now.Add(-k.Counts))}},
		{`DELETE FROM fleet_empty WHERE day < ?`, []any{day(now.Add(-k.Empty))}},
		{`DELETE FROM fleet_code WHERE expires < ?`, []any{before(30 * 24 * time.Hour)}},
	}
	for _, s := range steps {
		err := f.update(ctx, "sweep", func(tx *hubdb.Tx) error {
			_, err := tx.Exec(ctx, s.query, s.args...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
