package main

import (
	"context"
	"encoding/gob"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/lexicon"
)

// moment is when everything is asked, so that every process invents the same
// board.
var moment = time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("CST", 8*60*60))

const boardSeed = 1

// postings are the rows of a board.
func postings(n int) []kiosk.Posting { return demo.Postings(moment, n, boardSeed) }

// workload is what the processes of the engines are given: they never see the
// postings, or they would hold them.
type workload struct {
	Queries []kiosk.Query
	Want    []answer
}

func (w *workload) save(dir string) error {
	f, err := os.Create(filepath.Join(dir, "workload"))
	if err != nil {
		return err
	}
	if err := gob.NewEncoder(f).Encode(w); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func readWorkload(dir string) (*workload, error) {
	f, err := os.Open(filepath.Join(dir, "workload"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	w := &workload{}
	return w, gob.NewDecoder(f).Decode(w)
}

// mix makes queries as people type them.
type mix struct {
	*rand.Rand
	posts []kiosk.Posting
	lay   []lexicon.Synonym
}

func newMix(posts []kiosk.Posting) *mix {
	return &mix{rand.New(rand.NewPCG(384, 11)), posts, lexicon.Synonyms()}
}

// perks are words of benefits and certificates as they stand in descriptions.
var perks = []string{
	"包住", "包吃", "社保", "夜班", "双休", "加班费", "健康证", "叉车证", "焊工证", "驾照", "普通话", "带薪培训", "不需要经验", "住房公积金", "厂车接送",
}

var ascii = []string{"CNC", "plc", "5S", "C1", "ERP", "nc", "ktv", "a", "SMT操作", "B2"}

// piece cuts n characters out of s.
func (m *mix) piece(s string, n int) string {
	text := []rune(strings.ReplaceAll(s, " ", ""))
	n = min(len(text), n)
	at := m.IntN(len(text) - n + 1)
	return string(text[at : at+n])
}

// text is one of the eight kinds: twice a kind of work, its lay word or first
// two characters, a town and a kind of work, a piece of an employer's name,
// words of benefits and certificates or another piece of a description, one
// character, ASCII.
func (m *mix) text(kind int) string {
	p := &m.posts[m.IntN(len(m.posts))]
	switch kind % 8 {
	case 0:
		return kiosk.HeadWords(p.Title)
	case 1:
		if m.IntN(2) == 0 {
			return m.lay[m.IntN(len(m.lay))].Word
		}
		return p.Occupation.Name
	case 2:
		return string([]rune(kiosk.HeadWords(p.Title) + "  ")[:2])
	case 3:
		return areas.Name(p.Area.Town()) + " " + kiosk.HeadWords(p.Title)
	case 4:
		return m.piece(p.Employer.Name, 2+m.IntN(3))
	case 5:
		if m.IntN(2) == 0 {
			return perks[m.IntN(len(perks))]
		}
		return m.piece(p.Description, 2+m.IntN(4))
	case 6:
		return m.piece(p.Title, 1)
	}
	return ascii[m.IntN(len(ascii))]
}

// query is a text with the filters and the order that people add to it, and
// asks for the first page.
func (m *mix) query(kind int) kiosk.Query {
	q := kiosk.Query{Text: m.text(kind), Now: moment, Limit: 20}
	maybe := func(percent int) bool { return m.IntN(100) < percent }
	if maybe(30) {
		q.Area = m.posts[m.IntN(len(m.posts))].Area.Town()
	}
	if maybe(30) {
		q.PayAtLeast = kiosk.PayBands()[m.IntN(len(kiosk.PayBands()))]
	}
	if maybe(20) {
		q.Education = kiosk.Educations()[m.IntN(len(kiosk.Educations()))]
	}
	if maybe(20) {
		q.Channels = kiosk.Channels()[:1+m.IntN(2)]
	}
	if maybe(10) {
		q.Trades = []kiosk.Trade{m.posts[m.IntN(len(m.posts))].Occupation.Trade()}
	}
	q.Sort = []kiosk.Sort{
		kiosk.SortFit, kiosk.SortFit, kiosk.SortPay, kiosk.SortNewest, kiosk.SortNearest,
	}[m.IntN(5)]
	return q
}

// newWorkload draws queries and answers them by looking at every posting.
func newWorkload(ctx context.Context, posts []kiosk.Posting, n int) (w *workload, err error) {
	w = &workload{}
	m := newMix(posts)
	for i := range n {
		w.Queries = append(w.Queries, m.query(i))
	}
	w.Want, err = newOracle(posts).answers(ctx, w.Queries)
	return w, err
}
