package screen

import (
	"encoding/json"
	"fmt"
	"image"
	"os"
	"slices"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// now is the moment at which all tests look.
var now = time.Date(2026, 11, 23, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))

// base is as long as a base address may be, so that with the longest id and a
// referral's code it makes a payload of 62 bytes.
const base = "https://jyz.example.com.cn"

const code kiosk.Code = "7K3M9WXH4F"

// postings are those of testdata: usual ones and the longest that a board takes.
func postings(t testing.TB) []kiosk.Posting {
	t.Helper()
	text, err := os.ReadFile("testdata/postings.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []kiosk.Posting
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if err := all[i].Check(); err != nil {
			t.Fatalf("%s: %v", all[i].ID, err)
		}
	}
	return all
}

// look is how a screen is drawn.
type look struct {
	m               Metrics
	lang            words.Lang
	large, contrast bool
}

func (l look) String() string {
	return fmt.Sprintf("%dx%d %s large=%v contrast=%v", l.m.Width, l.m.Height, l.lang, l.large, l.contrast)
}

// looks are all of both panels that terminals have.
func looks() []look {
	var all []look
	for _, m := range []Metrics{NewMetrics(1280, 800, 217), NewMetrics(1080, 1920, 268)} {
		for _, lang := range words.Langs() {
			for _, large := range []bool{false, true} {
				for _, contrast := range []bool{false, true} {
					all = append(all, look{m, lang, large, contrast})
				}
			}
		}
	}
	return all
}

// desk is a terminal whose board, ledger and printer answer from memory.
type desk struct {
	all []kiosk.Posting
	m   Metrics
	s   session.State
	now time.Time
}

func open(t testing.TB, l look) *desk {
	t.Helper()
	d := &desk{all: postings(t), m: l.m, now: now}
	d.s = session.New(session.Options{
		Site: kiosk.Site{ID: "s1", Name: "茶山街道就业之家", StaffPhone: "0795-0000000", BaseURL: base},
		Lang: l.lang, Large: l.large, Idle: time.Minute, Warn: 20 * time.Second, Linger: 15 * time.Second, Slow: 90 * time.Second,
		CanReset: true, KeyFitted: true, Fits: func(large bool) session.Capacity { return Fits(l.m, large) },
	}, d.now)
	d.s.Visit.Contrast = l.contrast
	d.send(session.PrinterNews{At: d.at(), State: session.PrinterReady})
	d.send(session.Card{At: d.at(), State: session.CardReady})
	news := session.BoardNews{
		At: d.at(), Updated: now.Add(-time.Hour), Total: 7, Near: 4, Trades: map[kiosk.Trade]int{},
		Kinds: map[kiosk.Channel]int{kiosk.Gig: 1, kiosk.Policy: 1, kiosk.Welfare: 1},
	}
	for i, tr := range allTrades() {
		news.Trades[tr] = 1 + i*i*7
	}
	for i := range d.all {
		news.Top = append(news.Top, d.item(i))
	}
	d.send(news)
	return d
}

// allTrades are those with a name in the catalogue.
func allTrades() []kiosk.Trade {
	var all []kiosk.Trade
	for _, key := range words.Keys() {
		if len(key) > 6 && key[:6] == "trade." {
			all = append(all, kiosk.Trade(key[6:]))
		}
	}
	slices.Sort(all)
	return all
}

// item is a posting as a list has it, every second one of unknown place.
func (d *desk) item(i int) kiosk.Item {
	p := d.all[i]
	p.Description = ""
	it := kiosk.Item{Posting: p, Metres: float64(i*i) * 830}
	if i%2 == 1 {
		it.Metres = -1
	}
	return it
}

func (d *desk) at() session.At { return session.At{Time: d.now} }

func (d *desk) send(e session.Event) {
	queue := []session.Event{e}
	for len(queue) > 0 {
		var effects []session.Effect
		d.s, effects = session.Step(d.s, queue[0])
		queue = queue[1:]
		for _, effect := range effects {
			if answer := d.answer(effect); answer != nil {
				queue = append(queue, answer)
			}
		}
	}
}

