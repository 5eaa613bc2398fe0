package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"

	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

func objectOf(p delta.Packed) wire.Object {
	return wire.Object{Hash: sha256.Sum256(p.Bytes), Size: int64(len(p.Bytes)), Raw: p.Raw}
}

// save writes an object under its name.
func (p *Publisher) save(ctx context.Context, packed delta.Packed) (wire.Object, error) {
	o := objectOf(packed)
	return o, p.store.Put(ctx, o.Path(), packed.Bytes)
}

// errStore tells that the store did not answer, and nothing about what is in it.
var errStore = errors.New("the store does not answer")

// object reads an object and checks its bytes.
func (p *Publisher) object(ctx context.Context, o wire.Object) ([]byte, error) {
	b, err := p.store.Get(ctx, o.Path())
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			err = errors.Join(errStore, err)
		}
		return nil, err
	}
	if wire.Hash(sha256.Sum256(b)) != o.Hash {
		return nil, fmt.Errorf("publish: %s has other bytes than its name says", o.Path())
	}
	return b, nil
}

// rowsOf reads the board of a head back from the tree, and verifies its sum.
func (p *Publisher) rowsOf(ctx context.Context, h *wire.Head) (delta.Rows, error) {
	b, err := p.object(ctx, h.Base.Object)
	if err != nil {
		return nil, err
	}
	rows := make(delta.Rows, 0, h.Base.Rows)
	if err := delta.DecodeBase(bytes.NewReader(b), h.Base.Raw, func(r wire.Row) error {
		rows = append(rows, r)
		return nil
	}); err != nil {
		return nil, err
	}
	route, ok := h.Route(h.Base.Version, plainSize)
	if !ok {
		return nil, fmt.Errorf("publish: no deltas lead from the base %s to %s", h.Base.Version, h.Version)
	}
	for _, d := range route {
		if b, err = p.object(ctx, d.Plain); err != nil {
			return nil, err
		}
		c, err := delta.DecodePlain(b, d.Plain.Raw)
		if err != nil {
			return nil, err
		}
		if rows, err = rows.Apply(c); err != nil {
			return nil, err
		}
	}
	if len(rows) != h.Rows || rows.Sum() != h.Sum {
		return nil, fmt.Errorf("publish: the tree's board %s is not that of its head %s", h.Board, h.Version)
	}
	return rows, nil
}

func plainSize(d wire.Delta) int64 { return d.Plain.Size }
