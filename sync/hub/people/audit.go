package people

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jobhome/sync/hub/hubdb"
)

// KeepAudit is how long the log is kept at least: six months, the longest ones.
const KeepAudit = 184 * 24 * time.Hour

var (
	// ErrKeep tells that a part of the log is too young to go.
	ErrKeep = errors.New("the audit log is kept for six months")
	// ErrEntry tells that an entry does not say who did what.
	ErrEntry = errors.New("an entry of the audit log names no actor or no action")
)

// Entry is one line of the audit log. Seq, At and Hash are given when it is
// written. Numbers that can be called and numbers of ID cards are blacked out, long
// texts cut.
type Entry struct {
	Seq     int64
	At      time.Time
	Actor   string // name of the account
	Action  string // e.g. "posting.revoke"
	Subject string // what it was done to: an id
	Note    string // e.g. the reason given
	Hash    string // over all of this and the Hash before
}

// Mark names one state of the log. It is written as "seq:hash" and can be kept
// where nobody of the hub can change it.
type Mark struct {
	Seq  int64
	Hash string
}

func (m Mark) String() string { return fmt.Sprintf("%d:%s", m.Seq, m.Hash) }

// ParseMark reads what Mark.String wrote.
func ParseMark(s string) (Mark, error) {
	number, hash, _ := strings.Cut(strings.TrimSpace(s), ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	raw, err2 := hex.DecodeString(hash)
	if err != nil || err2 != nil || seq < 1 || len(raw) != sha256.Size {
		return Mark{}, errors.New("a mark is a number, a colon and 64 hexadecimal digits")
	}
	return Mark{Seq: seq, Hash: hash}, nil
}

// Log appends an entry to the log.
func (p *People) Log(ctx context.Context, e Entry) error {
	return wrap("write the audit log", p.db.Update(ctx, func(tx *hubdb.Tx) error { return p.Append(ctx, tx, e) }))
}

// Append writes the entry in a transaction of somebody else, so that what is done
// and what is said of it stand or fall together. The head's row is locked first:
// entries get their numbers one after the other.
func (p *People) Append(ctx context.Context, tx *hubdb.Tx, e Entry) error {
	if e.Actor == "" || e.Action == "" {
		return ErrEntry
	}
	var before string
	err := tx.QueryRow(ctx, `UPDATE people_audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash`).Scan(&e.Seq, &before)
	if err != nil {
		return err
	}
	e.At = p.now()
	e.Actor, e.Action = cut(e.Actor, 100), cut(e.Action, 100)
	e.Subject, e.Note = cut(blackOut(e.Subject), 300), cut(blackOut(e.Note), 2000)
	e.Hash = e.chain(before)
	_, err = tx.Exec(ctx, `INSERT INTO people_audit VALUES (?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, e.At.UnixMilli(), e.Actor, e.Action, e.Subject, e.Note, e.Hash)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE people_audit_head SET hash = ? WHERE id = 1`, e.Hash)
	return err
}

// chain is SHA-256 over the canonical form: a name of the form, then number and
// time as eight bytes each, then every text behind its length as eight bytes.
func (e *Entry) chain(before string) string {
	form := []byte("jobhome audit 1\n")
	form = binary.BigEndian.AppendUint64(form, uint64(e.Seq))
	form = binary.BigEndian.AppendUint64(form, uint64(e.At.UnixMilli()))
	for _, s := range []string{e.Actor, e.Action, e.Subject, e.Note, before} {
		form = binary.BigEndian.AppendUint64(form, uint64(len(s)))
		form = append(form, s...)
	}
	sum := sha256.Sum256(form)
	return hex.EncodeToString(sum[:])
}

// private matches numbers of mobiles, of landlines with their area code, and of
// ID cards, also where blanks or dashes part their digits.
var private = regexp.MustCompile(
	`(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}|\d{6}(?:18|19|20)\d{9}[\dXx]`)

func blackOut(s string) string {
	var b strings.Builder
	last := 0
	for _, at := range private.FindAllStringIndex(s, -1) {
		from, to := at[0], at[1]
		if from > 0 && isDigit(s[from-1]) || to < len(s) && isDigit(s[to]) {
			continue // part of a longer number: an area, a posting, a credit code
		}
		b.WriteString(s[last:from] + "***")
		last = to
	}
	return b.String() + s[last:]
}

// cut makes a text one that both databases hold, of at most that many bytes, and
// says so where it was longer: what is done must not fail because much is said.
func cut(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
	if len(s) <= most {
		return s
	}
	end := fmt.Sprintf("… (%d)", len(s))
	return strings.ToValidUTF8(s[:most-len(end)], "") + end
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
