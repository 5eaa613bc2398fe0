package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/desk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/lint"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// office is an opened hub: its database and everything that works on it.
type office struct {
	settings Settings
	keys     *keys
	log      *slog.Logger
	db       *hubdb.DB
	ca       *ca.CA
	people   *people.People
	postings *postings.Postings
	fleet    *fleet.Fleet
	boards   *boards
}

// open opens the hub that the settings name.
func (m *Main) open(ctx context.Context) (*office, error) {
	s, err := m.load()
	if err != nil {
		return nil, err
	}
	return openOffice(ctx, s, slog.New(slog.NewTextHandler(m.Err, nil)))
}

func openOffice(ctx context.Context, s Settings, log *slog.Logger) (*office, error) {
	k, err := loadKeys(s.Data)
	if err != nil {
		return nil, err
	}
	o := &office{settings: s, keys: k, log: log}
	if o.db, err = hubdb.Open(ctx, s.Store); err != nil {
		return nil, err
	}
	if err := o.assemble(ctx); err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

func (o *office) close() { _ = o.db.Close() }

func (o *office) assemble(ctx context.Context) (err error) {
	if o.ca, err = ca.Open(filepath.Join(o.settings.Data, "ca"), time.Now()); err != nil {
		return err
	}
	if o.people, err = people.New(ctx, o.db, time.Now); err != nil {
		return err
	}
	o.postings, err = postings.New(ctx, o.db, postings.Opts{
		Lint: findings,
		Audit: func(ctx context.Context, tx *hubdb.Tx, e postings.Event) error {
			return o.people.Append(ctx, tx, people.Entry{
				Actor: e.Who, Action: e.Action, Subject: e.Subject, Note: shortened(e.Note, mostNote),
			})
		},
	})
	if err != nil {
		return err
	}
	if o.boards, err = newBoards(ctx, o.settings, o.keys, o.log); err != nil {
		return err
	}
	if o.boards.versions, err = newVersions(ctx, o.db); err != nil {
		return err
	}
	o.fleet, err = fleet.New(ctx, o.db, fleet.Opts{
		Now: time.Now, CA: o.ca, Signer: o.keys.ack, Ring: o.keys.ring, SealKey: o.keys.root.Seal[0].ID,
		News: o.boards.news,
		Audit: func(ctx context.Context, who, action, subject string) error {
			return o.people.Log(ctx, people.Entry{Actor: who, Action: action, Subject: subject})
		},
	})
	o.boards.postings, o.boards.fleet = o.postings, o.fleet
	return err
}

// findings is what the law and good custom have against a posting.
func findings(p *kiosk.Posting) []postings.Finding {
	var all []postings.Finding
	for _, f := range lint.Check(p) {
		level := postings.Warn
		if f.Severity == lint.Block {
			level = postings.Block
		}
		note := f.Say(words.Zh)
		if law := f.Rule.Law(); law != "" {
			note += "（" + law + "）"
		}
		all = append(all, postings.Finding{Rule: string(f.Rule), Level: level, Field: f.Field, Text: f.Words, Note: note})
	}
	return all
}

// judged is the postings as staff decide about them: what comes in is folded with
// its copies, and what is revoked goes from every board at once.
type judged struct {
	*postings.Postings
	boards *boards
}

// Revoke takes a posting down, here and from the boards.
func (j judged) Revoke(ctx context.Context, who, id, why string) ([]string, error) {
	ids, err := j.Postings.Revoke(ctx, who, id, why)
	if err != nil {
		return ids, err
	}
	if err := j.boards.revoke(ctx, ids...); err != nil {
		return ids, fmt.Errorf("the posting is revoked, but the boards could not be told; publish them again: %w", err)
	}
	return ids, nil
}

// judged are the hub's postings as everybody but the boards sees them.
func (o *office) judged() judged { return judged{o.postings, o.boards} }

// releaser is who puts on the boards what was approved.
const releaser = "publish"

// Publish brings every board to what is approved now.
func (b *boards) Publish(ctx context.Context) error {
	if _, err := b.postings.Release(ctx, releaser); err != nil {
		return err
	}
	return b.publish(ctx)
}

// Boards are all boards and when they were last published.
func (b *boards) Boards(context.Context) ([]desk.Board, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []desk.Board
	for _, s := range b.settings.Boards {
		board := desk.Board{Name: s.Name}
		if h, ok := b.heads[s.Name]; ok {
			board.Version, board.Postings, board.Revoked, board.At = h.Version.String(), h.Rows, h.Revoked.Count, h.Issued
		}
		if b.fault != nil {
			board.Err = b.fault.Error()
		}
		all = append(all, board)
	}
	return all, nil
}

// mostNote is how long a note in the audit log may be, in bytes. What it leaves
// out of a long one, such as a thousand ids, stands in the postings' own history.
const mostNote = 1500

func shortened(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
