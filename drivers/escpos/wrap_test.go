package escpos

import (
	"strings"
	"testing"
)

func wrapped(s string, cols, hang int) string {
	var out []string
	p := setter{cols: cols}
	p.wrap([]Span{{Text: s}}, hang, Left)
	for _, it := range p.items {
		out = append(out, it.line.String())
	}
	return strings.Join(out, "|")
}

func TestWrap(t *testing.T) {
	tests := []struct {
		name, in, want string
		cols, hang     int
	}{
		{"empty", "", "", 10, 0},
		{"fits", "中文abc", "中文abc", 7, 0},
		{"Hanzi break anywhere", "一二三四五六", "一二三四|五六", 8, 0},
		{"never half a Hanzi", "一二三四五六", "一二三|四五六", 7, 0},
		{"closing mark not first", "一二三四，五", "一二三|四，五", 8, 0},
		{"opening mark not last", "一二三（五）", "一二三|（五）", 8, 0},
		{"number with unit", "一二三8公里路", "一二三|8公里路", 8, 0},
		{"unit of two", "一二三四3小时", "一二三四|3小时", 11, 0},
		{"phone whole", "电话0792-1234567", "电话|0792-1234567", 12, 0},
		{"words whole", "need two words", "need two|words", 10, 0},
		{"spaces at the break go", "aaaa   bbbb", "aaaa|bbbb", 5, 0},
		{"unit after a space", "一二三 3.2 公里路", "一二三|3.2 公里|路", 9, 0},
		{"unit after a space parts if it must", "12345 元/月", "12345|元/月", 6, 0},
		{"longer than a line", "aaaaaaaaaaaaa", "aaaaa|aaaaa|aaa", 5, 0},
		{"hang", "地址：一二三四五六七八九", "地址：一二三|      四五六|      七八九", 12, 6},
		{"hang is bounded", "一二三四五六", "一二三四|    五六", 8, 99},
		{"line feeds", "a\n\nb", "a||b", 8, 0},
		{"dash pair", "一二三——五", "一二|三——五", 8, 0},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			if got := wrapped(c.in, c.cols, c.hang); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestRow(t *testing.T) {
	for _, c := range []struct{ left, right, want string }{
		{"岗位", "3人", "岗位         3人"},
		{"一二三四五六", "12人", "一二三四五六|12人"},
		{"一二三四五六七八九十", "3人", "一二三四五六七八|九十         3人"},
		{"", "3人", "             3人"},
		{"岗位", "", "岗位            "},
	} {
		var got []string
		for _, it := range layout(Doc{Blocks: []Block{Row{Left: []Span{{Text: c.left}}, Right: []Span{{Text: c.right}}}}}, 16) {
			got = append(got, it.line.String())
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q %q: got %q, want %q", c.left, c.right, s, c.want)
		}
	}
}

func TestLines(t *testing.T) {
	ls := Lines(sample(), 32)
	var qr, img, cut, feed int
	for _, l := range ls {
		switch {
		case l.QR != nil:
			qr++
		case l.Image != nil:
			img++
		case l.Cut:
			cut++
		case l.FeedMM > 0:
			feed++
		}
		if l.Text == "推荐单" && (l.W != 2 || l.H != 2 || !l.Bold || l.Align != Center) {
			t.Errorf("title: %+v", l)
		}
	}
	if qr != 1 || img != 1 || cut != 1 || feed != 1 {
		t.Errorf("%d QR, %d image, %d cut, %d feed", qr, img, cut, feed)
	}
}
