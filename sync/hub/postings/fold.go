package postings

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jobhome/kiosk"
)

// Fold says which postings are the same offer, brought in by several sources:
// each group becomes a cluster, of which one stands on the board for all, the one
// that is there longest. Groups that share a posting, now or with a cluster from
// before, become one. Ids that are not there are passed over.
func (p *Postings) Fold(ctx context.Context, who string, groups [][]string) error {
	for _, group := range groups {
		if len(group) < 2 {
			continue
		}
		if err := p.update(ctx, who, "fold", func(w *work) error { return w.fold(group) }); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) fold(group []string) error {
	var members []*state
	for _, id := range slices.Compact(slices.Sorted(slices.Values(group))) {
		s, err := w.load(id)
		if err == ErrUnknown {
			continue
		}
		if err != nil {
			return err
		}
		members = append(members, s)
	}
	if len(members) < 2 {
		return nil
	}
	// The name of a cluster is the least id that was ever in it.
	name := members[0].id
	old := map[string]bool{}
	for _, s := range members {
		if s.cluster != "" {
			old[s.cluster] = true
			name = min(name, s.cluster)
		}
	}
	alike := len(old) == 1 && !slices.ContainsFunc(members, func(s *state) bool { return s.cluster != name })
	if alike {
		return nil
	}
	tick, err := w.tick()
	if err != nil {
		return err
	}
	for c := range old {
		if _, err := w.tx.Exec(w.ctx, `UPDATE post_posting SET cluster = ?, tick = ? WHERE cluster = ?`, name, tick, c); err != nil {
			return err
		}
	}
	ids := make([]string, 0, len(members))
	for _, s := range members {
		ids = append(ids, s.id)
		if _, err := w.tx.Exec(w.ctx, `UPDATE post_posting SET cluster = ? WHERE id = ?`, name, s.id); err != nil {
			return err
		}
	}
	if _, err := w.tx.Exec(w.ctx, `UPDATE post_posting SET tick = ? WHERE cluster = ?`, tick, name); err != nil {
		return err
	}
	return w.tell(Event{w.who, "fold", name, several(ids)})
}

// Unfold says that a posting is an offer of its own after all.
func (p *Postings) Unfold(ctx context.Context, who, id string) error {
	return p.one(ctx, Event{who, "unfold", id, ""}, func(w *work, s *state) error {
		if s.cluster == "" {
			return ErrState
		}
		tick, err := w.tick()
		if err != nil {
			return err
		}
		if _, err := w.tx.Exec(w.ctx, `UPDATE post_posting SET tick = ? WHERE cluster = ?`, tick, s.cluster); err != nil {
			return err
		}
		s.cluster, s.tick = "", tick
		return nil
	})
}

// leads is the condition under which a posting stands for its cluster: none of
// those on the board is there longer. Its one argument is the least end that is
// still valid.
const leads = `(p.cluster = '' OR NOT EXISTS (SELECT 1 FROM post_posting o JOIN post_body ob ON ob.posting = o.id AND ob.revision = o.live
	WHERE o.cluster = p.cluster AND ob.valid >= ? AND (o.first_published < p.first_published
	OR o.first_published = p.first_published AND o.id < p.id)))`

// mostSources is how many sources a posting names; a board has room for one line.
const mostSources = 4

// sources lists what those of a cluster that are on the board say of their source,
// the one that stands for all first, and each name once.
func (r reading) sources(cluster string) ([]kiosk.Source, error) {
	var all []kiosk.Source
	type member struct {
		id   string
		live int64
	}
	var members []member
	err := r.tx.Each(r.ctx, func(scan func(dest ...any) error) error {
		var m member
		err := scan(&m.id, &m.live)
		members = append(members, m)
		return err
	}, `SELECT p.id, p.live FROM post_posting p JOIN post_body b ON b.posting = p.id AND b.revision = p.live
		WHERE p.cluster = ? AND b.valid >= ? ORDER BY p.first_published, p.id`, cluster, r.least)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		posting, err := body(r.ctx, r.tx, m.id, m.live)
		if err != nil {
			return nil, err
		}
		s := posting.Source
		if s.Name != "" && !slices.ContainsFunc(all, func(o kiosk.Source) bool { return o.Name == s.Name }) {
			all = append(all, s)
		}
	}
	return all, nil
}

// named is the source of a posting that several sources have.
func named(all []kiosk.Source) kiosk.Source {
	if len(all) == 0 {
		return kiosk.Source{}
	}
	names := make([]string, 0, mostSources)
	for _, s := range all[:min(len(all), mostSources)] {
		names = append(names, s.Name)
	}
	one := kiosk.Source{Name: strings.Join(names, "、"), Ref: all[0].Ref}
	if more := len(all) - mostSources; more > 0 {
		one.Name += fmt.Sprintf("等%d家", len(all))
	}
	return one
}
