package main

import (
	"encoding/json"
	"io"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/find"
	"jobhome/kiosk/jsonl"
	"jobhome/kiosk/words"
)

// searchJSON is what `kiosk search -json` writes: postings in the format of
// the import file, with their distance from the site in metres (-1 unknown).
type searchJSON struct {
	Total  int          `json:"total"`
	Items  []itemJSON   `json:"items"`
	Facets kiosk.Facets `json:"facets"`
	Rescue *rescueJSON  `json:"rescue,omitempty"`
	Tries  []tryJSON    `json:"tries,omitempty"` // with -explain
}

type itemJSON struct {
	Metres  float64         `json:"metres"`
	More    int             `json:"more"` // how many others are folded under it
	Hits    []hitJSON       `json:"hits"`
	Posting json.RawMessage `json:"posting"`
}

type hitJSON struct {
	Word    string      `json:"word"`
	As      string      `json:"as"`
	Field   kiosk.Field `json:"field"`
	Excerpt string      `json:"excerpt,omitempty"`
}

// rescueJSON says what was changed because the query itself finds nothing.
type rescueJSON struct {
	Step  kiosk.RescueStep `json:"step"`
	From  string           `json:"from,omitempty"`
	To    string           `json:"to,omitempty"`
	Left  string           `json:"left,omitempty"`
	Query string           `json:"query"` // what was asked in the end
	Words string           `json:"words"` // as the terminal says it
}

type tryJSON struct {
	Step  kiosk.RescueStep `json:"step,omitempty"`
	Query string           `json:"query"`
	Total int              `json:"total"`
}

func writeSearch(w io.Writer, e find.Explanation, tries bool) error {
	r := e.Results
	out := searchJSON{Total: r.Total, Items: []itemJSON{}, Facets: r.Facets}
	for i := range r.Items {
		line, err := jsonl.Append(nil, &r.Items[i].Posting)
		if err != nil {
			return err
		}
		hits := []hitJSON{}
		for _, h := range r.Items[i].Hits {
			hits = append(hits, hitJSON(h))
		}
		out.Items = append(out.Items, itemJSON{r.Items[i].Metres, r.Items[i].More, hits, line})
	}
	if s := r.Rescue; s != nil {
		out.Rescue = &rescueJSON{s.Step, s.From, s.To, s.Left, queryText(s.Query), words.Rescue(words.Zh, s, r.Total)}
	}
	if tries {
		for _, t := range e.Tries {
			out.Tries = append(out.Tries, tryJSON{t.Step, queryText(t.Query), t.Total})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

// referralJSON is a row of `kiosk referrals -json`. It names nobody.
type referralJSON struct {
	Code     kiosk.Code          `json:"code"`
	Posting  string              `json:"posting"`
	Title    string              `json:"title"`
	Employer string              `json:"employer"`
	Site     string              `json:"site"`
	Issued   time.Time           `json:"issued"`
	State    kiosk.ReferralState `json:"state"`
	Attempts int                 `json:"attempts"`
}

func writeReferrals(w io.Writer, list []kiosk.Referral) error {
	out := make([]referralJSON, 0, len(list))
	for _, r := range list {
		out = append(out, referralJSON(r))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
