package main

import (
	"encoding/json"
	"io"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
)

// searchJSON is what `kiosk search -json` writes: postings in the format of
// the import file, with their distance from the site in metres (-1 unknown).
type searchJSON struct {
	Total  int          `json:"total"`
	Items  []itemJSON   `json:"items"`
	Facets kiosk.Facets `json:"facets"`
}

type itemJSON struct {
	Metres  float64         `json:"metres"`
	Posting json.RawMessage `json:"posting"`
}

func writeSearch(w io.Writer, r kiosk.Results) error {
	out := searchJSON{Total: r.Total, Items: []itemJSON{}, Facets: r.Facets}
	for i := range r.Items {
		line, err := jsonl.Append(nil, &r.Items[i].Posting)
		if err != nil {
			return err
		}
		out.Items = append(out.Items, itemJSON{r.Items[i].Metres, line})
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
