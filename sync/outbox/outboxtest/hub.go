// Package outboxtest is a hub made of software that keeps its word in a SQLite
// file and fails on purpose: it drops requests and answers, repeats, answers
// garbage, acks of other terminals and acks of yesterday. It is for tests; the
// hub that runs is sync/hub.
package outboxtest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver

	"jobhome/sync/record"
	"jobhome/sync/trust"
)

// Key is the key of a name: every process of a test makes the same.
func Key(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("outboxtest " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// Hub is the hub. Its fields may be changed between requests.
type Hub struct {
	Now     func() time.Time
	Most    int                              // records that it takes at once; 0: any number
	Poison  func(record.Record) bool         // what makes it answer 422
	Reject  func(record.Record) string       // the code of what it will never take
	Faulty  func(kiosk string) Fault         // how the next request fails
	Answer  func(*record.Batch, *record.Ack) // adds to an ack
	Arrived func(*record.Batch)              // is told what came

	db *sql.DB
	mu sync.Mutex
}

// Open opens the hub's file, or makes it.
func Open(path string) (*Hub, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=10000")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`
		CREATE TABLE IF NOT EXISTS record (
			kiosk TEXT, incarnation TEXT, seq INTEGER, kind TEXT, key TEXT, sealed BLOB, code TEXT,
			PRIMARY KEY (kiosk, incarnation, seq)
		) WITHOUT ROWID;
		CREATE TABLE IF NOT EXISTS effect (kiosk TEXT, incarnation TEXT, seq INTEGER);`)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Hub{Now: time.Now, db: db}, nil
}

// Close closes the file.
func (h *Hub) Close() error { return h.db.Close() }

// ServeHTTP takes batches at /v1/records.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Method != http.MethodPost || r.URL.Path != "/v1/records" {
		http.NotFound(w, r)
		return
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	batch, err := readBatch(text)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if h.Arrived != nil {
		h.Arrived(batch)
	}
	fault := NoFault
	if h.Faulty != nil {
		fault = h.Faulty(batch.Kiosk)
	}
	if fault.before(w, r) {
		return
	}
	if status := h.refuses(batch); status != 0 {
		http.Error(w, "no", status)
		return
	}
	ack, err := h.take(batch)
	if fault == Repeat && err == nil {
		ack, err = h.take(batch)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	text, err = fault.sign(batch, ack)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(text)
}

// refuses returns the status of what the hub does not read.
func (h *Hub) refuses(batch *record.Batch) int {
	if h.Most > 0 && len(batch.Records) > h.Most {
		return http.StatusRequestEntityTooLarge
	}
	for _, r := range batch.Records {
		if h.Poison != nil && h.Poison(r) {
			return http.StatusUnprocessableEntity
		}
	}
	return 0
}

func readBatch(text []byte) (*record.Batch, error) {
	e, err := trust.ReadEnvelope(text)
	if err != nil {
		return nil, err
	}
	var batch record.Batch
	if err := json.Unmarshal(e.Payload, &batch); err != nil {
		return nil, err
	}
	k := trust.NewSigner(Key(batch.Kiosk)).Key()
	_, err = e.Open(trust.TypeBatch, trust.Role{Keys: []string{k.ID()}, Threshold: 1}, map[string]trust.Key{k.ID(): k})
	return &batch, err
}

// take writes the records of a batch down, each with its effect, and answers.
func (h *Hub) take(batch *record.Batch) (record.Ack, error) {
	ack := record.Ack{Kiosk: batch.Kiosk, Incarnation: batch.Incarnation, Nonce: batch.Nonce, HubTime: h.Now()}
	tx, err := h.db.Begin()
	if err != nil {
		return ack, err
	}
	defer func() { _ = tx.Rollback() }()
	for _, r := range batch.Records {
		v, err := h.one(tx, batch, r)
		if err != nil {
			return ack, err
		}
		ack.Verdicts = append(ack.Verdicts, v)
	}
	const contiguous = `SELECT coalesce(max(seq), 0) FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM record
		WHERE kiosk = ? AND incarnation = ?) WHERE seq = n`
	if err := tx.QueryRow(contiguous, batch.Kiosk, batch.Incarnation).Scan(&ack.Watermark); err != nil {
		return ack, err
	}
	if h.Answer != nil {
		h.Answer(batch, &ack)
	}
	return ack, tx.Commit()
}

func (h *Hub) one(tx *sql.Tx, batch *record.Batch, r record.Record) (record.Verdict, error) {
	v := record.Verdict{Seq: r.Seq, State: record.Accepted}
	if h.Reject != nil {
		if v.Code = h.Reject(r); v.Code != "" {
			v.State = record.Rejected
		}
	}
	res, err := tx.Exec(`INSERT INTO record VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
		batch.Kiosk, batch.Incarnation, r.Seq, r.Kind, r.Key, r.Sealed, v.Code)
	if err != nil {
		return v, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return v, err
	}
	if n == 1 {
		if v.State == record.Accepted {
			_, err = tx.Exec(`INSERT INTO effect VALUES (?,?,?)`, batch.Kiosk, batch.Incarnation, r.Seq)
		}
		return v, err
	}
	// What was said about it once is said again.
	v.State = record.Duplicate
	err = tx.QueryRow(`SELECT code FROM record WHERE kiosk = ? AND incarnation = ? AND seq = ?`,
		batch.Kiosk, batch.Incarnation, r.Seq).Scan(&v.Code)
	if v.Code != "" {
		v.State = record.Rejected
	}
	return v, err
}

// Stick does what a hub does with a stick: it reads up/ and lays acks into down/.
func (h *Hub) Stick(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "up", "*", "*.json"))
	if err != nil {
		return err
	}
	for i, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		batch, err := readBatch(text)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		h.mu.Lock()
		ack, err := h.take(batch)
		h.mu.Unlock()
		if err != nil {
			return err
		}
		if text, err = NoFault.sign(batch, ack); err != nil {
			return err
		}
		down := filepath.Join(dir, "down", batch.Kiosk)
		if err := os.MkdirAll(down, 0o755); err != nil {
			return err
		}
		name := fmt.Sprintf("ack-%s-%d.json", strings.ReplaceAll(ack.HubTime.UTC().Format(time.RFC3339), ":", ""), i)
		if err := os.WriteFile(filepath.Join(down, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Stored is a record that the hub has.
type Stored struct {
	record.Record
	Kiosk, Incarnation string
	Code               string // why it was rejected, or empty
	Effects            int    // how often it took effect
}

// Stored returns all that the hub has, by ledger and number.
func (h *Hub) Stored() ([]Stored, error) {
	rows, err := h.db.Query(`SELECT kiosk, incarnation, seq, kind, key, sealed, code, (SELECT count(*) FROM effect AS e
		WHERE e.kiosk = r.kiosk AND e.incarnation = r.incarnation AND e.seq = r.seq)
		FROM record AS r ORDER BY kiosk, incarnation, seq`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []Stored
	for rows.Next() {
		var s Stored
		if err := rows.Scan(&s.Kiosk, &s.Incarnation, &s.Seq, &s.Kind, &s.Key, &s.Sealed, &s.Code, &s.Effects); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
