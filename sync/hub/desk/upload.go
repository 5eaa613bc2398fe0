package desk

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/intake"
	"jobhome/sync/hub/postings"
)

// keepUpload is how long a file waits, and its report can be fetched.
const keepUpload = 24 * time.Hour

// upload is a file that somebody brought.
type upload struct {
	ID, Owner, Name string
	Data            []byte
	Asked           asked
	Taken           *postings.Report // nil: it still waits
	At              time.Time
}

// asked is what whoever brought a file said of it.
type asked struct {
	Source  string            `json:"source"`
	Area    kiosk.Area        `json:"area"`
	Channel kiosk.Channel     `json:"channel"`
	Days    int               `json:"days"`
	Full    bool              `json:"full"`
	Mapping map[string]string `json:"mapping,omitempty"`
}

func (a asked) options(now time.Time) intake.Options {
	return intake.Options{
		Mapping: a.Mapping, Source: a.Source, Area: a.Area, Channel: a.Channel, Days: a.Days, Now: now,
	}
}

// keep stores a new upload, and sweeps those that have waited long enough.
func (d *Desk) keep(ctx context.Context, u *upload) error {
	u.ID, u.At = rand.Text(), d.Now()
	said, err := json.Marshal(u.Asked)
	if err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *hubdb.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM desk_upload WHERE at < ?`, u.At.Add(-keepUpload).UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO desk_upload VALUES (?, ?, ?, ?, ?, '', ?)`,
			u.ID, u.Owner, u.Name, u.Data, string(said), u.At.UnixMilli())
		return err
	})
}

// upload returns an upload of its owner. Nobody else's is found.
func (d *Desk) upload(ctx context.Context, owner, id string) (u upload, err error) {
	err = d.DB.View(ctx, func(tx *hubdb.Tx) error {
		var said, taken string
		var at int64
		err := tx.QueryRow(ctx, `SELECT id, owner, name, data, asked, taken, at FROM desk_upload WHERE id = ? AND owner = ?`, id, owner).
			Scan(&u.ID, &u.Owner, &u.Name, &u.Data, &said, &taken, &at)
		if errors.Is(err, sql.ErrNoRows) {
			return postings.ErrUnknown
		}
		if err == nil && taken != "" {
			err = json.Unmarshal([]byte(taken), &u.Taken)
		}
		u.At = time.UnixMilli(at)
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(said), &u.Asked)
	})
	if err != nil {
		return upload{}, fmt.Errorf("read upload: %w", err)
	}
	return u, nil
}

// change writes what was said of an upload and what became of it.
func (d *Desk) change(ctx context.Context, u upload) error {
	said, err := json.Marshal(u.Asked)
	if err != nil {
		return err
	}
	taken := []byte{}
	if u.Taken != nil {
		if taken, err = json.Marshal(u.Taken); err != nil {
			return err
		}
	}
	return d.DB.Update(ctx, func(tx *hubdb.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE desk_upload SET asked = ?, taken = ? WHERE id = ?`, string(said), string(taken), u.ID)
		return err
	})
}

func (d *Desk) drop(ctx context.Context, u upload) error {
	return d.DB.Update(ctx, func(tx *hubdb.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM desk_upload WHERE id = ?`, u.ID)
		return err
	})
}
