package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
)

// Bounds of a batch.
const (
	MostRecords = 1000
	mostKnown   = 500
	mostStatus  = 64 << 10 // bytes
)

var incarnationName = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// batch is record.Batch with its records as they came, so that one that cannot be
// read does not take the others with it.
type batch struct {
	Kiosk       string            `json:"kiosk"`
	Incarnation string            `json:"incarnation"`
	Nonce       string            `json:"nonce"`
	Records     []json.RawMessage `json:"records"`
	Status      json.RawMessage   `json:"status"`
	Known       []kiosk.Code      `json:"known"`

	seqs []int64
}

// readBatch reads a batch. Its error wraps ErrBatch. Records must be numbered, in
// rising order; what else they say is looked at one by one.
func readBatch(text []byte) (batch, error) {
	var b batch
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&b); err != nil {
		return b, fmt.Errorf("%w: %w", ErrBatch, err)
	}
	switch {
	case len(bytes.TrimSpace(text[d.InputOffset():])) > 0:
		return b, fmt.Errorf("%w: something stands behind its end", ErrBatch)
	case !incarnationName.MatchString(b.Incarnation):
		return b, fmt.Errorf("%w: incarnation %.80q", ErrBatch, b.Incarnation)
	case len(b.Records) > MostRecords || len(b.Known) > mostKnown || len(b.Status) > mostStatus || !plain(b.Nonce, 128):
		return b, fmt.Errorf("%w: more than %d records, %d codes or %d bytes of status, or a long nonce", ErrBatch, MostRecords, mostKnown, mostStatus)
	}
	last := int64(0)
	for i, r := range b.Records {
		var n struct {
			Seq int64 `json:"seq"`
		}
		if err := json.Unmarshal(r, &n); err != nil {
			return b, fmt.Errorf("%w: record %d has no number", ErrBatch, i)
		}
		if n.Seq <= last || n.Seq > mostSeq {
			return b, fmt.Errorf("%w: record %d has number %d after %d", ErrBatch, i, n.Seq, last)
		}
		last = n.Seq
		b.seqs = append(b.seqs, last)
	}
	b.Known = slices.DeleteFunc(b.Known, func(c kiosk.Code) bool { _, err := kiosk.ParseCode(string(c)); return err != nil })
	return b, nil
}

// From is which way a batch came.
type From struct {
	Terminal string // whose certificate brought it; empty: none did
	Stick    bool
}

// Accept takes a signed batch and gives the signed ack, when everything is on the
// disk. The same batch again, and any part of it, is acknowledged again and
// changes nothing. The error wraps trust.ErrForm or trust.ErrType (no envelope
// with a batch), ErrUnknown, ErrRevoked, ErrSignature, ErrOther or ErrBatch; any
// other is the hub's own trouble, and the batch may be sent again.
func (f *Fleet) Accept(ctx context.Context, from From, e trust.Envelope) (trust.Envelope, error) {
	t, b, err := f.believe(ctx, from, e)
	if err != nil {
		return trust.Envelope{}, fmt.Errorf("fleet: accept: %w", err)
	}
	done, err := f.turns.take(ctx, t.id)
	if err != nil {
		return trust.Envelope{}, fmt.Errorf("fleet: accept from %s: %w", t.id, err)
	}
	defer done()
	now := f.o.Now()
	in := &intake{Fleet: f, trusted: t, batch: b, from: from, now: now}
	if err := in.look(ctx); err != nil {
		return trust.Envelope{}, fmt.Errorf("fleet: accept from %s: %w", t.id, err)
	}
	in.items = f.readAll(b, in.watermark, now)
	if err := in.write(ctx); err != nil {
		return trust.Envelope{}, fmt.Errorf("fleet: accept from %s: %w", t.id, err)
	}
	ack, err := in.answer(ctx)
	if err != nil {
		return trust.Envelope{}, fmt.Errorf("fleet: answer %s: %w", t.id, err)
	}
	payload, err := json.Marshal(ack)
	if err != nil {
		return trust.Envelope{}, fmt.Errorf("fleet: answer %s: %w", t.id, err)
	}
	return trust.Seal(trust.TypeAck, payload, f.o.Signer)
}

// believe says whose batch it is, and reads it once the signature is that of the
// terminal.
func (f *Fleet) believe(ctx context.Context, from From, e trust.Envelope) (trusted, batch, error) {
	if e.PayloadType != trust.TypeBatch {
		return trusted{}, batch{}, fmt.Errorf("%.80q: %w", e.PayloadType, trust.ErrType)
	}
	var claim struct {
		Kiosk string `json:"kiosk"`
	}
	if err := json.Unmarshal(e.Payload, &claim); err != nil {
		return trusted{}, batch{}, fmt.Errorf("%w: %w", ErrBatch, err)
	}
	if from.Terminal != "" && claim.Kiosk != from.Terminal {
		return trusted{}, batch{}, fmt.Errorf("%.80q is brought by %s: %w", claim.Kiosk, from.Terminal, ErrOther)
	}
	var t trusted
	err := f.db.View(ctx, func(tx *hubdb.Tx) error {
		var err error
		t, err = readTrust(ctx, tx, claim.Kiosk)
		return err
	})
	if err != nil {
		return t, batch{}, err
	}
	key := trust.Key{Alg: trust.Ed25519, Public: t.key}
	payload, err := e.Open(trust.TypeBatch, trust.Role{Keys: []string{key.ID()}, Threshold: 1}, map[string]trust.Key{key.ID(): key})
	if errors.Is(err, trust.ErrThreshold) {
		return t, batch{}, fmt.Errorf("%s: %w", t.id, ErrSignature)
	}
	if err != nil {
		return t, batch{}, err
	}
	b, err := readBatch(payload)
	if err == nil && b.Kiosk != t.id {
		err = fmt.Errorf("%w: it names two terminals", ErrBatch) // the claim is read a second time: "kiosk" may stand twice
	}
	return t, b, err
}

// readAll opens the records above the watermark, several at a time: opening one
// costs as much as storing ten.
func (f *Fleet) readAll(b batch, watermark int64, now time.Time) []item {
	first := 0
	for first < len(b.seqs) && b.seqs[first] <= watermark {
		first++
	}
	items := make([]item, len(b.seqs)-first)
	var all sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), 1+len(items)/16)
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(items); i += workers {
				about := seal.About{Kiosk: b.Kiosk, Incarnation: b.Incarnation, Seq: uint64(b.seqs[first+i]), Format: seal.Format}
				items[i] = f.read(b.Records[first+i], about, now)
			}
		})
	}
	all.Wait()
	return items
}

// status reads the batch's status; one that cannot be read is as good as none.
func (b *batch) status() (record.Status, bool) {
	var s record.Status
	if len(b.Status) == 0 || json.Unmarshal(b.Status, &s) != nil || !plain(string(b.Status), mostStatus) || s.At.IsZero() {
		return record.Status{}, false
	}
	return s, true
}
