package kiosk

import "testing"

func TestFenString(t *testing.T) {
	for f, want := range map[Fen]string{
		0: "0", 35: "0.35", 5: "0.05", 50: "0.5", 100: "1", 120: "1.2", 1205: "12.05", Yuan(5000): "5000",
	} {
		if got := f.String(); got != want {
			t.Errorf("%d fen is written %s, want %s", int64(f), got, want)
		}
	}
}

func TestMonthly(t *testing.T) {
	tests := []struct {
		name   string
		pay    Pay
		lo, hi Fen
		ok     bool
	}{
		{"month", Pay{Min: Yuan(5000), Max: Yuan(8000), Unit: PerMonth}, Yuan(5000), Yuan(8000), true},
		{"day: 21.75 of them", Pay{Min: Yuan(200), Max: Yuan(240), Unit: PerDay}, Yuan(4350), Yuan(5220), true},
		{"hour: 174 of them", Pay{Min: Yuan(20), Max: Yuan(25), Unit: PerHour}, Yuan(3480), Yuan(4350), true},
		{"week: 4.35 of them", Pay{Min: Yuan(1000), Max: Yuan(1200), Unit: PerWeek}, Yuan(4350), Yuan(5220), true},
		{"year: a twelfth", Pay{Min: Yuan(60000), Max: Yuan(96000), Unit: PerYear}, Yuan(5000), Yuan(8000), true},
		{"piece with an estimate", Pay{Min: 35, Max: 60, Unit: PerPiece, EstMin: Yuan(5000), EstMax: Yuan(8000)}, Yuan(5000), Yuan(8000), true},
		{"piece without one", Pay{Min: 35, Max: 60, Unit: PerPiece}, 0, 0, false},
		{"negotiable", Pay{Unit: Negotiable}, 0, 0, false},
		{"an estimate does not replace a given month", Pay{Min: Yuan(3000), Max: Yuan(3000), Unit: PerMonth, EstMax: Yuan(9000)}, Yuan(3000), Yuan(3000), true},
		{"month without a figure", Pay{Unit: PerMonth}, 0, 0, false},
		{"unit of another world", Pay{Min: 1, Max: 1, Unit: "moon"}, 0, 0, false},
	}
	for _, tt := range tests {
		lo, hi, ok := tt.pay.Monthly()
		if lo != tt.lo || hi != tt.hi || ok != tt.ok {
			t.Errorf("%s: %s to %s, %v; want %s to %s, %v", tt.name, lo, hi, ok, tt.lo, tt.hi, tt.ok)
		}
	}
}

// Units that pay the same for the same hours must compare as the same, or a
// list sorted by pay would favour the way a posting is written.
func TestMonthlyIsTheSameForTheSameWork(t *testing.T) {
	for hour := Fen(1000); hour <= 10000; hour += 125 {
		day, week, year := hour*8, hour*40, hour*174*12
		for _, p := range []Pay{
			{Min: hour, Max: hour, Unit: PerHour},
			{Min: day, Max: day, Unit: PerDay},
			{Min: week, Max: week, Unit: PerWeek},
			{Min: year, Max: year, Unit: PerYear},
		} {
			if lo, hi, ok := p.Monthly(); !ok || lo != hour*174 || hi != hour*174 {
				t.Fatalf("%s yuan per %s is %s to %s a month, want %s", p.Min, p.Unit, lo, hi, hour*174)
			}
		}
	}
}

func TestPayCheck(t *testing.T) {
	good := []Pay{
		{Min: 0, Max: 35, Unit: PerPiece},
		{Min: Yuan(5000), Max: Yuan(5000), Unit: PerMonth},
		{Unit: Negotiable, Original: "面议"},
	}
	for _, p := range good {
		if err := p.Check(); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
	}
	bad := map[string]Pay{
		"no unit":         {Min: 1, Max: 1},
		"other unit":      {Min: 1, Max: 1, Unit: "moon"},
		"negative":        {Min: -1, Max: 1, Unit: PerDay},
		"negative guess":  {Min: 1, Max: 1, Unit: PerPiece, EstMin: -1},
		"figure to agree": {Min: 1, Max: 1, Unit: Negotiable},
		"no figure":       {Unit: PerMonth},
		"turned round":    {Min: 2, Max: 1, Unit: PerMonth},
		"guess turned":    {Min: 1, Max: 1, Unit: PerPiece, EstMin: 2, EstMax: 1},
	}
	for name, p := range bad {
		if p.Check() == nil {
			t.Errorf("%s: %+v is taken", name, p)
		}
	}
}
