package match

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"jobhome/kiosk"
)

// FuzzTable puts raw values into an ask and into every third posting of a
// random board, and holds the table against the full scan.
func FuzzTable(f *testing.F) {
	f.Add(uint64(1), int64(4000_00), int64(5000_00), 3000.0, 115.8, uint32(0x00030101), now.Unix())
	f.Add(uint64(2), int64(-1), int64(math.MinInt64), math.NaN(), math.Inf(1), uint32(0xffffffff), int64(math.MaxInt64))
	f.Add(uint64(3), int64(math.MaxInt64), int64(1), math.Inf(1), 0.0, uint32(0x80f0ff00), int64(0))
	f.Add(uint64(4), int64(math.MaxInt32), int64(math.MaxInt32+1), -5.0, -180.0, uint32(0x01020304), int64(math.MaxUint32))
	f.Add(uint64(5), int64(3), int64(0), 1e-300, 29.25, uint32(0), int64(-62135596800))
	f.Fuzz(func(t *testing.T, seed uint64, low, high int64, within, degrees float64, sets uint32, seconds int64) {
		r := rand.New(rand.NewPCG(seed, 12))
		board, ask := randomBoard(r, 1+r.IntN(400)), randomAsk(r)
		units := []kiosk.PayUnit{kiosk.PerMonth, kiosk.PerDay, kiosk.PerHour, kiosk.PerWeek, kiosk.PerYear, kiosk.PerPiece, "?"}
		for i := 0; i < len(board); i += 3 {
			p := &board[i]
			switch r.IntN(7) {
			case 0:
				p.Pay = kiosk.Pay{Unit: pick(r, units...), Min: kiosk.Fen(low), Max: kiosk.Fen(high), EstMin: kiosk.Fen(high), EstMax: kiosk.Fen(low)}
			case 1:
				p.Location = kiosk.Point{Lat: degrees / 4, Lon: degrees}
			case 2:
				p.Shifts, p.Benefits = kiosk.Shifts(sets), kiosk.Benefits(sets>>8)
			case 3:
				p.Education = kiosk.Education(int8(sets))
			case 4:
				p.Starts, p.Published = time.Unix(seconds, low), time.Unix(seconds, high)
			case 5:
				p.ValidThrough = time.Unix(seconds, low)
			case 6:
				p.Certificates, p.Experience = kiosk.Certificates(sets>>3), int(low)
			}
		}
		a := &ask.Profile
		switch r.IntN(6) {
		case 0:
			a.Within = within
		case 1:
			a.PayAtLeast = kiosk.Fen(low)
		case 2:
			a.Shifts, a.Benefits, a.Education = kiosk.Shifts(sets), kiosk.Benefits(sets>>8), kiosk.Education(int8(sets>>16))
		case 3:
			ask.Now = time.Unix(seconds, high)
		case 4:
			a.PayAtLeast, a.Within = kiosk.Fen(high), within
		case 5:
			ask.Resident.BirthYear = int(int16(sets))
		}
		if r.IntN(2) == 0 {
			a.CertificatesSaid, a.Certificates = true, kiosk.Certificates(sets)
			a.ExperienceSaid, a.Experience = true, int(high)
		}
		ask.Limit = int(sets % 70)
		same(t, NewTable(board, site), board, ask)
	})
}
