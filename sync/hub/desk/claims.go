package desk

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/hubdb"
)

// errClaimed tells that somebody else is calling already.
var errClaimed = errors.New("somebody else has taken this on")

// keepClaim is how long somebody may take to call before another may.
const keepClaim = 4 * time.Hour

// claim says who calls, so that nobody is called twice.
func (d *Desk) claim(ctx context.Context, who string, id int64) error {
	return d.DB.Update(ctx, func(tx *hubdb.Tx) error {
		now := d.Now()
		n, err := tx.Exec(ctx, `INSERT INTO desk_claim (callback, who, at) VALUES (?, ?, ?)
			ON CONFLICT (callback) DO UPDATE SET who = excluded.who, at = excluded.at
			WHERE desk_claim.who = excluded.who OR desk_claim.at <= ?`,
			id, who, now.UnixMilli(), now.Add(-keepClaim).UnixMilli())
		if err == nil && n == 0 {
			err = errClaimed
		}
		return err
	})
}

// addClaims adds who calls. A claim that is too old is none.
func (d *Desk) addClaims(ctx context.Context, all []callBack) error {
	return d.DB.View(ctx, func(tx *hubdb.Tx) error {
		for i := range all {
			var at int64
			err := tx.QueryRow(ctx, `SELECT who, at FROM desk_claim WHERE callback = ? AND at > ?`,
				all[i].ID, d.Now().Add(-keepClaim).UnixMilli()).Scan(&all[i].ClaimedBy, &at)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			all[i].ClaimedAt = time.UnixMilli(at)
		}
		return nil
	})
}

// settle says that a complaint was looked into as far as it had come.
func (d *Desk) settle(ctx context.Context, who, note string, b fleet.Complaint) error {
	return d.DB.Update(ctx, func(tx *hubdb.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO desk_settled (posting, why, who, note, at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (posting, why) DO UPDATE SET who = excluded.who, note = excluded.note, at = excluded.at`,
			b.Posting, string(b.Why), who, note, b.Last.UnixMilli())
		return err
	})
}

// unsettled leaves out the complaints that were looked into and have not come
// again since.
func (d *Desk) unsettled(ctx context.Context, all []fleet.Complaint) (open []fleet.Complaint, err error) {
	settled := map[string]int64{}
	key := func(posting string, why kiosk.Complaint) string { return posting + "\x00" + string(why) }
	err = d.DB.View(ctx, func(tx *hubdb.Tx) error {
		return tx.Each(ctx, func(scan func(...any) error) error {
			var posting, why string
			var at int64
			err := scan(&posting, &why, &at)
			settled[key(posting, kiosk.Complaint(why))] = at
			return err
		}, `SELECT posting, why, at FROM desk_settled`)
	})
	for _, b := range all {
		if b.Last.UnixMilli() > settled[key(b.Posting, b.Why)] {
			open = append(open, b)
		}
	}
	return open, err
}
