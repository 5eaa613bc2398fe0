package link

import (
	"context"
	"errors"
	"sync"
	"time"

	"jobhome/kiosk/session"
	"jobhome/sync/feed"
	"jobhome/sync/outbox"
)

// Run keeps the terminal in step until ctx ends, and tells the screen how it
// stands with its hub.
func (l *Link) Run(ctx context.Context, tell func(session.Event)) {
	l.mu.Lock()
	l.tell = tell
	l.mu.Unlock()
	l.news()
	var all sync.WaitGroup
	all.Go(func() { l.feed.Run(ctx) })
	if l.online() {
		all.Go(func() {
			if err := l.outbox.Run(ctx); err != nil && ctx.Err() == nil {
				l.o.Log.Error("records are not sent", "error", err)
			}
		})
		all.Go(func() {
			_ = l.id.Keep(ctx, l.o.Hub.URL, func(err error) {
				if err != nil {
					l.o.Log.Warn("the certificate was not renewed", "error", err)
				}
			})
		})
	}
	if l.o.Hub.Sticks != "" {
		all.Go(func() { l.watchSticks(ctx) })
	}
	all.Wait()
}

// online reports whether records go by network.
func (l *Link) online() bool { return l.outbox != nil && l.o.Hub.URL != "" }

// Poke says that a record was written down, so that it need not wait.
func (l *Link) Poke() {
	if l.outbox != nil {
		l.outbox.Poke()
	}
}

// Sync makes one round of both ways now.
func (l *Link) Sync(ctx context.Context) (feed.Report, error) {
	rep := l.feed.Sync(ctx)
	l.fed(rep)
	if !l.online() {
		return rep, nil
	}
	return rep, l.outbox.Round(ctx)
}

// fed takes in what became of a round of the feed by network.
func (l *Link) fed(rep feed.Report) {
	l.answered(rep.OK())
	l.took(rep)
}

func (l *Link) answered(ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inStep = ok
}

// took takes in what became of the board.
func (l *Link) took(rep feed.Report) {
	if rep.OK() {
		l.o.Log.Info("the board is in step", "code", rep.Code, "version", rep.To, "added", rep.Added,
			"removed", rep.Removed, "dates", rep.Dated, "revoked", rep.Revoked, "bytes", rep.Bytes)
	} else {
		l.o.Log.Warn("the board could not be brought in step", "code", rep.Code, "error", rep.Err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	if err := l.seal(ctx); err != nil {
		l.o.Log.Error("the hub's key cannot be used", "error", err)
	}
	l.news()
}

// news tells the screen how the terminal stands with its hub.
func (l *Link) news() {
	l.mu.Lock()
	tell, sealed := l.tell, l.sealing != ""
	l.mu.Unlock()
	tell(session.HubNews{At: session.At{Time: l.o.Now()}, Sealed: sealed, Behind: l.feed.Expired()})
}

// Reached reports whether the hub has answered when it was last asked: its feed,
// or a stick of its, brought the board in step, or it confirmed records.
func (l *Link) Reached() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inStep || l.outbox == nil {
		return l.inStep
	}
	r := l.outbox.Report()
	return r.Err == nil && !r.Heard.IsZero()
}

// said is what became of a stick, for the screen.
func said(board feed.Report, mail StickReport) session.StickState {
	switch {
	case errors.Is(mail.Err, outbox.ErrFull), errors.Is(mail.Err, outbox.ErrReadOnly):
		return session.StickFull
	case !board.OK() && board.Code != feed.Missing && board.Code != feed.Unreachable:
		return session.StickRefused
	case mail.Err != nil:
		return session.StickRefused
	case board.Code == feed.Applied || mail.Out.Files > 0 || mail.In.Files > 0:
		return session.StickDone
	}
	return session.StickSame
}
