package fleet

import (
	"context"
	"crypto/ed25519"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/hubdb"
)

// MostCodeLife is the longest time that an enrolment code is good for.
const MostCodeLife = 24 * time.Hour

// codeAlphabet has 31 characters, a prime number, so that the weighted check
// character finds every wrong character and every two that were swapped. It is
// Crockford's base 32 (no I, L, O, U) without Z, which looks like 2.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXY"

// codeLength is 11 random characters, 54.5 bits, and the check character.
const codeLength = 12

// newCode draws a code, grouped as it is read aloud: "7K3M-9WXH-4FAB".
func newCode(random io.Reader) (string, error) {
	var out [codeLength]byte
	var one [1]byte
	for i := 0; i < codeLength-1; {
		if _, err := io.ReadFull(random, one[:]); err != nil {
			return "", err
		}
		if one[0] < 248 { // 8*31: bytes above would favour some characters
			out[i] = codeAlphabet[one[0]%31]
			i++
		}
	}
	out[codeLength-1] = codeCheck(string(out[:codeLength-1]))
	return string(out[:4]) + "-" + string(out[4:8]) + "-" + string(out[8:]), nil
}

func codeCheck(body string) byte {
	sum := 0
	for i := range len(body) {
		sum += (i + 2) * strings.IndexByte(codeAlphabet, body[i])
	}
	return codeAlphabet[(31-sum%31)%31]
}

// parseCode reads a code as people type it: any case, any grouping, O for 0, I
// and L for 1, Z for 2.
func parseCode(s string) (string, error) {
	s = strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1", "Z", "2").Replace(strings.ToUpper(s))
	if len(s) != codeLength || strings.Trim(s, codeAlphabet) != "" || codeCheck(s[:codeLength-1]) != s[codeLength-1] {
		return "", ErrCode
	}
	return s, nil
}

// hashCode is what is stored of a code. All codes have the same salt, because a
// code is found by its hash; they are random, so that two are never the same. The
// rounds make trying all 2^54 cost 2^70, and one try some milliseconds.
func hashCode(code string) ([]byte, error) {
	const rounds = 60_000
	return pbkdf2.Key(sha256.New, code, []byte("jobhome enrolment code"), rounds, 32)
}

// Draft is what an enrolment code is given out for.
type Draft struct {
	Site     string
	Terminal string        // empty: the next free name, "<site>-<n>"; an old one gets a new key
	By       string        // who gives it out
	Life     time.Duration // at most MostCodeLife; 0 stands for that
}

// Code is an enrolment code. It is shown once and kept nowhere.
type Code struct {
	Code     string
	Terminal string
	Expires  time.Time
	Pin      string // of the authority, see ca.CA; to be given to the terminal with the code
}

// NewCode gives out a code that enrols one terminal at one site, once. A code
// that was given out for the same terminal and not used is not good any more.
func (f *Fleet) NewCode(ctx context.Context, d Draft) (Code, error) {
	if d.Life == 0 {
		d.Life = MostCodeLife
	}
	if d.Life < 0 || d.Life > MostCodeLife || d.By == "" || d.Terminal != "" && ca.CheckID(d.Terminal) != nil {
		return Code{}, fmt.Errorf("fleet: new code: %w: life %v, by %.40q, terminal %.80q", ErrInvalid, d.Life, d.By, d.Terminal)
	}
	text, err := newCode(rand.Reader)
	if err != nil {
		return Code{}, fmt.Errorf("fleet: new code: %w", err)
	}
	hash, err := hashCode(strings.ReplaceAll(text, "-", ""))
	if err != nil {
		return Code{}, fmt.Errorf("fleet: new code: %w", err)
	}
	c := Code{Code: text, Expires: f.o.Now().Add(d.Life), Pin: f.o.CA.Pin()}
	err = f.update(ctx, "new code", func(tx *hubdb.Tx) error {
		var err error
		if c.Terminal, err = nameOf(ctx, tx, d); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM fleet_code WHERE terminal = ? AND used = 0`, c.Terminal); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO fleet_code (hash, terminal, site, made, made_by, expires) VALUES (?,?,?,?,?,?)`,
			hash, c.Terminal, d.Site, ms(f.o.Now()), d.By, ms(c.Expires))
		return err
	})
	if err != nil {
		return Code{}, err
	}
	return c, nil
}

