package intake

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// bigBook is a workbook of n rows with twelve columns.
func bigBook(b testing.TB, n int) string {
	book := newBook(b)
	w, err := book.f.NewStreamWriter("Sheet1")
	book.must(err)
	book.must(w.SetRow("A1", []any{"序号", "单位名称", "岗位名称", "人数", "学历", "经验", "工资", "福利", "工作地点", "联系电话", "有效期至", "岗位职责"}))
	for i := range n {
		book.must(w.SetRow(fmt.Sprintf("A%d", i+2), []any{
			i + 1, fmt.Sprintf("某某公司%d", i/7), "缝纫工（熟手）", 20, "初中及以上", "1-3年", "5000-8000元/月", "包吃住、五险", "共青城市工业大道8号",
			"0792-4345678", "2026-12-31", fmt.Sprintf("平车、拷边，第%d组", i),
		}))
	}
	book.must(w.Flush())
	return book.bytes()
}

// BenchmarkRead reads a workbook of 10,000 rows, and the same as CSV, and tells the
// most that the heap grew to.
func BenchmarkRead(b *testing.B) {
	sheet := bigBook(b, 10_000)
	var csv strings.Builder
	csv.WriteString("序号,单位名称,岗位名称,人数,学历,经验,工资,福利,工作地点,联系电话,有效期至,岗位职责\n")
	for i := range 10_000 {
		fmt.Fprintf(&csv, "%d,某某公司%d,缝纫工（熟手）,20,初中及以上,1-3年,5000-8000元/月,包吃住、五险,共青城市工业大道8号,0792-4345678,2026-12-31,\"平车、拷边，第%d组\"\n", i+1, i/7, i)
	}
	for name, data := range map[string]string{"xlsx": sheet, "csv": csv.String()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				res, err := Read(context.Background(), bytes.NewReader([]byte(data)), usual)
				if err != nil || res.Counts.Good != 10_000 {
					b.Fatalf("%v %+v", err, res)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys)/1e6, "MB-heap")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/row")
		})
	}
}