// answer answers at once, but for printing, which tests end themselves.
func (d *desk) answer(effect session.Effect) session.Event {
	switch e := effect.(type) {
	case session.Search:
		return session.Found{At: d.at(), Seq: e.Seq, Results: d.search(e.Query)}
	case session.Rank:
		r := d.search(kiosk.Query{Offset: e.Offset, Limit: e.Limit})
		for i := range r.Items {
			r.Items[i].Reasons = reasons(i)
		}
		return session.Found{At: d.at(), Seq: e.Seq, Results: r}
	case session.Suggest:
		return d.spell(e)
	case session.Open:
		i := slices.IndexFunc(d.all, func(p kiosk.Posting) bool { return p.ID == e.ID })
		return session.Opened{At: d.at(), ID: e.ID, Posting: d.all[max(i, 0)], OK: i >= 0}
	case session.Draft:
		return session.Drafted{At: d.at(), Seq: e.Seq, Image: image.NewGray(image.Rect(0, 0, 576, 900))}
	case session.Issue:
		return session.Written{At: d.at(), Referral: kiosk.Referral{Code: code, Posting: e.Posting, State: kiosk.Issued}}
	}
	return d.deviceAnswer(effect)
}

func (d *desk) search(q kiosk.Query) kiosk.Results {
	if q.Within == 1000 {
		return kiosk.Results{}
	}
	r := kiosk.Results{Total: len(d.all), Facets: kiosk.Facets{
		Distances:  map[int]int{3000: 2, 5000: 4, 10000: 6, 20000: 7},
		Pay:        map[kiosk.Fen]int{kiosk.Yuan(3000): 6, kiosk.Yuan(4000): 5, kiosk.Yuan(5000): 5},
		Shifts:     map[kiosk.Shifts]int{kiosk.DayShift: 5, kiosk.PartTime: 12345},
		Benefits:   map[kiosk.Benefits]int{kiosk.Dorm: 2, kiosk.Meals: 3, kiosk.ChildFriendly: 2},
		Channels:   map[kiosk.Channel]int{kiosk.Market: 4, kiosk.Gig: 1},
		Educations: map[kiosk.Education]int{kiosk.Primary: 3, kiosk.MiddleSchool: 4},
	}}
	for i := range d.all {
		r.Items = append(r.Items, d.item(i))
	}
	r.Items = r.Items[min(q.Offset, 7):min(q.Offset+q.Limit, 7)]
	found(&r, q)
	return r
}

const hanzi = "缝纫保安司机厨师仓库搬运家政养老快递外卖文员会计护工焊工电工木工瓦工普工质检包装裁剪熨烫绣花打版跟单采购销售客服前台收银理货配送装卸叉车塔吊挖机钢筋模板油漆泥水水电维修安装调试编程设计策划" +
	"教师保育月嫂保姆钟点洗碗传菜切配面点烧烤咖啡奶茶烘焙美容美发美甲按摩足疗养殖种植采茶摘果除草施肥园林绿化环卫"

func (d *desk) spell(e session.Suggest) session.Event {
	s := session.Suggested{At: d.at(), Seq: e.Seq, Total: 3}
	if e.Text == "QQ" {
		s.Total = 0
		return s
	}
	for _, r := range hanzi {
		s.Next = append(s.Next, string(r))
	}
	for i := range 8 {
		s.Words = append(s.Words, kiosk.Suggestion{Text: e.Text + "服装缝纫熟手"[:3*(i%6+1)], Count: 1 << (2 * i)})
	}
	return s
}

// reasons has every factor and fit over some items.
func reasons(i int) []kiosk.Reason {
	fits := []kiosk.Fit{kiosk.Met, kiosk.Partly, kiosk.NotMet, kiosk.Unknown}
	var all []kiosk.Reason
	for j, f := range []kiosk.Factor{
		kiosk.FactorTrade, kiosk.FactorPay, kiosk.FactorDistance, kiosk.FactorHours, kiosk.FactorBenefits,
		kiosk.FactorEducation, kiosk.FactorTerm, kiosk.FactorAge,
		kiosk.FactorOccupation, kiosk.FactorExperience, kiosk.FactorCertificates,
	} {
		all = append(all, kiosk.Reason{
			Factor: f, Fit: fits[(i+j)%4], Points: 3, Trade: "garment", Metres: 3200, Low: kiosk.Yuan(5000), High: kiosk.Yuan(8000),
			Shifts: kiosk.AllShifts, Benefits: kiosk.AllBenefits, Asked: kiosk.MiddleSchool,
			Occupation: kiosk.Occupation{Code: "6-05-01-03", Name: "缝纫工"}, Relation: kiosk.RelationGroup, Months: 24, Has: 12 * (i % 2),
			Certificates: kiosk.AllCertificates, Lacking: kiosk.ForkliftCert | kiosk.ElectricianCert,
		})
	}
	if i == 6 {
		return []kiosk.Reason{{Factor: kiosk.FactorNew, Fit: kiosk.Met}}
	}
	return all
}
