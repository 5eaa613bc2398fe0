package idcard_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"jobhome/drivers/idcard"
	"jobhome/drivers/sim"
)

// sample is a published number of GB 11643 on an otherwise invented card.
func sample() sim.Person {
	return sim.Person{
		Type: idcard.Resident, Name: "张三", Sex: idcard.Female, Ethnic: 1,
		Birth: "19491231", Number: "11010519491231002X", Address: "幸福路1号",
		Authority: "示范市公安局", From: "20060102", To: "长期",
	}
}

func TestFourLayouts(t *testing.T) {
	foreign2017 := sim.Person{
		Type: idcard.Foreigner2017, ForeignName: "SMITH, JOHN MICHAEL", Name: "史密斯", Sex: idcard.Male,
		Birth: "19810901", Number: "USA330181090102", Nationality: "USA", Authority: "1500", From: "20100101", To: "20200101",
	}
	foreign2023 := sim.Person{
		Type: idcard.Foreigner2023, Name: "马雅", Sex: idcard.Female, Birth: "19850101", Issue: 2,
		ForeignName: "VERYLONGFAMILYNAME, GIVENNAMEONE TWOTHREE", Number: "932682198501010017",
		Nationality: "SAU", From: "20231201", To: "20331201",
	}
	for _, p := range append(sim.People(), sample(), foreign2017, foreign2023) {
		rec := p.Record()
		before := bytes.Clone(rec)
		c, err := idcard.ParseRecord(rec)
		if err != nil {
			t.Errorf("%s %s: %v", p.Type, p.ID, err)
			continue
		}
		if !bytes.Equal(rec, before) {
			t.Errorf("%s: the record was changed", p.ID)
		}
		got := sim.Person{
			ID: p.ID, Label: p.Label, NewAddress: p.NewAddress, // not in the record
			Type: c.Type, Name: string(c.Name), ForeignName: string(c.ForeignName), Sex: c.Sex, Ethnic: c.Ethnic,
			Birth: strings.ReplaceAll(c.Birth.String(), "-", ""), Number: string(c.Number), Address: string(c.Address),
			Authority: string(c.Authority), From: strings.ReplaceAll(c.ValidFrom.String(), "-", ""),
			To: strings.ReplaceAll(c.ValidTo.String(), "-", ""), Nationality: string(c.Nationality),
			Pass: string(c.Pass), Issue: c.Issue,
		}
		if c.LongTerm {
			got.To += "长期"
		}
		if got != p {
			t.Errorf("%s:\n got %+v\nwant %+v", p.ID, got, p)
		}
	}
}

func TestPeopleOfTheDemonstration(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range sim.People() {
		if err := idcard.CheckNumber([]byte(p.Number)); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
		if a := p.Number; a[2:4] != "99" && a[1:3] != "99" {
			t.Errorf("%s: the area could be a real one", p.ID)
		}
		if seen[p.ID] || p.ID == "" || p.Label == "" {
			t.Errorf("%q %q: want a key of its own and a label", p.ID, p.Label)
		}
		seen[p.ID] = true
	}
}

// put writes text into a record.
func put(rec []byte, off int, s string) {
	for i, u := range utf16.Encode([]rune(s)) {
		binary.LittleEndian.PutUint16(rec[off+2*i:], u)
	}
}

