package seal

// Terminal seals what one terminal writes down. It is what kiosk/ledger asks of
// a Sealer.
type Terminal struct {
	Kiosk string // the terminal's name, as in its certificate
	Key   Key
}

// Seal closes the payload of one record, and says for which of the hub's keys.
func (t Terminal) Seal(incarnation string, seq uint64, kind string, payload []byte) (key string, sealed []byte, err error) {
	sealed, err = t.Key.Seal(About{Kiosk: t.Kiosk, Incarnation: incarnation, Seq: seq, Kind: kind, Format: Format}, payload)
	return t.Key.id, sealed, err
}
