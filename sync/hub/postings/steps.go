package postings

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"jobhome/kiosk"
)

// deskSource is the source of what is written at the hub itself.
const deskSource = "desk"

// one changes one posting in one transaction and writes down who did what.
func (p *Postings) one(ctx context.Context, e Event, f func(w *work, s *state) error) error {
	return p.update(ctx, e.Who, e.Action+" "+e.Subject, func(w *work) error {
		s, err := w.load(e.Subject)
		if err != nil {
			return err
		}
		if err := f(w, s); err != nil {
			return err
		}
		if err := w.saved(s, e.Action, e.Note); err != nil {
			return err
		}
		return w.tell(e)
	})
}

func (w *work) tell(e Event) error {
	e.Action = "posting." + e.Action
	return w.p.audit(w.ctx, w.tx, e)
}

// Write keeps a posting that somebody writes at the hub, as a draft. Its ID is not
// looked at; the one that it gets is returned. The error names every field that is
// wrong.
func (p *Postings) Write(ctx context.Context, who string, posting kiosk.Posting) (id string, err error) {
	at := from{deskSource, rand.Text(), 1}
	err = p.update(ctx, who, "write", func(w *work) error {
		s := &state{from: at, status: Draft, origin: []byte{}}
		posting.ID = newID(at, 0)
		c, err := p.content(posting)
		if err != nil {
			return err
		}
		if err := w.create(s, &c); err != nil {
			return err
		}
		s.editedBy, s.submitted, id = who, w.now.UnixMilli(), s.id
		if err := w.saved(s, "write", ""); err != nil {
			return err
		}
		return w.tell(Event{who, "write", s.id, ""})
	})
	return id, err
}

// Edit replaces the content of a posting, which becomes a draft; what is on the
// board stays there. The revision is the one that was edited. What a source says
// anew later replaces it in turn.
func (p *Postings) Edit(ctx context.Context, who string, revision int64, posting kiosk.Posting) error {
	return p.one(ctx, Event{who, "edit", posting.ID, ""}, func(w *work, s *state) error {
		switch {
		case s.status == Revoked:
			return ErrState
		case s.revision != revision:
			return ErrMoved
		}
		c, err := p.content(posting)
		if err != nil {
			return err
		}
		if err := w.put(s, &c); err != nil {
			return err
		}
		s.status, s.editedBy, s.submittedBy, s.submitted = Draft, who, "", w.now.UnixMilli()
		s.ended, s.endedBy, s.why = 0, "", ""
		return nil
	})
}

// Submit puts a draft, or a posting that was closed or has expired, into the
// queue.
func (p *Postings) Submit(ctx context.Context, who, id string, revision int64) error {
	return p.one(ctx, Event{who, "submit", id, ""}, func(w *work, s *state) error {
		switch {
		case s.revision != revision:
			return ErrMoved
		case s.status != Draft && s.status != Closed && s.status != Expired:
			return ErrState
		case s.over(w.act):
			return ErrEnded
		}
		s.submit(w.act)
		return nil
	})
}

// Approve says that the content of that revision may be published. It fails with
// ErrBlocked where the law forbids it, and with ErrEyes where somebody else has to
// say so.
func (p *Postings) Approve(ctx context.Context, who, id string, revision int64) error {
	return p.one(ctx, Event{who, "approve", id, ""}, func(w *work, s *state) error {
		switch {
		case s.revision != revision:
			return ErrMoved
		case s.status != Review:
			return ErrState
		case s.blocked:
			return ErrBlocked
		case s.over(w.act):
			return ErrEnded
		case (who == s.submittedBy || who == s.editedBy) && !p.rule(s.channel).OneMayApprove:
			return ErrEyes
		}
		s.status, s.approved, s.approvedBy = Approved, s.revision, who
		return nil
	})
}

// Reject hands a posting back as a draft, and says why. What is on the board stays
// there.
func (p *Postings) Reject(ctx context.Context, who, id, why string) error {
	return p.one(ctx, Event{who, "reject", id, why}, func(_ *work, s *state) error {
		switch {
		case strings.TrimSpace(why) == "":
			return ErrWho
		case s.status != Review && s.status != Approved:
			return ErrState
		}
		s.status, s.approvedBy, s.why = Draft, "", why
		if s.approved == s.revision {
			s.approved = s.live
		}
		return nil
	})
}