func TestDamagedRecords(t *testing.T) {
	for name, spoil := range map[string]func(rec []byte){
		"wrong check digit":    func(r []byte) { put(r, 156, "1") },
		"letter in the number": func(r []byte) { put(r, 130, "A") },
		"full-width digit":     func(r []byte) { put(r, 130, "９") },
		"17 characters":        func(r []byte) { put(r, 156, " ") },
		"number of another day": func(r []byte) {
			n := []byte("11010519491230001") // right in itself
			put(r, 122, string(append(n, idcard.CheckDigit(n))))
		},
		"month 13":         func(r []byte) { put(r, 36, "19491331") },
		"29 February 1899": func(r []byte) { put(r, 36, "18990229") },
		"no birth":         func(r []byte) { put(r, 36, "        ") },
		"short birth":      func(r []byte) { put(r, 36, "1949123 ") },
		"no first day":     func(r []byte) { put(r, 188, "        ") },
		"end before start": func(r []byte) { put(r, 204, "20060101") },
		"end is no date":   func(r []byte) { put(r, 204, "20069999") },
		"half of 长期":       func(r []byte) { put(r, 204, "长    ") },
		"no name":          func(r []byte) { put(r, 0, "  ") },
	} {
		rec := sample().Record()
		spoil(rec)
		c, err := idcard.ParseRecord(rec)
		if !errors.Is(err, idcard.ErrRecord) || c != nil {
			t.Errorf("%s: %v, want ErrRecord", name, err)
		} else if strings.Contains(err.Error(), "1949") || strings.Contains(err.Error(), "张") {
			t.Errorf("%s: the error tells: %v", name, err)
		}
	}
	for _, n := range []int{0, 1, 255, 257} {
		if _, err := idcard.ParseRecord(make([]byte, n)); !errors.Is(err, idcard.ErrRecord) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	for _, typ := range []string{"Z", "j", "中", "\u0120"} { // U+0120 ends in the byte of a space
		rec := sample().Record()
		put(rec, 248, typ)
		var unknown idcard.UnknownTypeError
		if _, err := idcard.ParseRecord(rec); !errors.As(err, &unknown) || unknown.Len != 256 {
			t.Errorf("type %q: %v", typ, err)
		}
	}
}

func TestOddButGoodRecords(t *testing.T) {
	rec := sample().Record()
	put(rec, 156, "x")
	put(rec, 30, "7")  // no such code
	put(rec, 32, "xx") // no number
	c, err := idcard.ParseRecord(rec)
	if err != nil || string(c.Number) != "11010519491231002X" || c.Sex != idcard.SexUnknown || c.Sex.String() != "未知" || c.EthnicName() != "" {
		t.Errorf("%v, %v", c, err)
	}

	rec = sample().Record()
	for i := 0; i < len(rec); i += 2 { // some readers pad with NUL
		if rec[i] == ' ' && rec[i+1] == 0 {
			rec[i] = 0
		}
	}
	if c, err = idcard.ParseRecord(rec); err != nil || string(c.Name) != "张三" || !c.LongTerm || c.Type != idcard.Resident {
		t.Errorf("NUL padding: %v, %v", c, err)
	}

	for in, want := range map[string]string{
		"欧阳 娜娜":     "欧阳 娜娜", // spaces inside stay
		"王\x1b\x1d": "王\uFFFD\uFFFD",
		"王\u0085三":  "王\uFFFD三",
	} {
		rec = sample().Record()
		put(rec, 0, in)
		if c, err = idcard.ParseRecord(rec); err != nil || string(c.Name) != want {
			t.Errorf("name %q: %q, %v", in, c.Name, err)
		}
	}
	for _, u := range [][]uint16{{0xD842, ' '}, {0xDFB7, ' '}, {0xD842, 0xD842}, {0xDFB7, 0xD842}} {
		rec = sample().Record()
		binary.LittleEndian.PutUint16(rec[2:], u[0])
		binary.LittleEndian.PutUint16(rec[4:], u[1])
		c, err = idcard.ParseRecord(rec)
		if err != nil || !strings.HasPrefix(string(c.Name), "张\uFFFD") || !utf8.Valid(c.Name) {
			t.Errorf("lone surrogate %X: %q, %v", u, c.Name, err)
		}
	}
}

func TestACardPrintsMasked(t *testing.T) {
	for _, p := range append(sim.People(), sample()) {
		c, err := idcard.ParseRecord(p.Record())
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+" "+verb+"\n", c, *c)
			fmt.Fprintf(&out, verb+"\n", idcard.Event{Card: c})
			fmt.Fprintf(&out, verb+"\n", []any{*c})
		}
		for _, v := range []any{c, *c, []*idcard.Card{c}, map[string]any{"card": *c}} {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(b)
		}
		log := slog.New(slog.NewTextHandler(&out, nil))
		log.Info("card", "card", c, "value", *c)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("card", "card", c, "value", *c)
		text := out.String()
		for _, secret := range []string{p.Name, p.ForeignName, p.Number, p.Number[6:14], p.Address, p.Authority, p.Birth} {
			if secret != "" && (strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret))) {
				t.Errorf("%s: printing a card tells %q", p.ID, secret)
			}
		}
		if !strings.Contains(text, idcard.MaskNumber([]byte(p.Number))) {
			t.Errorf("%s: not even masked: %s", p.ID, text)
		}
	}
}

