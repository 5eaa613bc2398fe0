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
	e := employer{business: b, town: g.town()}
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
	e.intro = g.intro(b, e.Name)
	return e
}

// intro picks what an employer of the name may say of itself. "托育>…" is for
// names that hold 托育 only.
func (g *generator) intro(b *business, name string) string {
	var fit []string
	for _, s := range b.intros {
		word, said, only := strings.Cut(s, ">")
		switch {
		case !only:
			fit = append(fit, s)
		case strings.Contains(name, word):
			return said
		}
	}
	if len(fit) == 0 {
		return ""
	}
	return pick(g, fit)
}

// hires tells which employers offer a job whose title holds the word: a fruit
// shop does not look for hairdressers. The first line that fits counts.
var hires = []struct{ title, name string }{
	{"手机店", "手机"},
	{"母婴", "母婴"},
	{"药", "药|医院|门诊"},
	{"水果", "水果"},
	{"服装店", "服装"},
	{"美", "美容|口腔|电子商务|网络|学校|托管|汽车"},
	{"发型", "美容"},
	{"理货", "超市|便利|百货|仓储|供应链"},
	{"生鲜", "超市"},
	{"超市", "超市|保安|百货"},
	{"补货", "超市|便利|百货"},
	{"收银", "超市|便利|百货"},
	{"便利店", "便利"},
	{"营业员", "手机|母婴|水果|服装|百货"},
	{"导购", "手机|母婴|服装|百货"},
	{"奶茶", "奶茶"},
	{"茶饮", "奶茶"},
	{"饮品", "奶茶"},
	{"火锅", "火锅"},
	{"食堂", "餐饮管理"},
	{"大锅菜", "餐饮管理"},
	{"早点", "早餐|小吃"},
	{"包子", "早餐|小吃"},
	{"拉面", "小吃"},
	{"面点", "酒楼|早餐|小吃|饭店"},
	{"包厢", "酒楼|饭店"},
	{"砧板", "酒楼|饭店|菜馆"},
	{"炒锅", "酒楼|饭店|菜馆"},
	{"厨师", "酒楼|饭店|菜馆"},
	{"宴席", "酒楼|饭店"},
	{"酒席", "酒楼|饭店|菜馆"},
	{"传菜", "酒楼|饭店|火锅"},
	{"民宿", "民宿"},
	{"保洁", "保洁|物业|城市|家政|酒店|宾馆|中心"},
	{"绿化", "园林|城市"},
	{"花木", "园林"},
	{"物业", "物业"},
	{"骑手", "快递|供应链"},
	{"外卖", "快递|供应链"},
	{"快递", "快递"},
	{"中转", "物流|快递"},
	{"司机", "物流|货运|供应链|机械|建筑工程|劳务"},
	{"幼儿", "幼儿园"},
	{"保育", "幼儿园"},
	{"主班", "幼儿园"},
	{"托育", "托育"},
	{"托管", "托管"},
	{"课后", "托管|培训"},
	{"月嫂", "家政"},
	{"育婴", "家政|托育"},
	{"保姆", "家政"},
	{"家政", "家政"},
	{"钟点", "家政|家庭"},
	{"养老", "养老|康养|护理院"},
	{"护工", "养老|康养|护理|医院"},
	{"护理员", "养老|康养|护理|医院|中心"},
	{"陪护", "护理|医院"},
	{"护士", "医院|门诊"},
	{"康复", "医院"},
	{"洗车", "汽车"},
	{"汽", "汽车"},
	{"钣金", "汽车"},
	{"空调安装", "家电|机电"},
	{"家电", "家电"},
	{"热水器", "家电"},
	{"电动车", "电动车"},
	{"冷库", "机电"},
	{"装修", "装饰|劳务"},
	{"油漆工", "装饰"},
	{"木工", "装饰|劳务|建筑"},
	{"吊顶", "装饰"},
	{"财务", "财税|商贸|企业|电子商务"},
	{"代账", "财税"},
	{"出纳", "商贸|电子商务|企业"},
	{"直播", "电子商务|文化|网络"},
	{"主播", "电子商务|文化"},
	{"电商", "电子商务|网络|商贸|供应链|仓储"},
	{"网店", "电子商务"},
	{"淘宝", "电子商务"},
	{"拼多多", "电子商务"},
	{"开发", "网络"},
	{"ERP", "网络"},
	{"网管", "网络|企业"},
	{"客服", "电子商务|网络|企业|物业"},
	{"外贸", "商贸"},
	{"房产", "企业|商贸"},
	{"养鸭", "农业|农场"},
	{"蛋鸡", "农业|农场"},
	{"养殖", "养殖|农业|农场"},
	{"种植", "果蔬|农业|农场"},
	{"果园", "果蔬|农业|农场"},
	{"葡萄", "果蔬|农业"},
	{"蔬菜", "果蔬|农业"},
	{"大棚", "果蔬|农业|农场"},
	{"橘", "果蔬|农业|农场"},
	{"米", "米业"},
	{"粮", "米业"},
	{"鱼", "水产"},
	{"虾", "水产"},
	{"水产", "水产"},
	{"板鸭", "食品|农产品"},
	{"印", "彩印|电子|光电|通讯|印染|染整"},
	{"染", "染整"},
	{"定型", "染整|家纺"},
	{"纸", "纸品|包装"},
	{"注塑", "塑胶|模具"},
	{"吹塑", "塑胶"},
	{"光伏", "光伏"},
	{"串焊", "光伏"},
	{"组件", "光伏"},
	{"层压", "光伏"},
	{"电池", "锂能|新能源"},
	{"电芯", "锂能|新能源"},
	{"注液", "锂能|新能源"},
	{"涂布", "锂能|新能源"},
	{"化成", "锂能|新能源"},
	{"羽绒", "羽绒|服"},
	{"充绒", "羽绒|服"},
	{"拼绒", "羽绒"},
	{"模具", "模具|五金|塑胶"},
	{"座椅", "汽车"},
	{"压铸", "汽车|五金"},
}

