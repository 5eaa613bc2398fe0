package release

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"time"
)

// For tells whether a terminal may take the release at a time. A terminal that may
// stays in while waves are added: each one counts for itself, and whom a share
// takes in, every greater share takes in too.
func (o Offer) For(kiosk string, now time.Time) bool {
	place := o.place(kiosk)
	return slices.ContainsFunc(o.Waves, func(w Wave) bool {
		return !now.Before(w.From) && (place < w.Permille || slices.Contains(w.Terminals, kiosk))
	})
}

// place is where a terminal stands in the queue for a release: 0 to 999. With the
// serial in it, it is not always the same terminals that go first.
func (o Offer) place(kiosk string) int {
	sum := sha256.Sum256([]byte(kiosk + "\x00" + strconv.FormatUint(o.Serial, 10)))
	return int(binary.BigEndian.Uint64(sum[:]) % 1000)
}
