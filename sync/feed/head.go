package feed

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// roots follows the chain of roots as far as the source has it.
func (r *round) roots(ctx context.Context) error {
	root, err := trust.ReadRoot(r.opts.Root)
	if err != nil {
		return as(BadRoot, err)
	}
	if len(r.st.Root) > 0 {
		// What was vouched for once is not asked about again, unless the program
		// came with a newer one.
		if later, err := trust.ReadRoot(r.st.Root); err == nil && later.N > root.N {
			root = later
		}
	}
	root, text, err := trust.Walk(root, func(n uint32) ([]byte, error) {
		text, _, err := r.small(ctx, fmt.Sprintf("root/%d.json", n), trust.MaxRoot, "")
		if errors.Is(err, ErrNone) {
			return nil, nil
		}
		return text, err
	})
	r.root = root
	if text != nil {
		r.st.Root = text
		if err := r.keep(); err != nil {
			return err
		}
	}
	return as(BadRoot, err)
}

// readHead fetches the head and proves it. It is nil when the server says that it
// is the one that was accepted.
func (r *round) readHead(ctx context.Context) (*wire.Head, error) {
	text, reply, err := r.small(ctx, "b/"+r.opts.Board+"/head", maxHead, r.etag())
	if err != nil || reply.Unchanged {
		return nil, err
	}
	e, err := trust.ReadEnvelope(text)
	if err != nil {
		return nil, as(Unsigned, err)
	}
	payload, err := r.root.Open(e, trust.TypeHead)
	if err != nil {
		return nil, as(Unsigned, err)
	}
	var h wire.Head
	if err := json.Unmarshal(payload, &h); err != nil {
		return nil, refuse(BadHead, "read the head: %w", err)
	}
	r.hash, r.tag = sha256.Sum256(payload), reply.ETag
	return &h, r.checkHead(&h)
}

// etag is that of the accepted head, when an answer that nothing has changed would
// do: the board is at it, and was looked through lately.
func (r *round) etag() string {
	if r.free || r.at != r.st.Version || r.due() || r.behind() || r.root.Epoch != r.st.Version.Epoch {
		return ""
	}
	return r.st.ETag
}

// checkHead compares a signed head with what was asked for, and with what was
// accepted before.
func (r *round) checkHead(h *wire.Head) error {
	accepted := r.st.Version
	if r.at.Compare(accepted) > 0 { // the state was lost, the board was not
		accepted = r.at
	}
	switch err := h.Check(); {
	case h.Board != r.opts.Board:
		return refuse(OtherName, "the head is of board %.40q, not %s", h.Board, r.opts.Board)
	case err != nil:
		return as(BadHead, err)
	case h.Version.Epoch != r.root.Epoch:
		return refuse(BadEpoch, "the head is version %s, root %d has epoch %d", h.Version, r.root.N, r.root.Epoch)
	case h.Version.Compare(accepted) < 0:
		return refuse(Rollback, "the head is version %s, %s was accepted before", h.Version, accepted)
	case h.Version == r.st.Version:
		return r.checkAgain(h)
	}
	return nil
}

// checkAgain checks a head of the accepted version. It may have been signed again
// since, with what was revoked in the meantime; it may not say that the version is
// something else, nor may an older one be shown again, without what was revoked.
func (r *round) checkAgain(h *wire.Head) error {
	issued := r.st.Floor.Issued
	switch {
	case h.Issued.Before(issued):
		return refuse(Rollback, "the head of version %s was signed at %s, another at %s was accepted before", h.Version, h.Issued, issued)
	case h.Rows != r.st.Rows || h.Sum != r.st.Sum || h.Issued.Equal(issued) && r.hash != r.st.Hash:
		return refuse(Fork, "there is another head of version %s", h.Version)
	}
	return nil
}

// accept takes note of a head whose lane was applied.
func (r *round) accept(h *wire.Head) {
	if r.st.Hash != r.hash {
		r.st.ETag = ""
	}
	r.st.Version, r.st.Rows, r.st.Sum = h.Version, h.Rows, h.Sum
	r.st.Hash, r.st.Expires, r.st.Floor.Issued = r.hash, h.Expires, h.Issued
}

// behind tells whether the hub has told of a newer head than the accepted one.
func (r *round) behind() bool { return r.st.Newest.Compare(r.st.Version) > 0 }
