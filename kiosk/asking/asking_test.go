package asking

import (
	"reflect"
	"strings"
	"testing"

	"jobhome/kiosk"
)

func TestTables(t *testing.T) {
	if _, err := read(meansTable, emptyTable); err != nil {
		t.Error(err)
	}
	if len(Words()) < 100 || len(built().empty) < 50 {
		t.Errorf("%d words with a meaning, %d without", len(Words()), len(built().empty))
	}
}

func TestOf(t *testing.T) {
	for text, want := range map[string]kiosk.Meaning{
		"包住":       {Benefits: kiosk.Dorm},
		"五险一金":     {Benefits: kiosk.Insurance | kiosk.HousingFund},
		"不上夜班":     {Shifts: kiosk.DayShift | kiosk.FlexibleHours | kiosk.PartTime},
		"日结":       {Channels: []kiosk.Channel{kiosk.Gig}},
		"没文化":      {Education: kiosk.NoSchooling},
		"学徒":       {Benefits: kiosk.Training, Untrained: true},
		"c1":       {},
		"工资六千以上":   {PayAtLeast: kiosk.Yuan(6000)},
		"月薪5000以上": {PayAtLeast: kiosk.Yuan(5000)},
		"6500元以上":  {PayAtLeast: kiosk.Yuan(6500)},
		"六千五以上":    {PayAtLeast: kiosk.Yuan(6500)},
		"六千五百块一个月": {PayAtLeast: kiosk.Yuan(6500)},
		"工资1.2万":   {PayAtLeast: kiosk.Yuan(12000)},
		"两千起":      {PayAtLeast: kiosk.Yuan(2000)},
		"八千块钱以上":   {PayAtLeast: kiosk.Yuan(8000)},
		"工资一万二":    {PayAtLeast: kiosk.Yuan(12000)},
		"一个月4千左右":  {PayAtLeast: kiosk.Yuan(4000)},
		"工资高":      {PayAtLeast: kiosk.Yuan(6000)},
		"晚上":       {Shifts: kiosk.NightShift},
	} {
		if w, ok := Of(text); !ok || !reflect.DeepEqual(w.Meaning, want) {
			t.Errorf("%s: %+v, %v", text, w.Meaning, ok)
		}
	}
	var p kiosk.Posting
	works, _ := Of("厂")
	if p.Occupation.Code = "6-05-01-03"; !works.Meaning.Fits(&p) {
		t.Error("sewing is no work in a factory")
	}
	if p.Occupation.Code = "6-29-01-01"; works.Meaning.Fits(&p) {
		t.Error("building is work in a factory")
	}
	for _, text := range []string{"", "缝纫工", "6000", "六千", "工资", "以上", "工资六", "工资六百", "工资九十万", "1234567以上", "千以上", "工资千千", "工资六千六千"} {
		if w, ok := Of(text); ok {
			t.Errorf("%s means %+v", text, w)
		}
	}
	if !Empty("想找") || Empty("缝纫工") || Empty("包住") {
		t.Error("想找 is not empty, or 缝纫工 or 包住 is")
	}
}

func TestReadTellsWhatIsWrong(t *testing.T) {
	for means, says := range map[string]string{
		"包住\tbenefit=dorm\n":    "is not a word",
		"包 住\t-\t-\n":           "is not a word",
		"包住\tbenefit=gold\t-\n": "gold",
		"包住\tshift=noon\t-\n":   "noon",
		"包住\tchannel=tv\t-\n":   "tv",
		"包住\tocc=x\t-\n":        "x",
		"包住\tpay=much\t-\n":     "much",
		"包住\tschool=3\t-\n":     "3",
		"包住\tcolour=red\t-\n":   "no condition",
		"包住\t-\t-\n包住\t-\t-\n":  "line 2: 包住 stands there twice",
	} {
		if _, err := read(means, ""); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", means, err, says)
		}
	}
	for _, empty := range []string{"a\na\n", "\n", "a b\n", "包住\n"} {
		if _, err := read("包住\t-\t-\n", empty); err == nil {
			t.Errorf("%q is no error", empty)
		}
	}
}
