package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"jobhome/sync/record"
)

// ErrRefused tells that the hub does not take this terminal's certificate.
var ErrRefused = errors.New("the hub refuses this terminal")

// busyError is the hub's word to come back later.
type busyError struct {
	status int
	after  time.Duration // 0: it did not say when
}

func (e *busyError) Error() string {
	return fmt.Sprintf("the hub is busy: %d, again in %v", e.status, e.after)
}

// badError is a 4xx answer: something of what was sent, or of the way, is wrong.
type badError struct{ status int }

func (e *badError) Error() string { return fmt.Sprintf("the hub does not take it: %d", e.status) }

// mostBytes is about how much one batch may weigh before it is signed, and mostAck
// how much of an answer is read.
const (
	mostBytes = 512 << 10
	mostAck   = 1 << 20
)

// round is how far the sending of one round has come.
type round struct {
	size   int  // most records of the next batch
	bare   bool // status and questions have been sent, or have to stay behind
	proven bool // an empty batch got through
}

// sendAll sends until nothing waits, and a heartbeat when nothing does.
func (b *Outbox) sendAll(ctx context.Context) error {
	r := round{size: b.most}
	for first := true; ; first = false {
		list, all, err := b.next(ctx, r.size)
		if err != nil || len(list) == 0 && !first {
			return err
		}
		taken, err := b.send(ctx, list, all, r.bare)
		var bad *badError
		switch {
		case errors.As(err, &bad):
			if err := b.narrow(ctx, &r, list, bad); err != nil {
				return err
			}
			continue
		case err != nil || len(list) == 0:
			return err
		case taken == 0:
			return fmt.Errorf("records %d to %d: %w", list[0].Seq, list[len(list)-1].Seq, ErrStuck)
		}
		r.size, r.bare = min(2*len(list), b.most), true
	}
}

// narrow makes less of a batch that the hub does not take: first without what may
// be lost, then by halves, down to one record, which is put aside. So one bad
// record never holds up the others. Before that an empty batch must get through: a
// hub, or something in between, that takes nothing at all says nothing about
// records.
func (b *Outbox) narrow(ctx context.Context, r *round, list []record.Record, bad *badError) error {
	if bad.status == http.StatusRequestEntityTooLarge && len(list) > 1 {
		b.most = len(list) / 2
		r.size = b.most
		return nil
	}
	if !r.proven || len(list) == 1 {
		if _, err := b.send(ctx, nil, false, true); err != nil {
			return errors.Join(bad, err)
		}
		r.proven = true
	}
	switch {
	case !r.bare:
		r.bare = true
	case len(list) > 1:
		r.size = len(list) / 2
	case len(list) == 0:
		return bad
	case list[0].Kind == record.Void:
		return fmt.Errorf("record %d, which says nothing: %w: %w", list[0].Seq, ErrStuck, bad)
	default:
		b.o.Log.Warn("outbox: a record makes the hub fail, and is put aside", "seq", list[0].Seq, "err", bad)
		return b.o.Ledger.Quarantine(ctx, list[0].Seq, fmt.Sprintf("http-%d", bad.status))
	}
	return nil
}

// next returns the oldest records, at most size and about mostBytes, and whether
// nothing waits behind them.
func (b *Outbox) next(ctx context.Context, size int) (list []record.Record, all bool, err error) {
	list, err = b.o.Ledger.Pending(ctx, size+1)
	if err != nil {
		return nil, false, err
	}
	n, weight := 0, 0
	for n < min(len(list), size) && (n == 0 || weight+len(list[n].Sealed) <= mostBytes) {
		weight += len(list[n].Sealed)
		n++
	}
	return list[:n], n == len(list), nil
}

// send sends one batch and does what the ack says. It returns how many records
// the hub has taken.
func (b *Outbox) send(ctx context.Context, list []record.Record, all, bare bool) (int, error) {
	s, err := b.prepare(ctx, list, bare)
	if err != nil {
		return 0, err
	}
	s.all = all
	text, err := b.post(ctx, s.text)
	if err != nil {
		return 0, err
	}
	ack, err := b.readAck(text)
	if err == nil {
		err = s.fits(ack)
	}
	if err != nil {
		return 0, err
	}
	return b.apply(ctx, s, ack)
}

// post sends a signed batch and returns the body of a good answer.
func (b *Outbox) post(ctx context.Context, text []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := b.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAck+1))
	switch c := resp.StatusCode; {
	case c == http.StatusOK && err != nil:
		return nil, err
	case c == http.StatusOK && len(body) > mostAck:
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrAck, mostAck)
	case c == http.StatusOK:
		return body, nil
	case c == http.StatusTooManyRequests || c == http.StatusServiceUnavailable:
		return nil, &busyError{c, retryAfter(resp.Header, time.Now())}
	case c == http.StatusUnauthorized || c == http.StatusForbidden:
		return nil, fmt.Errorf("%w: %d", ErrRefused, c)
	case c == http.StatusRequestTimeout || c == http.StatusTooEarly || c == http.StatusProxyAuthRequired:
		return nil, fmt.Errorf("the way to the hub is not open: %d", c)
	case c >= 400 && c < 500:
		return nil, &badError{c}
	default:
		return nil, fmt.Errorf("the hub answers %d", c)
	}
}
