// Package record holds what a terminal tells its hub, and what the hub answers,
// as values: records, batches of them, and the acknowledgement. It knows no
// network, no file and no database. ../DESIGN.md describes the whole.
package record

import (
	"encoding/json"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/wire"
)

// The kinds of records. Their payloads are those of kiosk/ledger/DESIGN.md.
const (
	Referral = "referral" // one was issued
	State    = "state"    // an attempt to print it ended
	Rating   = "rating"   // a resident touched a face
	CallBack = "callback" // a resident wants to be called
	Bad      = "bad"      // a resident says that a posting is bad
	Survey   = "survey"   // the answers of one survey
	Void     = "void"     // takes the number of one that made the hub fail, and was put aside; plain
)

// Record is one thing that the hub must hear of exactly once. Its key is the
// terminal, its incarnation and Seq, for ever.
type Record struct {
	Seq  uint64 `json:"seq"` // from 1, without a gap within an incarnation
	Kind string `json:"kind"`
	// Key names the hub's key that Sealed is sealed to. Empty: Sealed is the plain
	// payload of a kind that names nobody, written before the terminal had a key.
	Key    string    `json:"key,omitempty"`
	Sealed []byte    `json:"sealed"`
	At     time.Time `json:"at"`
}

// Batch goes from a terminal to the hub, over the network or on a stick, signed
// with the terminal's key. One without records is a heartbeat.
type Batch struct {
	Kiosk       string          `json:"kiosk"`
	Incarnation string          `json:"incarnation"` // of the ledger: a new one has a new one
	Nonce       string          `json:"nonce"`       // comes back in the ack
	Records     []Record        `json:"records"`
	Status      json.RawMessage `json:"status,omitempty"` // how the terminal is, see Status
	Known       []kiosk.Code    `json:"known,omitempty"`  // referrals whose outcome it would like to hear
}

// Status is how a terminal is. Of several the newest counts, so it may be dropped.
type Status struct {
	At       time.Time         `json:"at"`
	Program  string            `json:"program"`            // version of the terminal's program
	Image    string            `json:"image,omitempty"`    // version of its system
	Boot     int64             `json:"boot"`               // Unix seconds
	Board    wire.Version      `json:"board"`              // what it shows
	Backlog  int               `json:"backlog"`            // records not yet confirmed
	Poison   int               `json:"poison,omitempty"`   // records that the hub rejected
	Devices  map[string]string `json:"devices,omitempty"`  // printer: "ok", "paper-out", ...
	Counters map[string]int64  `json:"counters,omitempty"` // since Boot: visits, prints, searches, ...
	Empty    []string          `json:"empty,omitempty"`    // searches without a result, words only, at most 50
}

// VerdictState is what the hub did with a record.
type VerdictState string

// The verdicts. The first two are as good as each other.
const (
	Accepted  VerdictState = "accepted"
	Duplicate VerdictState = "duplicate"
	Rejected  VerdictState = "rejected" // will never be taken: put it aside
)

// Verdict is what the hub did with one record.
type Verdict struct {
	Seq   uint64       `json:"seq"`
	State VerdictState `json:"state"`
	Code  string       `json:"code,omitempty"` // why it was rejected: unknown-key, cannot-open, bad-payload
}

// Ack is the hub's signed answer to a batch.
type Ack struct {
	Kiosk       string    `json:"kiosk"`
	Incarnation string    `json:"incarnation"`
	Nonce       string    `json:"nonce"`
	HubTime     time.Time `json:"hub_time"`
	// Watermark is the greatest number up to which the hub has a verdict for every
	// record: those up to it may be deleted. A gap stops it.
	Watermark uint64          `json:"watermark"`
	Verdicts  []Verdict       `json:"verdicts,omitempty"`
	Heads     []HeadNote      `json:"heads,omitempty"` // newest ones: a mirror that hides them is found out
	Outcomes  []OutcomeNote   `json:"outcomes,omitempty"`
	Revoked   []string        `json:"revoked,omitempty"` // taken down lately, for a terminal that can do no more than this
	Orders    json.RawMessage `json:"orders,omitempty"`  // settings that the hub has for this terminal
}

// HeadNote says which head of a board is the newest.
type HeadNote struct {
	Board   string       `json:"board"`
	Version wire.Version `json:"version"`
}

// OutcomeNote says what has become of a referral.
type OutcomeNote struct {
	Code    kiosk.Code    `json:"code"`
	Outcome kiosk.Outcome `json:"outcome"`
	At      time.Time     `json:"at"`
}
