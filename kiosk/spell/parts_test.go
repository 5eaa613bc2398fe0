package spell

import (
	"slices"
	"testing"

	"jobhome/kiosk"
)

func board() []kiosk.Posting {
	post := func(title, code, name string) kiosk.Posting {
		return kiosk.Posting{
			Title: title, Occupation: kiosk.Occupation{Code: code, Name: name}, Area: "360482101",
			Employer: kiosk.Employer{Name: "共青城霁榆服饰有限公司"}, Benefits: kiosk.Dorm,
		}
	}
	return []kiosk.Posting{
		post("缝纫工", "6-05-01-03", "缝纫工"), post("保安员", "4-07-05-01", "保安员"), post("保育员", "4-10-01-03", "保育师"),
		post("快递员", "4-02-07-08", "快递员"),
	}
}

func TestParts(t *testing.T) {
	s := New(board())
	for text, want := range map[string][]string{
		"江益缝纫工":      {"江益", "缝纫工"},
		"江益镇缝纫":      {"江益镇", "缝纫"},
		"想找个包住的厂":    {"包住", "厂"},
		"招保安吗":       {"保安"},
		"工资六千以上的缝纫工": {"工资六千以上", "缝纫工"},
		"缝纫工包住":      {"缝纫工", "包住"},
		"找工作":        nil,
	} {
		if got, ok := s.Parts(text); !ok || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "的", "缝纫工", "火星缝纫工", "缝纫工火星", "江益的火星人", "\xff\xfe", "想找想找想找想找想找想找想找想找想找想找想找想找想找"} {
		if got, ok := s.Parts(text); ok {
			t.Errorf("%s is parted into %q", text, got)
		}
	}
	if got, ok := new(Speller).Parts("江益缝纫工"); ok {
		t.Errorf("without a board: %q", got)
	}
}

func TestWordsByLetters(t *testing.T) {
	s := New(board())
	for text, want := range map[string]Word{
		"ba":     {Text: "保安员", Work: true},
		"jy":     {Text: "江益镇", Work: true},
		"baozhu": {Text: "包住", Whole: true, Work: false},
		"kuaidi": {Text: "快递员", Whole: true, Work: true},
		"jiyufs": {Text: "霁榆服饰有限公司", Employer: true},
		"保按员":    {Text: "保安员", Guess: true, Work: true},
		"缝切工":    {Text: "缝纫工", Guess: true, Far: true, Work: true},
	} {
		got := s.Words(text, 8)
		i := slices.IndexFunc(got, func(w Word) bool { return w.Text == want.Text })
		if i < 0 || got[i] != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
	// What people wish for is no guess for what sounds like it.
	for _, w := range s.Words("报住", 8) {
		if w.Text == "包住" {
			t.Error("报住 is taken for 包住")
		}
	}
}

func TestMeaning(t *testing.T) {
	s := New(board())
	if m := s.Meaning("包住"); m.Benefits != kiosk.Dorm {
		t.Errorf("包住: %+v", m)
	}
	if m := s.Meaning("踩缝纫机"); !slices.Equal(m.Occupations, []string{"6-05-01-03"}) {
		t.Errorf("踩缝纫机: %+v", m)
	}
	if m := s.Meaning("缝纫工"); !m.None() {
		t.Errorf("缝纫工: %+v", m)
	}
}
