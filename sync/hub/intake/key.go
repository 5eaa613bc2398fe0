package intake

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// Key names the row within its source: by the source's own id, or, of a row that
// has none, by what makes it another offer. The same offer in tomorrow's file has
// the same key, whatever line it stands in and whatever it pays then.
func (r *Row) Key() string {
	if r.Ref != "" {
		return r.Ref
	}
	p := &r.Posting
	sum := sha256.Sum256([]byte(strings.Join([]string{
		p.Employer.Name, p.Title, string(p.Area), p.Address, string(p.Channel),
	}, "\x00")))
	return "=" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}
