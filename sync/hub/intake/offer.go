package intake

import (
	"iter"

	"jobhome/kiosk"
)

// Postings gives what may be stored, each with its source's name of it: the one
// that the source gives, or [Row.Key].
func (r *Result) Postings() iter.Seq2[kiosk.Posting, error] {
	return func(yield func(kiosk.Posting, error) bool) {
		for i := range r.Rows {
			p := r.Rows[i].Posting
			if p.Source.Ref == "" {
				p.Source.Ref = r.Rows[i].Key()
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

// Refused are the source's names of rows that were refused: they are still there
// at the source, and not missing from it. all is false when a refused row has no
// name of its own: then it may be any of those that seem to be missing.
func (r *Result) Refused() (refs []string, all bool) {
	all = true
	for _, bad := range r.Problems {
		if bad.Ref == "" {
			all = false
			continue
		}
		refs = append(refs, bad.Ref)
	}
	return refs, all
}
