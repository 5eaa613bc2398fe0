package demo

import (
	"fmt"

	"jobhome/kiosk"
)

// town is a place that postings are in, with about where its middle lies and
// how far it spreads, in degrees.
type town struct {
	area   kiosk.Area
	name   string // in addresses
	middle kiosk.Point
	spread float64
	weight int
}

// towns are those of 共青城市 and two counties beside it that people commute to.
var towns = []town{
	{"360482001", "茶山街道", kiosk.Point{Lat: 29.2478, Lon: 115.8080}, 0.012, 46},
	{"360482100", "甘露镇", kiosk.Point{Lat: 29.2660, Lon: 115.7700}, 0.016, 22},
	{"360482101", "江益镇", kiosk.Point{Lat: 29.3090, Lon: 115.8200}, 0.016, 10},
	{"360482200", "金湖乡", kiosk.Point{Lat: 29.2290, Lon: 115.8400}, 0.014, 9},
	{"360482201", "苏家垱乡", kiosk.Point{Lat: 29.1900, Lon: 115.8800}, 0.016, 5},
	{"360482202", "泽泉乡", kiosk.Point{Lat: 29.2080, Lon: 115.7600}, 0.016, 4},
	{"360426", "德安县城", kiosk.Point{Lat: 29.3140, Lon: 115.7570}, 0.012, 3},
	{"360425", "永修县城", kiosk.Point{Lat: 29.0230, Lon: 115.8180}, 0.012, 1},
}

func (g *generator) town() *town {
	sum := 0
	for _, t := range towns {
		sum += t.weight
	}
	n := g.IntN(sum)
	for i := range towns {
		if n -= towns[i].weight; n < 0 {
			return &towns[i]
		}
	}
	return &towns[0]
}

// near returns a point near the town's middle, nearer ones more often, to the
// ten metres that a geocoder gives.
func (g *generator) near(t *town) kiosk.Point {
	off := func() float64 { return (g.Float64() + g.Float64() - 1) * t.spread * 1.6 }
	round := func(v float64) float64 { return float64(int(v*1e4+0.5)) / 1e4 }
	return kiosk.Point{Lat: round(t.middle.Lat + off()), Lon: round(t.middle.Lon + off())}
}

var numerals = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九"}

// address invents the words for a place of the given kind.
func (g *generator) address(t *town, where string) string {
	n := g.between(1, 188)
	var at string
	switch where {
	case "factory":
		at = pick(g, []string{
			fmt.Sprintf("工业%s路%d号", pick(g, numerals), n),
			fmt.Sprintf("创业大道%d号", n),
			fmt.Sprintf("纺织服装产业园%s区%d栋", string(rune('A'+g.IntN(6))), g.between(1, 18)),
			fmt.Sprintf("标准厂房%d栋%d楼", g.between(1, 24), g.between(1, 5)),
			fmt.Sprintf("科创园%d号楼", g.between(1, 12)),
		})
	case "road":
		at = pick(g, []string{
			fmt.Sprintf("物流园%s区%d号库", string(rune('A'+g.IntN(4))), g.between(1, 30)),
			fmt.Sprintf("迎宾路%d号", n), fmt.Sprintf("高新大道%d号", n), fmt.Sprintf("货场路%d号", n),
		})
	case "village":
		at = pick(g, []string{
			"集镇往南两公里", "湖边养殖区", "大棚基地", "果园基地", fmt.Sprintf("乡道%d公里处", g.between(1, 9)),
		})
	case "home":
		at = pick(g, []string{"老城小区", "安置小区", "湖滨小区", "学校旁边", "集镇上"})
	case "civic":
		at = pick(g, []string{"办事大厅", "社区活动中心", "文化站", "集镇"})
	default:
		at = pick(g, []string{
			fmt.Sprintf("文化路%d号", n), fmt.Sprintf("幸福街%d号", n), fmt.Sprintf("湖滨路%d号", n),
			fmt.Sprintf("步行街%d号铺", g.between(1, 90)), "农贸市场旁", fmt.Sprintf("新区广场%d楼", g.between(1, 4)),
			fmt.Sprintf("学府路%d号", n), fmt.Sprintf("站前路%d号", n),
		})
	}
	return t.name + at
}