// Release puts what was approved on the board when its day has come, and returns
// the ids.
func (p *Postings) Release(ctx context.Context, who string) ([]string, error) {
	var all []string
	for {
		var ids []string
		err := p.update(ctx, who, "release", func(w *work) error {
			ids = nil
			list, err := w.list(`WHERE p.status = 'approved' AND NOT p.blocked AND b.published <= ? AND b.valid >= ? ORDER BY p.id LIMIT ?`,
				w.now.Unix(), w.seconds(), chunk)
			if err != nil || len(list) == 0 {
				return err
			}
			for _, s := range list {
				s.show(w.act)
				if err := w.saved(s, "publish", ""); err != nil {
					return err
				}
				ids = append(ids, s.id)
			}
			return w.tell(Event{who, "publish", "", several(ids)})
		})
		if all = append(all, ids...); err != nil || len(ids) < chunk {
			return all, err
		}
	}
}

// several names a few postings, and counts many.
func several(ids []string) string {
	const most = 20
	if len(ids) > most {
		return strconv.Itoa(len(ids)) + " postings"
	}
	return strings.Join(ids, " ")
}

// Close takes a posting off the board because it is no longer offered. When the
// reason is Filled, so are all copies of it.
func (p *Postings) Close(ctx context.Context, who, id, why string) error {
	return p.together(ctx, Event{who, "close", id, why}, why == Filled, func(w *work, s *state, named bool) error {
		if !s.status.open() {
			if named {
				return ErrState
			}
			return errSkip
		}
		s.end(Closed, w.act, why)
		return nil
	})
}

// Revoke takes a posting off the board for good, with all copies of it: none of
// their ids ever comes back. It returns the ids.
func (p *Postings) Revoke(ctx context.Context, who, id, why string) ([]string, error) {
	var ids []string
	err := p.together(ctx, Event{who, "revoke", id, why}, true, func(w *work, s *state, named bool) error {
		if named {
			ids = nil
		}
		if s.status == Revoked {
			if named {
				return ErrState
			}
			return errSkip
		}
		s.end(Revoked, w.act, why)
		ids = append(ids, s.id)
		return nil
	})
	return ids, err
}

// Renew offers a revoked posting again, under a new id, which it returns. It has to
// be approved as if it were new.
func (p *Postings) Renew(ctx context.Context, who, id string) (string, error) {
	var renewed string
	err := p.update(ctx, who, "renew "+id, func(w *work) error {
		old, err := w.load(id)
		if err != nil {
			return err
		}
		newer, err := w.list(`WHERE p.source = ? AND p.ref = ? AND p.gen > ?`, old.source, old.ref, old.gen)
		switch {
		case err != nil:
			return err
		case old.status != Revoked || len(newer) > 0:
			return ErrState
		case old.over(w.act):
			return ErrEnded
		}
		posting, err := w.bare(old)
		if err != nil {
			return err
		}
		s := &state{from: from{old.source, old.ref, old.gen + 1}, seen: old.seen}
		posting.ID = newID(s.from, 0)
		c, err := p.content(posting)
		if err != nil {
			return err
		}
		if err := w.create(s, &c); err != nil {
			return err
		}
		s.origin, s.originValid, renewed = old.origin, old.originValid, s.id
		s.submit(w.act)
		if err := w.saved(s, "renew", old.id); err != nil {
			return err
		}
		return w.tell(Event{who, "renew", s.id, old.id})
	})
	return renewed, err
}

// errSkip says that nothing is to be done with one of several.
var errSkip = fmt.Errorf("nothing to do")

// together does the same to a posting and, if copies is set, to all of its
// cluster. f is told which of them was named; it comes first.
func (p *Postings) together(ctx context.Context, e Event, copies bool, f func(w *work, s *state, named bool) error) error {
	return p.update(ctx, e.Who, e.Action+" "+e.Subject, func(w *work) error {
		if strings.TrimSpace(e.Note) == "" {
			return ErrWho
		}
		named, err := w.load(e.Subject)
		if err != nil {
			return err
		}
		list := []*state{named}
		if copies && named.cluster != "" {
			others, err := w.list(`WHERE p.cluster = ? AND p.id <> ? ORDER BY p.id`, named.cluster, named.id)
			if err != nil {
				return err
			}
			list = append(list, others...)
		}
		for _, s := range list {
			err := f(w, s, s == named)
			if err == errSkip {
				continue
			}
			if err != nil {
				return err
			}
			if err := w.saved(s, e.Action, e.Note); err != nil {
				return err
			}
		}
		return w.tell(e)
	})
}
