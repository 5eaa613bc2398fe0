package feed

import (
	"bytes"
	"maps"
	"strings"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// attack is something that a mirror, a stick or a stolen key does.
type attack struct {
	name string
	want Code
	do   func(a *arena)
	// control is the same without what makes it an attack, or with a terminal that
	// lacks the one thing that finds it out: then it is taken. nil: the honest mirror.
	control func(a *arena)
	// signed tells that the head is signed as it should be: then it is accepted, and
	// the board alone must be as it was.
	signed bool
	// rooted tells that the mirror has a newer root, which is good and is kept.
	rooted bool
}

var attacks = []attack{
	{
		name: "rollback", want: Rollback,
		do:      func(a *arena) { replace(a.mirror, a.first) },
		control: func(a *arena) { replace(a.mirror, a.first); a.c = a.terminal(a.mirror) },
	},
	{
		name: "rollback of the head alone", want: Rollback,
		do: func(a *arena) { a.mirror["b/"+boardName+"/head"] = a.first["b/"+boardName+"/head"] },
	},
	{
		name: "fork", want: Fork,
		do: func(a *arena) { a.lie(func(h *wire.Head) { h.Version.N = 2; h.Deltas = h.Deltas[:1] }) },
		control: func(a *arena) {
			a.seen()
			a.lie(func(h *wire.Head) {
				h.Issued = h.Issued.Add(time.Minute)
				h.Revoked = wire.Revoked{Object: a.object(delta.EncodeRevoked([]string{a.rows[0].ID})), Count: 1}
			})
		},
	},
	{
		name: "fork, signed in the same moment", want: Fork,
		do: func(a *arena) { a.seen(); a.lie(func(h *wire.Head) { h.Expires = h.Expires.Add(time.Hour) }) },
	},
	{
		name: "the head before, without what was revoked", want: Rollback,
		do: func(a *arena) {
			a.lie(func(h *wire.Head) { h.Issued = h.Issued.Add(time.Minute) })
			a.seen()
			a.lie(func(*wire.Head) {})
		},
	},
	{
		name: "mix and match: objects of another version", want: BadObject, signed: true,
		do: func(a *arena) {
			old := a.mirror[a.head.Deltas[0].Plain.Path()]
			a.each(func([]byte) []byte { return old })
		},
	},
	{
		name: "mix and match: deltas of another board", want: BadSum, signed: true,
		do:      func(a *arena) { a.lie(func(h *wire.Head) { a.foreign(h, 7) }) },
		control: func(a *arena) { a.lie(func(h *wire.Head) { a.foreign(h, 1) }) },
	},
	{
		name: "the head of another board", want: OtherName,
		do: func(a *arena) { a.lie(func(h *wire.Head) { h.Board = "360481" }) },
		control: func(a *arena) {
			a.lie(func(h *wire.Head) { h.Board = "360481" })
			a.mirror["b/360481/head"] = a.mirror["b/"+boardName+"/head"]
			a.c = a.terminal(a.mirror)
			a.c.opts.Board = "360481"
		},
	},
	{
		name: "signed by a stranger", want: Unsigned,
		do: func(a *arena) { a.lie(func(*wire.Head) {}, signer(66)) },
		control: func(a *arena) {
			a.newRoot(func(r *trust.Root) { r.SetRole(trust.RoleHead, 1, a.sign.Key(), signer(66).Key()) }, signer(1), signer(2))
			a.lie(func(*wire.Head) {}, signer(66))
		},
	},
	{
		name: "a version of its own, unsigned", want: Unsigned,
		do: func(a *arena) {
			a.lie(func(h *wire.Head) { h.Version.N = 1<<32 - 1 })
			e := a.envelope()
			e.Signatures[0].Sig[0] ^= 1
			a.lay(e)
		},
	},
	{
		name: "signed as something else", want: Unsigned,
		do: func(a *arena) {
			e, err := trust.Seal(trust.TypeAck, a.envelope().Payload, a.sign)
			a.must(err)
			e.PayloadType = trust.TypeHead
			a.lay(e)
		},
	},
	{
		name: "a retired key", want: Unsigned, rooted: true,
		do: func(a *arena) {
			a.newRoot(func(r *trust.Root) { r.SetRole(trust.RoleHead, 1, signer(11).Key()) }, signer(1), signer(2))
			a.lie(func(h *wire.Head) { h.Version.N = 100; a.latest(h, 0) })
		},
		control: func(a *arena) { a.lie(func(h *wire.Head) { h.Version.N = 100; a.latest(h, 0) }) },
	},
	{
		name: "the epoch before", want: BadEpoch, rooted: true,
		do: func(a *arena) {
			a.newRoot(func(r *trust.Root) { r.Epoch = 2 }, signer(1), signer(2))
			a.lie(func(h *wire.Head) { h.Version.N = 100; a.latest(h, 0) })
		},
		control: func(a *arena) {
			a.newRoot(func(r *trust.Root) { r.Epoch = 2 }, signer(1), signer(2))
			a.lie(func(h *wire.Head) { h.Version = wire.Version{Epoch: 2, N: 1}; a.latest(h, 0) })
		},
	},
	{
		name: "an epoch to come", want: BadEpoch,
		do: func(a *arena) {
			a.lie(func(h *wire.Head) { h.Version = wire.Version{Epoch: 2, N: 1}; a.latest(h, 0) })
		},
	},
	{
		name: "an unknown algorithm", want: Unsigned, rooted: true,
		do: func(a *arena) { a.unknown(2) }, control: func(a *arena) { a.unknown(1) },
	},
	{
		name: "too few signatures", want: Unsigned, rooted: true,
		do:      func(a *arena) { a.two(); a.lie(a.epoch2, a.sign) },
		control: func(a *arena) { a.two(); a.lie(a.epoch2, a.sign, signer(11)) },
	},
	{
		name: "one signature twice", want: Unsigned, rooted: true,
		do: func(a *arena) {
			a.two()
			a.lie(a.epoch2, a.sign)
			e := a.envelope()
			e.Signatures = append(e.Signatures, e.Signatures[0], trust.Signature{KeyID: signer(11).Key().ID(), Sig: e.Signatures[0].Sig})
			a.lay(e)
		},
	},
	{
		name: "a root by too few", want: BadRoot,
		do:      func(a *arena) { a.newRoot(func(r *trust.Root) {}, signer(1)) },
		control: func(a *arena) { a.newRoot(func(r *trust.Root) {}, signer(1), signer(3)) },
	},
	{
		name: "a root that gives itself all keys", want: BadRoot,
		do: func(a *arena) {
			a.newRoot(func(r *trust.Root) { r.SetRole(trust.RoleRoot, 1, signer(66).Key()) }, signer(66))
		},
	},
	{
		name: "the head cut short", want: Unsigned,
		do: func(a *arena) {
			text := a.mirror["b/"+boardName+"/head"]
			a.mirror["b/"+boardName+"/head"] = text[:len(text)/2]
		},
	},
	{
		name: "objects cut short", want: BadObject, signed: true,
		do: func(a *arena) { a.each(func(text []byte) []byte { return text[:len(text)-1] }) },
	},
	{
		name: "objects changed by one bit", want: BadObject, signed: true,
		do: func(a *arena) { a.each(func(text []byte) []byte { text[len(text)/2] ^= 4; return text }) },
	},
	{
		// Rows, sums and sizes fit and the decoder is content: the hash alone tells.
		name: "deltas with other bytes that unpack to the same", want: BadObject, signed: true,
		do:      func(a *arena) { a.lie(func(h *wire.Head) { a.tailed(h, 1) }) },
		control: func(a *arena) { a.lie(func(h *wire.Head) { a.tailed(h, 0) }) },
	},
	{
		name: "a base with other bytes that unpacks to the same", want: BadObject, signed: true,
		do:      func(a *arena) { a.lie(func(h *wire.Head) { a.latest(h, 0); a.tailed(h, 1) }) },
		control: func(a *arena) { a.lie(func(h *wire.Head) { a.latest(h, 0); a.tailed(h, 0) }) },
	},
	{
		name: "a lane with other bytes that unpacks to the same", want: BadObject,
		do:      func(a *arena) { a.laneBut(3, func(o *wire.Object) { a.tail(o, 1) }) },
		control: func(a *arena) { a.laneBut(3, func(o *wire.Object) { a.tail(o, 0) }) },
	},
	{
		name: "no objects", want: Missing, signed: true,
		do: func(a *arena) {
			maps.DeleteFunc(a.mirror, func(path string, _ []byte) bool {
				return strings.HasPrefix(path, "o/") && path != a.head.Revoked.Path()
			})
		},
	},
	{
		name: "a head that does not end", want: BadObject,
		do: func(a *arena) {
			a.mirror["b/"+boardName+"/head"] = append(bytes.Repeat([]byte(" "), maxHead), a.mirror["b/"+boardName+"/head"]...)
		},
		control: func(a *arena) {
			a.mirror["b/"+boardName+"/head"] = append(bytes.Repeat([]byte(" "), 1<<20), a.mirror["b/"+boardName+"/head"]...)
		},
	},
	{
		name: "a root that does not end", want: BadObject,
		do: func(a *arena) { a.mirror["root/2.json"] = bytes.Repeat([]byte(" "), 10<<20) },
	},
	{
		name: "a base greater than it says", want: BadObject, signed: true,
		do:      func(a *arena) { a.lie(func(h *wire.Head) { a.latest(h, -1) }) },
		control: func(a *arena) { a.lie(func(h *wire.Head) { a.latest(h, 0) }) },
	},
	{
		name: "a zip bomb for a delta", want: BadObject, signed: true,
		do: func(a *arena) {
			a.lie(func(h *wire.Head) {
				o := a.object(bomb(64<<20), nil)
				o.Raw = 1000
				h.Deltas = []wire.Delta{{From: a.version(2), To: h.Version, Rows: h.Rows, Sum: h.Sum, Dict: &o, Plain: o}}
				h.Base.Object = o
			})
		},
	},
	{
		name: "a zip bomb for the lane", want: BadObject,
		do: func(a *arena) {
			a.lie(func(h *wire.Head) {
				h.Revoked = wire.Revoked{Object: a.object(bomb(64<<20), nil), Count: 1}
				h.Revoked.Raw = 1000
			})
		},
	},
	{
		name: "a lane greater than any may be", want: BadHead,
		do: func(a *arena) { a.lie(func(h *wire.Head) { h.Revoked.Count, h.Revoked.Raw = 1, maxLane+1 }) },
	},
	{
		name: "a lane with more ids than it says", want: BadObject,
		do: func(a *arena) {
			a.lie(func(h *wire.Head) {
				h.Revoked = wire.Revoked{Object: a.object(delta.EncodeRevoked([]string{"x", "y"})), Count: 1}
			})
		},
	},
	{
		name: "a lane that names everything", want: WideLane,
		do:      func(a *arena) { a.lane(len(a.c.board.rows)) },
		control: func(a *arena) { a.lane(3) },
	},
	{
		name: "a lane that names everything, for a new terminal", want: WideLane, signed: true,
		do:      func(a *arena) { a.c = a.terminal(a.mirror); a.lane(len(a.c.board.rows) + 38) },
		control: func(a *arena) { a.c = a.terminal(a.mirror); a.lane(3) },
	},
	{
		name: "a sum that does not come out", want: BadSum, signed: true,
		do: func(a *arena) {
			a.lie(func(h *wire.Head) { a.latest(h, 0); h.Base.Sum.Dates[9]++; h.Sum = h.Base.Sum })
		},
	},
	{
		name: "a number of rows that does not come out", want: BadSum, signed: true,
		do: func(a *arena) { a.lie(func(h *wire.Head) { h.Rows++; h.Deltas[1].Rows++; h.Base.Rows++ }) },
	},
	{
		name: "a row that is wrong", want: BadRows, signed: true,
		do:      func(a *arena) { a.lie(func(h *wire.Head) { a.spoil(h, "market") }) },
		control: func(a *arena) { a.lie(func(h *wire.Head) { a.latest(h, 0) }) },
	},
	{
		name: "no way to the version", want: BadHead, signed: true,
		do: func(a *arena) { a.lie(func(h *wire.Head) { h.Deltas = nil }) },
	},
}
