package desk

import (
	"context"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/postings"
)

// Postings are those of the hub, as package postings keeps them. What is decided
// is written to the audit log there.
type Postings interface {
	Search(ctx context.Context, q postings.Query) (list []postings.Record, next string, err error)
	Get(ctx context.Context, id string) (postings.Record, error)
	History(ctx context.Context, id string) ([]postings.Step, error)
	Counts(ctx context.Context, area kiosk.Area) (postings.Counts, error)
	Import(ctx context.Context, who string, b postings.Batch) (postings.Report, error)
	Judge
}

// Judge decides about one posting.
type Judge interface {
	Approve(ctx context.Context, who, id string, revision int64) error
	Reject(ctx context.Context, who, id, why string) error // hands it back to be mended
	Close(ctx context.Context, who, id, why string) error
	Revoke(ctx context.Context, who, id, why string) ([]string, error)
}

// Publisher makes the boards.
type Publisher interface {
	Publish(ctx context.Context) error
	Boards(ctx context.Context) ([]Board, error)
}

// Board is one board and when it was last published.
type Board struct {
	Name     string
	Version  string
	Postings int
	Revoked  int
	At       time.Time // zero: never
	Err      string    // why the last try failed
}

// Residents is what has come from residents, as package fleet keeps it. A
// referral names nobody; a call comes without its number, which OpenCall tells
// after it has been written to the audit log that it does.
type Residents interface {
	Referrals(ctx context.Context, s fleet.Scope, limit int) ([]fleet.Referral, error)
	Find(ctx context.Context, in kiosk.Area, code string) ([]fleet.Referral, error)
	SetOutcome(ctx context.Context, r fleet.Referral, o kiosk.Outcome, by string) error
	Calls(ctx context.Context, s fleet.Scope, open bool, limit int) ([]fleet.Call, error)
	OpenCall(ctx context.Context, in kiosk.Area, id int64, who string) (phone string, err error)
	CloseCall(ctx context.Context, id int64, a fleet.Answer, who string) error
	Complaints(ctx context.Context, s fleet.Scope, limit int) ([]fleet.Complaint, error)
}

// Sites are the sites and terminals, as package fleet keeps them.
type Sites interface {
	Sites(ctx context.Context, in kiosk.Area) ([]fleet.Site, error)
	Terminals(ctx context.Context, in kiosk.Area) ([]fleet.Terminal, error)
	PutSite(ctx context.Context, s fleet.Site) error
	NewCode(ctx context.Context, d fleet.Draft) (fleet.Code, error)
	Revoke(ctx context.Context, terminal, by string) error
}

// Figures are numbers over many residents, as package fleet keeps them.
type Figures interface {
	Evaluate(ctx context.Context, in kiosk.Area, month time.Time) (fleet.Evaluation, error)
	EmptySearches(ctx context.Context, s fleet.Scope, limit int) ([]fleet.Empty, error)
}
