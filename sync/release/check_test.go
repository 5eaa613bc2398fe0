package release

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// key is the n-th key of a test: always the same.
func key(n byte) trust.Signer {
	return trust.NewSigner(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize)))
}

// rooted is a root whose releases two of three people sign.
func rooted() trust.Root {
	r := trust.Root{Format: trust.Format, N: 1, Epoch: 1, Issued: day, Expires: day.AddDate(1, 0, 0)}
	r.SetRole(trust.RoleRoot, 1, key(1).Key())
	r.SetRole(trust.RoleHead, 1, key(10).Key())
	r.SetRole(trust.RoleAck, 1, key(20).Key())
	r.SetRole(trust.RoleImage, 2, key(30).Key(), key(31).Key(), key(32).Key())
	return r
}

// signed is a value in its envelope, as it travels.
func signed(t *testing.T, kind string, v any, by ...byte) []byte {
	t.Helper()
	e, err := trust.Seal(kind, text(t, v))
	for _, n := range by { // one after the other, as people do
		if err == nil {
			err = e.Add(key(n))
		}
	}
	b, werr := e.Write()
	if err != nil || werr != nil {
		t.Fatal(err, werr)
	}
	return b
}

// naming is an offer of what an envelope holds.
func naming(o Offer, manifest []byte) Offer {
	o.Manifest = wire.Object{Hash: sha256.Sum256(manifest), Size: int64(len(manifest)), Raw: int64(len(manifest))}
	return o
}

func TestCheck(t *testing.T) {
	root, all := rooted(), Wave{From: day, Permille: 1000}
	without := rooted()
	delete(without.Roles, trust.RoleImage)
	raised := rooted()
	raised.Epoch = 2
	good := signed(t, TypeManifest, built(t, 7), 30, 32)
	offer := naming(offered(7, all), good)
	said := signed(t, TypeOffer, offer, 10)
	asker := Asker{Kiosk: "k1", Target: "uefi-amd64", Serial: 6, Now: day}
	as := func(change func(*Asker)) Asker { a := asker; change(&a); return a }
	with := func(change func(*Offer)) []byte { o := offer; change(&o); return signed(t, TypeOffer, o, 10) }
	of := func(manifest []byte) []byte { return signed(t, TypeOffer, naming(offer, manifest), 10) }
	one, stranger := signed(t, TypeManifest, built(t, 7), 30), signed(t, TypeManifest, built(t, 7), 30, 99)
	hub, older := signed(t, TypeManifest, built(t, 7), 10, 20), signed(t, TypeManifest, built(t, 5), 30, 31)
	typed := signed(t, TypeOffer, built(t, 7), 30, 31)
	for what, v := range map[string]struct {
		root     trust.Root
		asker    Asker
		offer    []byte
		manifest []byte
		want     error
	}{
		"all as it should be":          {root, asker, said, good, nil},
		"the same offer again":         {root, as(func(a *Asker) { a.Last = offer }), said, good, nil},
		"a clock that is behind":       {root, as(func(a *Asker) { a.Now = day.AddDate(-1, 0, 0) }), said, good, ErrNotYet},
		"an offer by a stranger":       {root, asker, signed(t, TypeOffer, offer, 99), good, trust.ErrThreshold},
		"an offer by a release's keys": {root, asker, signed(t, TypeOffer, offer, 30, 31), good, trust.ErrThreshold},
		"a head as an offer":           {root, asker, signed(t, trust.TypeHead, offer, 10), good, trust.ErrType},
		"not an envelope":              {root, asker, []byte("{}"), good, ErrForm},
		"a long offer":                 {root, asker, append(bytes.Clone(said), make([]byte, MaxOffer)...), good, ErrForm},
		"one of two signatures":        {root, asker, of(one), one, trust.ErrThreshold},
		"one and a stranger":           {root, asker, of(stranger), stranger, trust.ErrThreshold},
		"the hub's own keys":           {root, asker, of(hub), hub, trust.ErrThreshold},
		"an offer as a manifest":       {root, asker, of(typed), typed, trust.ErrType},
		"a root without the role":      {without, asker, said, good, trust.ErrThreshold},
		"another target":               {root, as(func(a *Asker) { a.Target = "rpi-arm64" }), said, good, ErrTarget},
		"what runs":                    {root, as(func(a *Asker) { a.Serial = 7 }), said, good, ErrNotNewer},
		"older than what runs":         {root, as(func(a *Asker) { a.Serial = 8 }), said, good, ErrNotNewer},
		"expired":                      {root, as(func(a *Asker) { a.Now = offer.Expires }), said, good, ErrStale},
		"replayed":                     {root, as(func(a *Asker) { a.Last = offer; a.Last.Issued = day.Add(time.Second) }), said, good, ErrStale},
		"of an epoch before":           {raised, asker, said, good, ErrStale},
		"of an epoch to come":          {root, asker, with(func(o *Offer) { o.Epoch = 2 }), good, ErrStale},
		"not this terminal's":          {root, asker, with(func(o *Offer) { o.Waves = []Wave{{From: day, Terminals: []string{"k2"}}} }), good, ErrNotYet},
		"other bytes":                  {root, asker, said, append(bytes.Clone(good), '\n'), ErrOther},
		"an older release":             {root, asker, of(older), older, ErrOther},
		"another version":              {root, asker, with(func(o *Offer) { o.Version = "2.0" }), good, ErrOther},
		"a stolen key's 2099 is forgiven in a new epoch": {
			raised, as(func(a *Asker) { a.Last = Offer{Epoch: 1, Issued: day.AddDate(73, 0, 0)} }),
			with(func(o *Offer) { o.Epoch = 2 }), good, nil,
		},
	} {
		o, m, err := Check(&v.root, v.asker, v.offer, v.manifest)
		if !errors.Is(err, v.want) || (v.want == nil) != (err == nil) {
			t.Errorf("%s: %v", what, err)
		}
		if (err == nil) != (m.Serial == 7) {
			t.Errorf("%s: manifest with serial %d", what, m.Serial)
		}
		if (errors.Is(err, ErrStale) || errors.Is(err, ErrForm)) && o.Serial != 0 {
			t.Errorf("%s: an offer that is not believed came back", what)
		}
	}
}
