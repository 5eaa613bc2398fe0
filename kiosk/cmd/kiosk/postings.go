package main

import (
	"context"
	"sync/atomic"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/app"
	"jobhome/kiosk/board"
	"jobhome/kiosk/find"
	"jobhome/kiosk/match"
	"jobhome/kiosk/session"
	"jobhome/kiosk/spell"
)

// postings is the board as the loop sees it.
type postings struct {
	*board.Board
	site  kiosk.Site
	spell spell.Speller
	table atomic.Pointer[match.Table] // of the board last told about; nil until it is made

	seen    time.Time // of the board last told about
	expires time.Time // when the counts told are to be looked at again
	top     int       // how many postings the attract page turns over
}

// Rank returns the postings that fit best. Until the table is made, which takes
// a moment after the start, they are all looked at.
func (p *postings) Rank(ask match.Ask) []kiosk.Match {
	limit := ask.Limit
	for ask.Limit += limit / 2; ; ask.Limit *= 4 { // some are folded, at times most of them
		all := p.rank(ask)
		whole := ask.Limit <= 0 || len(all) < ask.Limit
		if kept := p.fold(all, limit, ask); whole || len(kept) == limit {
			return kept
		}
	}
}

func (p *postings) rank(ask match.Ask) []kiosk.Match {
	if t := p.table.Load(); t != nil {
		return t.Rank(ask)
	}
	return match.Rank(p.Candidates(kiosk.Query{Now: ask.Now}), ask)
}

// fold leaves of the postings that are alike the best one, and at most limit; all
// for a limit of 0. It tells of as many others as their list shows.
func (p *postings) fold(all []kiosk.Match, limit int, ask match.Ask) []kiosk.Match {
	under := map[string]bool{}
	kept := all[:0]
	for _, m := range all {
		if under[m.Posting.ID] {
			continue
		}
		alike := p.Alike(m.Posting.ID, ask.Now)
		for _, id := range alike {
			under[id] = true
		}
		if len(alike) > 1 && minor(ask) {
			alike = p.lawful(m.Posting.ID, len(alike), ask.Now)
		}
		for _, id := range alike {
			if id != m.Posting.ID {
				m.More++
			}
		}
		if kept = append(kept, m); len(kept) == limit {
			break
		}
	}
	return kept
}

// minor reports whether the law keeps the resident from night work.
func minor(ask match.Ask) bool {
	age := ask.Resident.Age(ask.Now)
	return age >= kiosk.WorkingAge && age < kiosk.AdultAge
}

// lawful is the ids of the postings that are alike to one, at most n, without
// night work.
func (p *postings) lawful(id string, n int, now time.Time) []string {
	r, err := p.Board.Search(context.Background(), kiosk.Query{
		Like: id, Lawful: kiosk.AllShifts &^ kiosk.NightShift, Limit: n, Now: now,
	})
	if err != nil {
		return nil
	}
	ids := make([]string, len(r.Items))
	for i := range r.Items {
		ids[i] = r.Items[i].Posting.ID
	}
	return ids
}

// most is how many words and characters are offered while somebody types.
const (
	mostWords = 8
	mostNext  = 180
)

// finder searches the board as people ask.
func (p *postings) finder() *find.Finder { return &find.Finder{Board: p.Board, Spell: &p.spell} }

// Search returns a page of a list. Lists are folded, but for those of the
// postings that are alike to one.
func (p *postings) Search(ctx context.Context, q kiosk.Query) (kiosk.Results, error) {
	q.Fold, q.Hits = q.Like == "", true
	return p.finder().Search(ctx, q)
}

// Spell tells what the board has for a text that is being typed. Its total is
// that of the list which the text leads to, by a rescue too.
func (p *postings) Spell(ctx context.Context, q kiosk.Query) app.Spelling {
	s := app.Spelling{Words: p.finder().Suggest(ctx, q, mostWords), Next: p.Next(q.Text, mostNext)}
	if r, err := p.Search(ctx, kiosk.Query{Text: q.Text, Lawful: q.Lawful, Now: q.Now}); err == nil {
		s.Total = r.Total
	}
	return s
}

// nearby is what counts as near on the attract and home pages, in metres.
const nearby = 5000

// recount is how often the counts are made anew though the board has not
// changed: postings expire.
const recount = 10 * time.Minute

// News tells what the board holds, counted as the lists show it. It asks the board
// itself: a count is of what there is, not of what a rescue would find.
func (p *postings) News(ctx context.Context, now time.Time) (session.BoardNews, bool) {
	if err := p.Refresh(ctx); err != nil {
		return session.BoardNews{Broken: true}, p.changed(time.Unix(0, 1), now)
	}
	updated := p.Freshness()
	if !p.changed(updated, now) {
		return session.BoardNews{}, false
	}
	p.spell.Make(func() []kiosk.Posting {
		all := p.Candidates(kiosk.Query{Now: now})
		p.table.Store(match.NewTable(all, p.site))
		return all
	})
	news := session.BoardNews{Updated: updated}
	all, err := p.Board.Search(ctx, kiosk.Query{Fold: true, Limit: 1, Now: now})
	if err != nil {
		news.Broken = true
		return news, true
	}
	news.Total = all.Total
	news.Trades, news.Kinds = all.Facets.Trades, all.Facets.Channels
	near, err := p.Board.Search(ctx, kiosk.Query{Fold: true, Within: nearby, Sort: kiosk.SortNewest, Limit: p.top, Now: now})
	if err == nil {
		news.Near, news.Top = near.Total, near.Items
	}
	if len(news.Top) == 0 {
		if any, err := p.Board.Search(ctx, kiosk.Query{Fold: true, Sort: kiosk.SortNewest, Limit: p.top, Now: now}); err == nil {
			news.Top = any.Items
		}
	}
	return news, true
}

// changed reports whether the board is another one than was told about, or the
// time has come to count again.
func (p *postings) changed(updated, now time.Time) bool {
	if updated.Equal(p.seen) && now.Before(p.expires) {
		return false
	}
	p.seen, p.expires = updated, now.Add(recount)
	return true
}
