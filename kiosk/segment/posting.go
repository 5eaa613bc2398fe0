package segment

import (
	"encoding/binary"
	"math"
	"time"

	"jobhome/kiosk"
)

// zone is China's one time zone; it has had no summer time since 1991.
var zone = time.FixedZone("CST", 8*60*60)

// AppendPosting appends a posting: strings with their lengths, numbers as
// varints, times as Unix seconds with 0 for none, and no zero fields at the
// end, so that a field added behind does not change postings without it.
func AppendPosting(dst []byte, p *kiosk.Posting) []byte {
	end := len(dst)
	mark := func(set bool) {
		if set {
			end = len(dst)
		}
	}
	for _, s := range []string{
		p.ID, p.Title, p.Employer.Name, p.Employer.CreditCode, p.Occupation.Code, p.Occupation.Name,
		string(p.Channel), string(p.Area), p.Address, string(p.Pay.Unit), p.Pay.Original, p.Hours,
		p.Requirements, p.Contact.Person, p.Contact.Phone, p.Contact.Rule, p.Source.Name, p.Source.Ref, p.Description,
	} {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
		dst = append(dst, s...)
		mark(s != "")
	}
	for _, v := range []float64{p.Location.Lat, p.Location.Lon} {
		dst = appendDegrees(dst, v)
		mark(v != 0)
	}
	for _, n := range []int64{
		seconds(p.Published), seconds(p.ValidThrough), seconds(p.Refreshed), seconds(p.Starts),
		int64(p.Pay.Min), int64(p.Pay.Max), int64(p.Pay.EstMin), int64(p.Pay.EstMax),
		int64(p.Headcount), int64(p.Education), int64(p.Experience),
		int64(p.Shifts), int64(p.Benefits), int64(p.Certificates),
	} {
		dst = binary.AppendVarint(dst, n)
		mark(n != 0)
	}
	return dst[:end]
}

// ParsePosting reads what AppendPosting has written; its strings share the
// memory of text. Its error is [ErrDamaged].
func ParsePosting(text string) (kiosk.Posting, error) {
	var p kiosk.Posting
	d := decoder{text: text, short: true}
	for _, s := range []*string{
		&p.ID, &p.Title, &p.Employer.Name, &p.Employer.CreditCode, &p.Occupation.Code, &p.Occupation.Name,
		(*string)(&p.Channel), (*string)(&p.Area), &p.Address, (*string)(&p.Pay.Unit), &p.Pay.Original, &p.Hours,
		&p.Requirements, &p.Contact.Person, &p.Contact.Phone, &p.Contact.Rule, &p.Source.Name, &p.Source.Ref, &p.Description,
	} {
		*s = d.string()
	}
	p.Location = kiosk.Point{Lat: d.degrees(), Lon: d.degrees()}
	for _, t := range []*time.Time{&p.Published, &p.ValidThrough, &p.Refreshed, &p.Starts} {
		if n := d.int(); n != 0 {
			*t = time.Unix(n, 0).In(zone)
		}
	}
	for _, f := range []*kiosk.Fen{&p.Pay.Min, &p.Pay.Max, &p.Pay.EstMin, &p.Pay.EstMax} {
		*f = kiosk.Fen(d.int())
	}
	p.Headcount, p.Education, p.Experience = int(d.int()), kiosk.Education(d.int()), int(d.int())
	p.Shifts, p.Benefits, p.Certificates = kiosk.Shifts(d.int()), kiosk.Benefits(d.int()), kiosk.Certificates(d.int())
	if d.bad || d.text != "" {
		return kiosk.Posting{}, ErrDamaged
	}
	return p, nil
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// appendDegrees writes millionths of a degree when that is exact, marked by an
// even number, else a 1 and the bits.
func appendDegrees(dst []byte, v float64) []byte {
	if m := math.Round(v * 1e6); math.Abs(m) <= 360e6 && m/1e6 == v {
		return binary.AppendVarint(dst, int64(m)*2)
	}
	return binary.LittleEndian.AppendUint64(binary.AppendVarint(dst, 1), math.Float64bits(v))
}

// decoder takes values off the front of text. With short, the end of text
// stands for zeros.
type decoder struct {
	text  string
	short bool
	bad   bool
}

func (d *decoder) uint() (n uint64) {
	if d.text == "" && d.short {
		return 0
	}
	for i := 0; i < len(d.text) && i < binary.MaxVarintLen64; i++ {
		c := d.text[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.text = d.text[i+1:]
			return n
		}
	}
	d.bad, d.text = true, ""
	return 0
}

func (d *decoder) int() int64 {
	n := d.uint()
	return int64(n>>1) ^ -int64(n&1)
}

func (d *decoder) string() string { return d.take(d.uint()) }

func (d *decoder) take(n uint64) string {
	if n > uint64(len(d.text)) {
		d.bad, d.text = true, ""
		return ""
	}
	s := d.text[:n]
	d.text = d.text[n:]
	return s
}

func (d *decoder) degrees() float64 {
	n := d.int()
	if n&1 == 0 {
		return float64(n/2) / 1e6
	}
	s := d.take(8)
	if d.bad {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64([]byte(s)))
}
