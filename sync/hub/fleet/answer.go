package fleet

import (
	"context"
	"encoding/json"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
)

// mostOutcomes is how many outcomes of its own referrals a terminal is told
// without having asked.
const mostOutcomes = 200

var askedOutcomes = newBulk(`SELECT f.code, f.outcome, f.outcome_at, i.terminal
	FROM fleet_referral f JOIN fleet_incarnation i ON i.id = f.incarnation JOIN {rows} ON f.code = r.code`, "code TEXT")

// answer makes the ack of a batch that was taken.
func (in *intake) answer(ctx context.Context) (record.Ack, error) {
	ack := record.Ack{
		Kiosk: in.id, Incarnation: in.Incarnation, Nonce: in.Nonce, HubTime: in.now.UTC(),
		Watermark: uint64(in.watermark), Verdicts: in.verdicts, Orders: json.RawMessage(in.orders),
	}
	if in.orders == "" {
		ack.Orders = nil
	}
	if in.o.News != nil {
		news, err := in.o.News(ctx, in.board)
		if err != nil {
			return ack, err
		}
		ack.Heads, ack.Revoked = news.Heads, news.Revoked
	}
	err := in.db.View(ctx, func(tx *hubdb.Tx) error {
		var err error
		ack.Outcomes, err = in.outcomes(ctx, tx)
		return err
	})
	return ack, err
}

// outcomes are what has become of the terminal's own referrals since it was last
// heard, a day of overlap included, and of those that it asks for. An ack may be
// lost, so it asks again for what it still waits for.
func (in *intake) outcomes(ctx context.Context, tx *hubdb.Tx) ([]record.OutcomeNote, error) {
	var list []record.OutcomeNote
	told := map[kiosk.Code]bool{}
	tell := func(w word) {
		if w.outcome != kiosk.NoOutcome && !told[w.code] {
			told[w.code] = true
			list = append(list, record.OutcomeNote{Code: w.code, Outcome: w.outcome, At: time.UnixMilli(w.at).UTC()})
		}
	}
	err := tx.Each(ctx, func(scan func(...any) error) error {
		var w word
		err := scan(&w.code, &w.outcome, &w.at)
		tell(w)
		return err
	}, `SELECT f.code, f.outcome, f.outcome_at FROM fleet_referral f JOIN fleet_incarnation i ON i.id = f.incarnation
		WHERE i.terminal = ? AND f.outcome <> '' AND f.outcome_at >= ? ORDER BY f.outcome_at DESC LIMIT ?`,
		in.id, ms(in.lastSeen.Add(-24*time.Hour)), mostOutcomes)
	if err != nil || len(in.Known) == 0 {
		return list, err
	}
	asked, err := in.asked(ctx, tx)
	for _, code := range in.Known {
		if w, ok := in.choose(asked[code]); ok {
			tell(w)
		}
	}
	return list, err
}

// word is what the office said of one referral.
type word struct {
	code     kiosk.Code
	outcome  kiosk.Outcome
	at       int64
	terminal string
}

func (in *intake) asked(ctx context.Context, tx *hubdb.Tx) (map[kiosk.Code][]word, error) {
	codes := make([]string, 0, len(in.Known))
	for _, c := range in.Known {
		codes = append(codes, string(c))
	}
	query, args, err := askedOutcomes.call(tx, nil, codes)
	if err != nil {
		return nil, err
	}
	found := map[kiosk.Code][]word{}
	err = tx.Each(ctx, func(scan func(...any) error) error {
		var w word
		err := scan(&w.code, &w.outcome, &w.at, &w.terminal)
		found[w.code] = append(found[w.code], w)
		return err
	}, query, args...)
	return found, err
}

// choose is the referral that is meant by a code: the terminal's own one, or the
// only one that there is. Codes are drawn at random, so two terminals may draw the
// same.
func (in *intake) choose(of []word) (word, bool) {
	for _, w := range of {
		if w.terminal == in.id {
			return w, true
		}
	}
	if len(of) == 1 {
		return of[0], true
	}
	return word{}, false
}