// hiring draws an employer that offers a job of the title.
func (g *generator) hiring(trade, title string) employer {
	all := g.employers[trade]
	for _, h := range hires {
		if !strings.Contains(title, h.title) {
			continue
		}
		var fit []int
		for i := range all {
			for word := range strings.SplitSeq(h.name, "|") {
				if strings.Contains(all[i].Name, word) {
					fit = append(fit, i)
					break
				}
			}
		}
		if len(fit) > 0 {
			return all[pick(g, fit)]
		}
	}
	return pick(g, all)
}

const surnames = "张王李刘陈杨黄赵周吴徐孙胡朱高林何郭马罗"

func (g *generator) contact(b *business) kiosk.Contact {
	roles := []string{"经理", "主管", "老板", "店长"}
	rules := []string{
		"下午2–5点打电话", "上午9点后打电话，或带推荐单直接去", "先打电话再来，节假日也可以", "周一到周五 8:30–17:30", "打电话约时间",
	}
	switch {
	case b.where == "factory":
		roles = []string{"主管", "经理", "人事", "厂长"}
		rules = append(rules, "带推荐单到门卫登记")
	case b.where == "road":
		roles = []string{"主管", "经理", "调度", "队长"}
	case b.where == "home":
		roles = []string{"先生", "老师", "师傅"}
		rules = []string{"下午6点后打电话", "白天打电话", "先打电话再来"}
	case b.where == "civic", b.trade == "school", b.trade == "care", b.trade == "medical":
		roles = []string{"老师", "主任"}
	default:
		rules = append(rules, "直接到店里找人")
	}
	return kiosk.Contact{
		Person: string(pick(g, []rune(surnames))) + pick(g, roles),
		Phone:  fmt.Sprintf("0792-0000%03d", g.between(2, 999)),
		Rule:   pick(g, rules),
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
