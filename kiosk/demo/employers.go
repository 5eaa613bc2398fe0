package demo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"jobhome/kiosk"
)

// employer is an invented one. It offers the same benefits in most postings.
type employer struct {
	kiosk.Employer
	business *business
	town     *town
	address  string
	place    kiosk.Point
	benefits kiosk.Benefits
	contact  kiosk.Contact
	intro    string
}

// Names are made of two characters that companies seldom put together.
const (
	firsts  = "霁翊珞岫旻翎筱浔槿鹭稷昱沄峤"
	seconds = "榆汀楮岚枥渚屿棹桉栎溆荻蓼埠"
)

func (g *generator) inventEmployers() {
	g.employers = map[string][]employer{}
	taken := map[string]bool{}
	for _, trade := range slices.Sorted(maps.Keys(g.businesses)) {
		b := g.businesses[trade]
		count := b.count
		if trade == "household" || trade == "gov" {
			count = 40 // one for several places each
		}
		for len(g.employers[trade]) < count {
			e := g.employer(&b)
			if e.CreditCode != "" && taken[e.Name] {
				continue
			}
			taken[e.Name] = true
			g.employers[trade] = append(g.employers[trade], e)
		}
	}
}

func (g *generator) employer(b *business) employer {
	e := employer{business: b, town: g.town(), intro: pick(g, b.intros)}
	e.address, e.place = g.address(e.town, b.where), g.near(e.town)
	switch b.trade {
	case "household":
		for len(e.town.area) < 9 {
			e.town = g.town()
		}
		e.address, e.place = g.address(e.town, b.where), g.near(e.town)
		e.Name = "家庭雇主（" + e.town.name + "）"
	case "gov":
		for len(e.town.area) < 9 {
			e.town = g.town()
		}
		e.address, e.place = g.address(e.town, b.where), g.near(e.town)
		e.Name = e.town.name + pick(g, b.suffixes)
	default:
		name := string(pick(g, []rune(firsts))) + string(pick(g, []rune(seconds)))
		suffix := pick(g, b.suffixes)
		front := ""
		if strings.HasSuffix(suffix, "公司") {
			front = pick(g, []string{"共青城", "共青城", "九江", "江西", "江西"})
		}
		e.Name, e.CreditCode = front+name+suffix, g.creditCode()
	}
	for _, benefit := range kiosk.AllBenefits.Each() {
		if g.chance(b.benefits[benefit]) {
			e.benefits |= benefit
		}
	}
	e.contact = g.contact(b)
	return e
}

const surnames = "张王李刘陈杨黄赵周吴徐孙胡朱高林何郭马罗"

func (g *generator) contact(b *business) kiosk.Contact {
	roles := []string{"主管", "经理", "老师", "师傅", "老板"}
	switch b.where {
	case "factory", "road":
		roles = []string{"主管", "经理", "人事", "厂长"}
	case "home":
		roles = []string{"先生", "女士"}
	case "civic":
		roles = []string{"老师", "主任"}
	}
	return kiosk.Contact{
		Person: string(pick(g, []rune(surnames))) + pick(g, roles),
		Phone:  fmt.Sprintf("0792-0000%03d", g.between(2, 999)),
		Rule: pick(g, []string{
			"下午2–5点打电话", "上午9点后打电话，或带推荐单直接去", "先打电话再来，节假日也可以",
			"带推荐单到门卫登记", "周一到周五 8:30–17:30", "打电话或加同号微信", "直接到店里找人",
		}),
	}
}

// creditCode makes a code that is right by GB 32100 and belongs to nobody: its
// area 999999 is not assigned.
func (g *generator) creditCode() string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	body := []byte("91999999")
	// The nine characters of GB 11714: eight drawn and their check character.
	weights := [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for _, w := range weights {
		d := g.IntN(10)
		body = append(body, byte('0'+d))
		sum += d * w
	}
	body = append(body, "0123456789X0"[11-sum%11])
	sum = 0
	for i, weight := 0, 1; i < 17; i++ {
		sum += strings.IndexByte(alphabet, body[i]) * weight
		weight = weight * 3 % 31
	}
	return string(body) + string(alphabet[(31-sum%31)%31])
}
