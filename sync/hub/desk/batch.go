package desk

import (
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/postings"
)

// batch is what is taken in of a file. The source is named with the area of whoever
// brings it: two areas may call theirs the same, and what is missing from one
// file must not close the other's postings.
func (p *importPage) batch() postings.Batch {
	refused, all := p.Result.Refused()
	return postings.Batch{
		Source: string(p.Owned) + " " + p.Asked.Source, Items: p.Result.Postings(),
		Full: p.Asked.Full && all, Unread: refused,
	}
}

// example is the posting of the file to fill in.
func example(now time.Time, area kiosk.Area) kiosk.Posting {
	today := now.In(beijing).Truncate(24 * time.Hour)
	return kiosk.Posting{
		ID: "1", Title: "缝纫工（熟手）", Employer: kiosk.Employer{Name: "（示例，请删去这一行）某某服饰有限公司"},
		Occupation: kiosk.Occupation{Code: "6-05-01-03", Name: "缝纫工"}, Channel: kiosk.Market, Headcount: 12, Area: area,
		Address: "工业三路8号", Pay: kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth, Original: "计件5000-8000元"},
		Education: 90, Hours: "早8–晚6，单休", Requirements: "会平车", Contact: kiosk.Contact{Person: "王主管", Phone: "0792-1234567"},
		Published: today, ValidThrough: today.Add(30 * 24 * time.Hour),
	}
}
