package postings

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"jobhome/kiosk"
)

// Batch is what one source offers.
type Batch struct {
	Source string // the hub's name of it: 1 to 40 of what is printed
	// Items are the postings. Each has the source's name of it in Source.Ref; its ID
	// is not looked at. An error ends the import: nothing is closed then.
	Items iter.Seq2[kiosk.Posting, error]
	// Full says that the source offers nothing but these: what it no longer has is
	// closed.
	Full bool
	// Unread are refs of rows that the source has but that could not be read. They
	// are not missing.
	Unread []string
	// Shrunk says that the source really has become as small as it looks.
	Shrunk bool
}

// Report is what an import did.
type Report struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`   // go to review again
	Moved     int `json:"moved"`     // their end was moved, without a review
	Refreshed int `json:"refreshed"` // still hold, and nothing else
	Same      int `json:"same"`
	Reopened  int `json:"reopened"` // had been missing
	Held      int `json:"held"`     // were closed or revoked by hand, and stay so
	Closed    int `json:"closed"`   // were missing from a full import
	// Withheld are those that are missing but were not closed, because so many at
	// once look like a file that was cut off.
	Withheld int       `json:"withheld,omitempty"`
	Bad      int       `json:"bad"`
	Problems []Problem `json:"problems,omitempty"` // the first hundred of Bad
}

// Problem is why a posting was not taken.
type Problem struct {
	Ref string `json:"ref"`
	Why string `json:"why"` // one line for each thing that is wrong
}

const (
	chunk        = 200 // postings a transaction
	mostProblems = 100
	// From so many on, and so many of a hundred, missing postings are not closed.
	mostMissing, mostMissingPercent = 20, 30
)

// importing is one run over a source.
type importing struct {
	p      *Postings
	b      *Batch
	who    string
	run    int64
	seen   map[string]bool
	report Report
}

// Import takes in what a source offers. What is new or has changed goes to
// review. It is done in pieces, each of them whole; after an error it can be done
// again from the beginning.
func (p *Postings) Import(ctx context.Context, who string, b Batch) (Report, error) {
	if b.Source == "" || len(b.Source) > 40 || b.Source == deskSource {
		return Report{}, fmt.Errorf("postings: import: %q is no name of a source", b.Source)
	}
	im := importing{p: p, b: &b, who: who, seen: map[string]bool{}}
	if err := im.begin(ctx); err != nil {
		return im.report, err
	}
	var items []kiosk.Posting
	take := func() error {
		err := im.take(ctx, items)
		items = items[:0]
		return err
	}
	for item, err := range b.Items {
		if err != nil {
			return im.report, fmt.Errorf("postings: import %s: %w", b.Source, err)
		}
		if why := im.refuse(item.Source.Ref); why != "" {
			im.bad(item.Source.Ref, why)
			continue
		}
		if items = append(items, item); len(items) == chunk {
			if err := take(); err != nil {
				return im.report, err
			}
		}
	}
	if err := take(); err != nil {
		return im.report, err
	}
	return im.report, im.finish(ctx)
}

// refuse says what is wrong with a ref, and remembers it.
func (im *importing) refuse(ref string) string {
	switch {
	case strings.TrimSpace(ref) == "":
		return "source.ref: is empty, so the posting could not be found again"
	case len(ref) > 200:
		return "source.ref: has more than 200 bytes"
	case im.seen[ref]:
		return "source.ref: another posting before it has the same"
	}
	im.seen[ref] = true
	return ""
}

func (im *importing) bad(ref, why string) {
	if im.report.Bad++; len(im.report.Problems) < mostProblems {
		im.report.Problems = append(im.report.Problems, Problem{ref, why})
	}
}

// begin counts the run.
func (im *importing) begin(ctx context.Context) error {
	return im.p.update(ctx, im.who, "import "+im.b.Source, func(w *work) error {
		return w.tx.QueryRow(w.ctx, `INSERT INTO post_source (source, run, imported, complete, report) VALUES (?, 1, ?, 0, '{}')
			ON CONFLICT (source) DO UPDATE SET run = post_source.run + 1, imported = excluded.imported RETURNING run`,
			im.b.Source, w.now.UnixMilli()).Scan(&im.run)
	})
}

// take takes one piece in.
func (im *importing) take(ctx context.Context, items []kiosk.Posting) error {
	if len(items) == 0 {
		return nil
	}
	before := im.report
	return im.p.update(ctx, im.who, "import "+im.b.Source, func(w *work) error {
		im.report = before // it may be tried again
		im.report.Problems = before.Problems[:len(before.Problems):len(before.Problems)]
		refs := make([]string, len(items))
		for i := range items {
			refs[i] = items[i].Source.Ref
		}
		known, err := im.known(w, refs)
		if err != nil {
			return err
		}
		var untouched []string
		for i := range items {
			s := known[refs[i]]
			did, err := im.one(w, s, items[i])
			if err != nil {
				return fmt.Errorf("%s: %w", refs[i], err)
			}
			if s != nil && did == nothing {
				untouched = append(untouched, s.id)
			}
		}
		return im.mark(w, untouched)
	})
}

// known reads the newest generation of each ref.
func (im *importing) known(w *work, refs []string) (map[string]*state, error) {
	args := append([]any{im.b.Source}, texts(refs, chunk)...)
	list, err := w.list(`WHERE p.source = ? AND p.ref IN (`+places(chunk)+`) ORDER BY p.gen`, args...)
	known := map[string]*state{}
	for _, s := range list {
		known[s.ref] = s
	}
	return known, err
}

// mark writes that the source still has these postings.
func (im *importing) mark(w *work, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	args := append([]any{im.run, im.run}, texts(ids, chunk)...)
	_, err := w.tx.Exec(w.ctx, `UPDATE post_posting SET seen = ? WHERE seen < ? AND id IN (`+places(chunk)+`)`, args...)
	return err
}

// one takes one posting in. s is what the hub has under its ref, or nil.
func (im *importing) one(w *work, s *state, item kiosk.Posting) (arrived, error) {
	hash, err := origin(&item)
	if err != nil {
		return nothing, err
	}
	unchanged := s != nil && same(s.origin, hash)
	if s != nil && s.status == Revoked {
		if unchanged {
			im.report.Held++
			return nothing, nil
		}
		s = &state{from: from{s.source, s.ref, s.gen + 1}}
	}
	if s == nil {
		s = &state{from: from{im.b.Source, item.Source.Ref, 1}}
	}
	s.seen = max(s.seen, im.run)
	var did arrived
	switch {
	case s.id == "":
		did, err = im.add(w, s, item, hash)
	case unchanged && s.originValid == unix(item.ValidThrough):
		firstSaid := item
		firstPublished(&firstSaid, fromUnix(s.published))
		did, err = im.again(w, s, unix(firstSaid.Refreshed))
	case unchanged:
		did, err = im.move(w, s, item)
	default:
		did, err = im.change(w, s, item, hash)
	}
	var bad badContent
	if errors.As(err, &bad) {
		im.bad(item.Source.Ref, bad.Error())
		return nothing, nil
	}
	im.count(did)
	return did, err
}

// badContent is an error of the posting, and not of the hub.
type badContent struct{ error }

func (im *importing) count(did arrived) {
	n := map[arrived]*int{
		fresh: &im.report.New, changed: &im.report.Changed, moved: &im.report.Moved, reopened: &im.report.Reopened,
		dated: &im.report.Refreshed, held: &im.report.Held, nothing: &im.report.Same,
	}[did]
	*n++
}

func (im *importing) add(w *work, s *state, item kiosk.Posting, hash []byte) (arrived, error) {
	if !item.Open(w.now) && !item.ValidThrough.IsZero() {
		return nothing, badContent{fmt.Errorf("valid_through: it ended on %s", item.ValidThrough.Format("2006-01-02"))}
	}
	// The id has no part in what can be wrong, so it is checked before one is taken.
	item.ID = newID(s.from, 0)
	c, err := im.p.content(item)
	if err != nil {
		return nothing, badContent{err}
	}
	if err := w.create(s, &c); err != nil {
		return nothing, err
	}
	s.origin, s.originValid = hash, unix(item.ValidThrough)
	s.submit(w.act)
	return fresh, w.saved(s, string(fresh), "")
}

// create writes a posting that is new, with its first content.
func (w *work) create(s *state, c *content) error {
	s.created = w.now.UnixMilli()
	if err := w.insert(s); err != nil {
		return err
	}
	if c.ID != s.id {
		c.ID = s.id
		again, err := w.p.content(c.Posting)
		if err != nil {
			return err
		}
		*c = again
	}
	return w.put(s, c)
}

func (im *importing) again(w *work, s *state, refreshed int64) (arrived, error) {
	did := s.again(w.act, refreshed)
	switch did {
	case nothing:
		return did, nil
	case dated, held:
		return did, w.save(s)
	}
	return did, w.saved(s, string(did), "")
}

// move takes over a new end. The rest of the content stays as it is in the hub,
// where somebody may have mended it.
func (im *importing) move(w *work, s *state, item kiosk.Posting) (arrived, error) {
	now, err := w.bare(s)
	if err != nil {
		return nothing, err
	}
	firstPublished(&item, now.Published)
	now.ValidThrough, now.Refreshed = item.ValidThrough, item.Refreshed
	c, err := im.p.content(now)
	if err != nil {
		return nothing, badContent{err}
	}
	approved, edited, approver := s.approved == s.revision, s.editedBy, s.approvedBy
	if err := w.put(s, &c); err != nil {
		return nothing, err
	}
	s.originValid, s.editedBy = unix(item.ValidThrough), edited
	did := s.move(w.act, approved, im.p.rule(c.Channel).Prolong)
	if s.approved == s.revision {
		s.approvedBy = approver
	}
	return did, w.saved(s, string(did), "")
}

func (im *importing) change(w *work, s *state, item kiosk.Posting, hash []byte) (arrived, error) {
	if s.status.open() {
		firstPublished(&item, fromUnix(s.published))
	}
	item.ID = s.id
	c, err := im.p.content(item)
	if err != nil {
		return nothing, badContent{err}
	}
	if err := w.put(s, &c); err != nil {
		return nothing, err
	}
	s.origin, s.originValid = hash, unix(item.ValidThrough)
	did := s.change(w.act)
	return did, w.saved(s, string(did), "")
}