// nameOf is the draft's terminal, or the next free name at its site.
func nameOf(ctx context.Context, tx *hubdb.Tx, d Draft) (string, error) {
	var known int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM fleet_site WHERE id = ?`, d.Site).Scan(&known); err != nil {
		return "", err
	}
	if known == 0 {
		return "", fmt.Errorf("site %.40q: %w", d.Site, ErrUnknown)
	}
	if d.Terminal != "" {
		return d.Terminal, nil
	}
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s-%d", d.Site, n)
		var taken int
		err := tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM fleet_terminal WHERE id = ?) +
			(SELECT count(*) FROM fleet_code WHERE terminal = ?)`, name, name).Scan(&taken)
		if err != nil || taken == 0 {
			return name, err
		}
	}
}

// Enrolled is what a terminal is told when it was enrolled or renewed.
type Enrolled struct {
	Terminal string
	Site     Site
	Cert     *x509.Certificate
	CA       *x509.Certificate
	RenewAt  time.Time
}

// Enrol spends a code. The same code again, while it lives, gives the same key
// another certificate: the first answer may have been lost. Its error wraps
// ErrCode, ca.ErrRequest, or ErrRevoked for a key that was revoked.
func (f *Fleet) Enrol(ctx context.Context, code string, csr []byte) (Enrolled, error) {
	key, err := ca.ParseRequest(csr)
	if err != nil {
		return Enrolled{}, fmt.Errorf("fleet: enrol: %w", err)
	}
	plain, err := parseCode(code)
	if err != nil {
		return Enrolled{}, fmt.Errorf("fleet: enrol: %w", err)
	}
	hash, err := hashCode(plain)
	if err != nil {
		return Enrolled{}, fmt.Errorf("fleet: enrol: %w", err)
	}
	var out Enrolled
	err = f.update(ctx, "enrol", func(tx *hubdb.Tx) error {
		id, site, err := f.spend(ctx, tx, hash, key)
		if err != nil {
			return err
		}
		if out, err = f.certify(ctx, tx, id, key); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO fleet_terminal (id, site, key, enrolled, expires) VALUES (?,?,?,?,?)
			ON CONFLICT (id) DO UPDATE SET site = excluded.site, key = excluded.key, enrolled = excluded.enrolled,
			expires = excluded.expires, revoked = 0, revoked_by = ''`,
			id, site, []byte(key), ms(f.o.Now()), ms(out.Cert.NotAfter))
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, selectSite+` WHERE id = ?`, site).Scan(out.Site.fields()...)
	})
	if errors.Is(err, hubdb.ErrDuplicate) {
		err = fmt.Errorf("fleet: enrol: the key is another terminal's: %w", ErrOther)
	}
	return out, err
}

// spend takes the code, and says for which terminal and site it was.
func (f *Fleet) spend(ctx context.Context, tx *hubdb.Tx, hash []byte, key ed25519.PublicKey) (id, site string, err error) {
	var expires, used int64
	err = tx.QueryRow(ctx, `SELECT terminal, site, expires, used FROM fleet_code WHERE hash = ? {{for_update}}`, hash).
		Scan(&id, &site, &expires, &used)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && f.o.Now().UnixMilli() >= expires:
		return "", "", ErrCode
	case err != nil:
		return "", "", err
	}
	var bad int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM fleet_revoked WHERE key = ?`, []byte(key)).Scan(&bad); err != nil || bad > 0 {
		return "", "", errors.Join(err, ErrRevoked)
	}
	if used != 0 {
		// Good for a lost answer only: the same terminal with the same key.
		var same int
		err := tx.QueryRow(ctx, `SELECT count(*) FROM fleet_terminal WHERE id = ? AND key = ?`, id, []byte(key)).Scan(&same)
		if err != nil || same == 0 {
			return "", "", errors.Join(err, ErrCode)
		}
		return id, site, nil
	}
	_, err = tx.Exec(ctx, `UPDATE fleet_code SET used = ? WHERE hash = ?`, ms(f.o.Now()), hash)
	return id, site, err
}

func (f *Fleet) certify(ctx context.Context, tx *hubdb.Tx, id string, key ed25519.PublicKey) (Enrolled, error) {
	cert, err := f.o.CA.Terminal(id, key, f.o.Now())
	if err != nil {
		return Enrolled{}, err
	}
	return Enrolled{Terminal: id, Cert: cert, CA: f.o.CA.Certificate(), RenewAt: ca.RenewAt(cert)}, ctx.Err()
}
