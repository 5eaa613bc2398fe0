package board

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/segment"
)

const benchSize = 10000

func benchBoard(b *testing.B) (*Board, []kiosk.Posting) {
	b.Helper()
	bd := open1(b)
	ps := demo.Postings(now, benchSize, 1)
	if _, err := bd.Apply(b.Context(), ps, ImportOpts{Now: now}); err != nil {
		b.Fatal(err)
	}
	return bd, ps
}

var benchTexts = []string{"缝纫", "缝纫工", "甘露镇 电子", "保安", "cnc", "工", "茶山街道物业", "叉车司机", "夜班", "plc"}

// BenchmarkSearch searches, filters, counts all facets and takes a page of 10.
// Its peer is BenchmarkLikeScan, on the same board with the same words; whether
// both find the same is checked first.
func BenchmarkSearch(b *testing.B) {
	bd, ps := benchBoard(b)
	o := newOracle(ps)
	for _, text := range benchTexts {
		res, err := bd.Search(b.Context(), kiosk.Query{Text: text, Now: now, Limit: benchSize})
		want := o.ids(kiosk.Query{Text: text, Now: now})
		var got []string
		for _, it := range res.Items {
			got = append(got, it.Posting.ID)
		}
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			b.Fatalf("%q: %d postings, want %d, %v", text, len(got), len(want), err)
		}
	}
	for _, text := range benchTexts {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				if _, err := bd.Search(b.Context(), kiosk.Query{Text: text, Now: now, Limit: 10}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("LikeScan", func(b *testing.B) { likeScan(b, bd, ps) })
}

// likeScan is what a program without an index does: count and one page, no
// facets, by LIKE over the same folded text.
func likeScan(b *testing.B, bd *Board, ps []kiosk.Posting) {
	if _, err := bd.db().Exec("CREATE TABLE words (folded TEXT, valid INTEGER, published INTEGER, posting BLOB)"); err != nil {
		b.Fatal(err)
	}
	for i := range ps {
		if _, err := bd.db().Exec("INSERT INTO words VALUES (?, ?, ?, ?)", folded(&ps[i]),
			seconds(ps[i].ValidThrough), seconds(ps[i].Published), segment.AppendPosting(nil, &ps[i])); err != nil {
			b.Fatal(err)
		}
	}
	for i := 0; b.Loop(); i++ {
		text := "%" + fold(benchTexts[i%len(benchTexts)]) + "%"
		var n int
		err := bd.db().QueryRow(`SELECT count(*) FROM words WHERE folded LIKE ? AND valid >= ?`, text, now.Unix()).Scan(&n)
		if err != nil {
			b.Fatal(err)
		}
		rows, err := bd.db().Query(`SELECT posting FROM words
			WHERE folded LIKE ? AND valid >= ? ORDER BY published DESC LIMIT 10`, text, now.Unix())
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				b.Fatal(err)
			}
			if _, err := segment.ParsePosting(text); err != nil {
				b.Fatal(err)
			}
		}
		_ = rows.Close()
	}
}

// BenchmarkFilters has no text: the whole board, five filters, all facets.
func BenchmarkFilters(b *testing.B) {
	bd, _ := benchBoard(b)
	q := kiosk.Query{
		Channels: []kiosk.Channel{kiosk.Market}, Within: 5000, PayAtLeast: kiosk.Yuan(4000), Benefits: kiosk.Dorm,
		Shifts: kiosk.DayShift, Sort: kiosk.SortPay, Limit: 10, Now: now,
	}
	for b.Loop() {
		if _, err := bd.Search(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	bd, _ := benchBoard(b)
	for b.Loop() {
		if _, err := bd.Suggest(b.Context(), "缝", 6, now); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImport reads 10,000 postings from JSON Lines into an empty board.
func BenchmarkImport(b *testing.B) {
	data := file(b, demo.Postings(now, benchSize, 1))
	for b.Loop() {
		bd, err := Open(filepath.Join(b.TempDir(), "board.db"), demo.Site())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := bd.Import(b.Context(), bytes.NewReader(data), ImportOpts{Now: now}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(bd.Stats(now).Bytes)/1e6, "MB")
		_ = bd.Close()
	}
}

// BenchmarkImportAgain reads the same file into the board that has it already.
func BenchmarkImportAgain(b *testing.B) {
	bd, ps := benchBoard(b)
	data := file(b, ps)
	for b.Loop() {
		if _, err := bd.Import(b.Context(), bytes.NewReader(data), ImportOpts{Now: now}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a board of 10,000 postings: part of every launch.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "board.db")
	bd, err := Open(path, demo.Site())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := bd.Apply(b.Context(), demo.Postings(now, benchSize, 1), ImportOpts{Now: now}); err != nil {
		b.Fatal(err)
	}
	_ = bd.Close()
	for b.Loop() {
		bd, err := Open(path, demo.Site())
		if err != nil {
			b.Fatal(err)
		}
		_ = bd.Close()
	}
}

// BenchmarkGet reads one description, the others of its segment with it.
func BenchmarkGet(b *testing.B) {
	bd, ps := benchBoard(b)
	for i := 0; b.Loop(); i++ {
		if _, ok, err := bd.Get(b.Context(), ps[i*37%len(ps)].ID); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
