package main

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/app"
	"jobhome/kiosk/board"
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
	if t := p.table.Load(); t != nil {
		return t.Rank(ask)
	}
	return match.Rank(p.Candidates(kiosk.Query{Now: ask.Now}), ask)
}

// most is how many words and characters are offered while somebody types.
const (
	mostWords = 8
	mostNext  = 180
)

// Spell tells what the board has for a text that is being typed.
func (p *postings) Spell(ctx context.Context, text string, now time.Time) app.Spelling {
	var s app.Spelling
	s.Words, _ = p.Suggest(ctx, text, mostWords, now)
	s.Next = p.Next(text, mostNext)
	s.Total = p.count(ctx, text, now)
	// Pinyin, initials, lay words; and, where the text itself finds nothing, what
	// may be meant.
	for _, w := range p.spell.Words(text, mostWords) {
		known := slices.ContainsFunc(s.Words, func(o kiosk.Suggestion) bool { return o.Text == w.Text })
		if known || w.Guess && s.Total > 0 || len(s.Words) == mostWords {
			continue
		}
		if n := p.count(ctx, w.Text, now); n > 0 {
			s.Words = append(s.Words, kiosk.Suggestion{Text: w.Text, Count: n})
		}
	}
	return s
}

// count is how many postings a search for the text finds.
func (p *postings) count(ctx context.Context, text string, now time.Time) int {
	r, err := p.Search(ctx, kiosk.Query{Text: text, Limit: 1, Now: now})
	if err != nil {
		return 0
	}
	return r.Total
}

// nearby is what counts as near on the attract and home pages, in metres.
const nearby = 5000

// recount is how often the counts are made anew though the board has not
// changed: postings expire.
const recount = 10 * time.Minute

// News tells what the board holds.
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
	all, err := p.Search(ctx, kiosk.Query{Limit: 1, Now: now})
	if err != nil {
		news.Broken = true
		return news, true
	}
	news.Total = all.Total
	news.Trades, news.Kinds = all.Facets.Trades, all.Facets.Channels
	near, err := p.Search(ctx, kiosk.Query{Within: nearby, Sort: kiosk.SortNewest, Limit: p.top, Now: now})
	if err == nil {
		news.Near, news.Top = near.Total, near.Items
	}
	if len(news.Top) == 0 {
		if any, err := p.Search(ctx, kiosk.Query{Sort: kiosk.SortNewest, Limit: p.top, Now: now}); err == nil {
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