func TestMasks(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "张": "*", "张三": "张*", "张小三": "张*三", "欧阳娜娜": "欧***",
		"阿依古丽·买买提": "阿**·***", "阿依古丽•买买提": "阿**·***", "阿·卜·西": "阿**·***·***",
		"·": "**·***", "SMITH, JOHN MICHAEL": "S** *** ***", "王𠮷祥": "王*祥", " 张三 ": "张*",
	} {
		if got := idcard.MaskName([]byte(in)); got != want {
			t.Errorf("MaskName(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"11010519491231002X": "110105********002X", "USA330181090102": "USA330*****0102",
		"": "", "12345678901234": "**************",
	} {
		if got := idcard.MaskNumber([]byte(in)); got != want {
			t.Errorf("MaskNumber(%q) = %q, want %q", in, got, want)
		}
	}
	for _, dot := range []string{"·", "•", "‧", "．", "・", "\u0387"} {
		if got := idcard.MatchName([]byte(" 阿" + dot + "卜 ")); got != "阿·卜" {
			t.Errorf("dot %U: %q", []rune(dot)[0], got)
		}
	}
}

func TestWipe(t *testing.T) {
	for _, p := range sim.People() {
		c, err := idcard.ParseRecord(p.Record())
		if err != nil {
			t.Fatal(err)
		}
		c.NewAddress = []byte("somewhere")
		kept := [][]byte{c.Name, c.ForeignName, c.Number, c.Address, c.NewAddress, c.Authority, c.Nationality, c.Pass, c.Earlier}
		c.Wipe()
		for i, b := range kept {
			if b = b[:cap(b)]; bytes.Count(b, []byte{0}) != len(b) {
				t.Errorf("%s: field %d survives Wipe", p.ID, i)
			}
		}
		if c.Number != nil || c.Birth != (idcard.Date{}) || c.LongTerm {
			t.Errorf("%s: fields survive Wipe", p.ID)
		}
		c.Wipe() // again does nothing
	}
}

func TestAgeAndValidity(t *testing.T) {
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.UTC) }
	c := &idcard.Card{Birth: idcard.Date{Year: 2010, Month: 6, Day: 15}, ValidTo: idcard.Date{Year: 2030, Month: 1, Day: 31}}
	for at, want := range map[time.Time]int{
		day(2026, 6, 14): 15, day(2026, 6, 15): 16, day(2026, 5, 20): 15, day(2026, 12, 1): 16,
	} {
		if got := c.Age(at); got != want {
			t.Errorf("age on %v: %d, want %d", at, got, want)
		}
	}
	if c.Expired(day(2030, 1, 31)) || !c.Expired(day(2030, 2, 1)) {
		t.Error("a card is valid on its last day and not after")
	}
	c.LongTerm, c.ValidTo = true, idcard.Date{}
	if c.Expired(day(2299, 1, 1)) {
		t.Error("长期 never expires")
	}
}

func TestCodeTables(t *testing.T) {
	for code, want := range map[int]string{
		0: "", 1: "汉", 2: "蒙古", 11: "满", 22: "畲", 29: "柯尔克孜", 33: "羌", 46: "德昂", 51: "独龙", 56: "基诺",
		57: "编码错", 58: "", 96: "", 97: "其他", 98: "外国血统中国籍人士", -1: "",
	} {
		if got := (&idcard.Card{Ethnic: code}).EthnicName(); got != want {
			t.Errorf("ethnicity %d: %q, want %q", code, got, want)
		}
	}
	for s, want := range map[idcard.Sex]string{0: "未知", 1: "男", 2: "女", 9: "未说明", 5: "未知"} {
		if got := s.String(); got != want {
			t.Errorf("sex %d: %q, want %q", byte(s), got, want)
		}
	}
	if idcard.CardType('Z').String() != "unknown" || idcard.Kind(99).String() != "unknown" {
		t.Error("names of unknown codes")
	}
}

// Whatever a record holds, the parser returns a card that passes its own rules
// or an error that tells nothing.
func FuzzParseRecord(f *testing.F) {
	for _, p := range append(sim.People(), sample()) {
		f.Add(p.Record())
	}
	f.Add(bytes.Repeat([]byte{0}, 256))
	f.Add(bytes.Repeat([]byte{0xD8}, 256))
	f.Fuzz(func(t *testing.T, rec []byte) {
		c, err := idcard.ParseRecord(rec)
		if err != nil {
			var unknown idcard.UnknownTypeError
			if c != nil || !errors.Is(err, idcard.ErrRecord) && !errors.As(err, &unknown) {
				t.Fatalf("%v, %v", c, err)
			}
			return
		}
		for _, b := range [][]byte{c.Name, c.ForeignName, c.Number, c.Address, c.Authority, c.Pass} {
			if !utf8.Valid(b) || bytes.ContainsAny(b, "\x00\x1b\n") {
				t.Fatalf("field %q", b)
			}
		}
		if c.Type != idcard.Foreigner2017 {
			if err := idcard.CheckNumber(c.Number); err != nil {
				t.Fatal(err)
			}
		}
		if len(c.ShownName()) == 0 || c.LongTerm == (c.ValidTo != idcard.Date{}) {
			t.Fatal("card without name or end")
		}
		if s := fmt.Sprintf("%+v", c); strings.Contains(s, string(c.Number)) {
			t.Fatal("printed unmasked")
		}
	})
}
