package sim

import (
	"strconv"
	"unicode/utf16"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
)

// Person is somebody who does not exist, as a card describes him or her. Dates
// are YYYYMMDD; To may be 长期.
type Person struct {
	ID    string // short key, for command lines and links
	Label string // a few words of Chinese, for the bench window

	Type                idcard.CardType
	Name, ForeignName   string
	Sex                 idcard.Sex
	Ethnic              int // GB/T 3304 code, 0 for none
	Birth, Number       string
	Address, NewAddress string
	Authority           string
	From, To            string
	Nationality, Pass   string
	Issue               int
}

// People returns the fictional people of the demonstration, always the same.
// The third and fourth digit of their numbers are 99, an area that has never
// been given to a city, so the numbers are nobody's, though their check digits
// are right.
func People() []Person {
	return []Person{
		{
			ID: "chen", Label: "居民身份证 · 女 · 1996年", Type: idcard.Resident,
			Name: "陈嘉禾", Sex: idcard.Female, Ethnic: 1, Birth: "19960312",
			Number: readerNumber("369900", "19960312", "102"), Address: "江西省示范市青山区幸福路1号",
			NewAddress: "江西省示范市滨江区希望大道8号", Authority: "示范市公安局青山分局", From: "20160401", To: "20360401",
		},
		{
			ID: "ayigul", Label: "长期有效 · 少数民族姓名 · 1968年", Type: idcard.Resident,
			Name: "阿依古丽·买买提", Sex: idcard.Female, Ethnic: 5, Birth: "19680705",
			Number: readerNumber("659900", "19680705", "008"), Address: "新疆维吾尔自治区示范市团结路2号",
			Authority: "示范市公安局", From: "20140705", To: "长期",
		},
		{
			ID: "wang", Label: "生僻字姓名 · 男 · 2004年", Type: idcard.Resident,
			Name: "王𠮷祥", Sex: idcard.Male, Ethnic: 1, Birth: "20040229",
			Number: readerNumber("369900", "20040229", "013"), Address: "江西省示范市青山区工业路3号",
			Authority: "示范市公安局青山分局", From: "20220301", To: "20320301",
		},
		{
			ID: "zhou", Label: "未成年人 · 男 · 2011年", Type: idcard.Resident,
			Name: "周小满", Sex: idcard.Male, Ethnic: 22, Birth: "20110520",
			Number: readerNumber("369900", "20110520", "035"), Address: "江西省示范市滨江区学府路4号",
			Authority: "示范市公安局滨江分局", From: "20240601", To: "20290601",
		},
		{
			ID: "huang", Label: "港澳台居民居住证 · 男 · 1990年", Type: idcard.Permit,
			Name: "黄子轩", Sex: idcard.Male, Birth: "19901117",
			Number: readerNumber("819900", "19901117", "011"), Address: "江西省示范市青山区友谊路5号",
			Authority: "示范市公安局", From: "20230901", To: "20280901", Pass: "H00000000", Issue: 1,
		},
		{
			ID: "andersson", Label: "外国人永久居留身份证 · 女 · 1988年", Type: idcard.Foreigner2023,
			Name: "安德松", ForeignName: "ANDERSSON, ANNA LINNEA", Sex: idcard.Female, Birth: "19880817",
			Number: readerNumber("999752", "19880817", "002"), From: "20240110", To: "20340110",
			Nationality: "SWE",
		},
	}
}

// readerNumber completes a number with its check digit.
func readerNumber(area, birth, seq string) string {
	body := []byte(area + birth + seq)
	return string(append(body, idcard.CheckDigit(body)))
}

// Record is the 256-byte text record of the card: UTF-16LE, padded with spaces,
// laid out after GA/T 490 for its type.
func (p Person) Record() []byte {
	t := make([]byte, samv.TextLen)
	readerPut(t, 0, samv.TextLen, "")
	sex, issue := strconv.Itoa(int(p.Sex)), readerTwo(p.Issue)
	switch p.Type {
	case idcard.Foreigner2017:
		readerPut(t, 0, 120, p.ForeignName)
		readerPut(t, 120, 2, sex)
		readerPut(t, 122, 30, p.Number)
		readerPut(t, 152, 6, p.Nationality)
		readerPut(t, 158, 30, p.Name)
		readerPut(t, 220, 16, p.Birth)
		readerPut(t, 236, 4, "01")
		readerPut(t, 240, 8, p.Authority)
	case idcard.Foreigner2023:
		readerPut(t, 32, 4, issue)
		readerPut(t, 52, 70, p.ForeignName)
		if u := utf16.Encode([]rune(p.ForeignName)); len(u) > 35 {
			readerPut(t, 220, 22, string(utf16.Decode(u[35:])))
		}
		readerPut(t, 242, 6, p.Nationality)
	case idcard.Permit:
		readerPut(t, 52, 70, p.Address)
		readerPut(t, 158, 30, p.Authority)
		readerPut(t, 220, 18, p.Pass)
		readerPut(t, 238, 4, issue)
	default:
		readerPut(t, 32, 4, readerTwo(p.Ethnic))
		readerPut(t, 52, 70, p.Address)
		readerPut(t, 158, 30, p.Authority)
	}
	if p.Type != idcard.Foreigner2017 {
		readerPut(t, 0, 30, p.Name)
		readerPut(t, 30, 2, sex)
		readerPut(t, 36, 16, p.Birth)
		readerPut(t, 122, 36, p.Number)
	}
	readerPut(t, 188, 16, p.From)
	readerPut(t, 204, 16, p.To)
	t[248], t[249] = byte(p.Type), 0
	return t
}

// readerPut writes s as UTF-16LE into size bytes at off, cut or padded.
func readerPut(t []byte, off, size int, s string) {
	u := utf16.Encode([]rune(s))
	for i := range size / 2 {
		c := uint16(' ')
		if i < len(u) {
			c = u[i]
		}
		t[off+2*i], t[off+2*i+1] = byte(c), byte(c>>8)
	}
}

func readerTwo(n int) string { return string([]byte{'0' + byte(n/10%10), '0' + byte(n%10)}) }
