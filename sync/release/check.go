package release

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// Asker is the terminal that asks, and when. Last is the offer of its target that
// it accepted before, or the zero Offer; whoever keeps it writes it down before a
// manifest is fetched.
type Asker struct {
	Kiosk, Target string
	Serial        uint64 // of the running system
	Last          Offer
	Now           time.Time // never below the floor of sync/trust
}

// Offer proves an offer and says what is to become of it. The offer that comes
// back with ErrNotNewer or ErrNotYet is good and counts as accepted: it is what
// Last is next time. With any other error it is the zero Offer.
func (a Asker) Offer(root *trust.Root, envelope []byte) (Offer, error) {
	if len(envelope) > MaxOffer {
		return Offer{}, fmt.Errorf("release: an offer of %d bytes %w", len(envelope), ErrForm)
	}
	payload, err := open(root, envelope, TypeOffer, trust.RoleHead)
	if err != nil {
		return Offer{}, err
	}
	o, err := ReadOffer(payload)
	if err != nil {
		return Offer{}, err
	}
	switch {
	case o.Target != a.Target:
		return Offer{}, fmt.Errorf("release: an offer for %s on %s %w", o.Target, a.Target, ErrTarget)
	case o.Epoch != root.Epoch || o.Epoch < a.Last.Epoch:
		return Offer{}, fmt.Errorf("release: an offer of epoch %d under root %d of epoch %d %w", o.Epoch, root.N, root.Epoch, ErrStale)
	case o.Epoch == a.Last.Epoch && o.Issued.Before(a.Last.Issued):
		return Offer{}, fmt.Errorf("release: an offer of %s after one of %s %w", o.Issued, a.Last.Issued, ErrStale)
	case !a.Now.Before(o.Expires):
		return Offer{}, fmt.Errorf("release: an offer until %s %w", o.Expires, ErrStale)
	case o.Serial <= a.Serial:
		return o, fmt.Errorf("release: %s with serial %d on %d %w", o.Version, o.Serial, a.Serial, ErrNotNewer)
	case !o.For(a.Kiosk, a.Now):
		return o, fmt.Errorf("release: %s %w", o.Version, ErrNotYet)
	}
	return o, nil
}

// ReadManifest proves the manifest that the offer names, and that it says the same.
func (o Offer) ReadManifest(root *trust.Root, envelope []byte) (Manifest, error) {
	if int64(len(envelope)) != o.Manifest.Size || wire.Hash(sha256.Sum256(envelope)) != o.Manifest.Hash {
		return Manifest{}, fmt.Errorf("release: a manifest of %d bytes %w", len(envelope), ErrOther)
	}
	payload, err := open(root, envelope, TypeManifest, trust.RoleImage)
	if err != nil {
		return Manifest{}, err
	}
	m, err := ReadManifest(payload)
	if err != nil {
		return Manifest{}, err
	}
	if m.Target != o.Target || m.Version != o.Version || m.Serial != o.Serial {
		return Manifest{}, fmt.Errorf("release: a manifest of %s %s with serial %d %w", m.Target, m.Version, m.Serial, ErrOther)
	}
	return m, nil
}

// Check proves both: an offer that the terminal may take now, and its manifest.
func Check(root *trust.Root, a Asker, offer, manifest []byte) (Offer, Manifest, error) {
	o, err := a.Offer(root, offer)
	if err != nil {
		return o, Manifest{}, err
	}
	m, err := o.ReadManifest(root, manifest)
	return o, m, err
}

// open gives back what an envelope of a role carries. A root without the role has
// no threshold, and so believes nobody.
func open(root *trust.Root, text []byte, kind, role string) ([]byte, error) {
	e, err := trust.ReadEnvelope(text)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("release: %s %w", kind, ErrForm), err)
	}
	payload, err := e.Open(kind, root.Roles[role], root.Keys)
	if err != nil {
		return nil, fmt.Errorf("release: under root %d: %w", root.N, err)
	}
	return payload, nil
}
