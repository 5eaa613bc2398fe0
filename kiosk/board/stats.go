package board

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"

	"jobhome/kiosk/index"
)

// Stats are a board's sizes.
type Stats struct {
	Postings  int   // all, the expired ones too
	Open      int   // those not past their validity
	Employers int   // different ones among the open
	Bytes     int64 // of the file
	Index     int64 // bytes of the saved index; 0: there is none
	Sequence  int64 // see [Board.Sequence]
}

// Stats counts the board as it is at the time now.
func (b *Board) Stats(now time.Time) Stats {
	s := b.snap.Load()
	st := Stats{Postings: len(s.rows), Sequence: s.state.sequence}
	seen := index.NewBits(s.strings.Len())
	s.open(now).Each(func(i int) {
		st.Open++
		seen.Set(int(s.facts[i].words[wordEmployer]))
	})
	st.Employers = seen.Count()
	st.Bytes, st.Index = fileSize(b.path), fileSize(indexPath(b.path))
	return st
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// Storage is how the postings lie in the file.
type Storage struct {
	Commits    int64 // since the file was written anew
	Segments   int64
	Tombstones int64 // rows that are gone and still there
	Raw        int64 // bytes of all rows before they were deflated
	Stored     int64 // bytes of all rows as they are
	Dictionary int64 // bytes of the dictionaries
}

// Storage reads how the postings lie in the file, without their texts.
func (b *Board) Storage(ctx context.Context) (Storage, error) {
	var st Storage
	err := b.onFile(ctx, false, func(db *sql.DB) error {
		return first(ctx, db, `SELECT
			(SELECT count(*) FROM delta), count(*),
			coalesce(sum(count), 0) - (SELECT living FROM delta ORDER BY number DESC LIMIT 1),
			coalesce(sum(size), 0), coalesce(sum(length(data)), 0),
			(SELECT coalesce(sum(length(data)), 0) FROM dict) FROM segment`).
			scan(&st.Commits, &st.Segments, &st.Tombstones, &st.Raw, &st.Stored, &st.Dictionary)
	})
	if err != nil {
		return Storage{}, fmt.Errorf("board: %w", err)
	}
	return st, nil
}
