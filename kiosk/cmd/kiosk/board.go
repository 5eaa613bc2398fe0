package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"jobhome/kiosk/words"
)

// boardCommands are the words after "kiosk board", for who looks after the
// file that the board is kept in.
func boardCommands() []command {
	return []command{
		{"stats", "[-json]", "say how large the board is and how old", runBoardStats},
		{"compact", "", "write the file anew without the postings that are gone; the terminal may run", runBoardCompact},
		{"verify", "", "read the whole file and say whether it is damaged", runBoardVerify},
	}
}

// runBoard carries out the word after "board".
func runBoard(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		for _, c := range boardCommands() {
			if c.name == args[0] {
				return c.run(ctx, m, args[1:])
			}
		}
	}
	for _, c := range boardCommands() {
		fmt.Fprintf(m.Err, "  board %-7s %-8s %s\n", c.name, c.args, c.does)
	}
	return errUsage
}

// boardStats is what `kiosk board stats -json` writes.
type boardStats struct {
	Postings  int        `json:"postings"`          // all, the expired ones too
	Open      int        `json:"open"`              // those not past their validity
	Employers int        `json:"employers"`         // different ones among the open
	Bytes     int64      `json:"bytes"`             // of the file
	Index     int64      `json:"index"`             // bytes of the saved index
	Updated   *time.Time `json:"updated,omitempty"` // left out: never
	Sequence  int64      `json:"sequence"`          // of the feed's last delta; 0: none
	Commits   int64      `json:"commits"`           // since the file was written anew
	Segments  int64      `json:"segments"`
	Gone      int64      `json:"gone"`   // postings that are gone and still take room
	Raw       int64      `json:"raw"`    // bytes of all rows before they were deflated
	Stored    int64      `json:"stored"` // and after
}

func runBoardStats(ctx context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("board stats", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "write JSON")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	p, err := m.openBoard(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	st := p.board.Stats(time.Now())
	lie, err := p.board.Storage(ctx)
	if err != nil {
		return err
	}
	out := boardStats{
		Postings: st.Postings, Open: st.Open, Employers: st.Employers, Bytes: st.Bytes, Index: st.Index, Sequence: st.Sequence,
		Commits: lie.Commits, Segments: lie.Segments, Gone: lie.Tombstones, Raw: lie.Raw, Stored: lie.Stored,
	}
	if at := p.board.Freshness(); !at.IsZero() {
		out.Updated = &at
	}
	if *asJSON {
		return json.NewEncoder(m.Out).Encode(out)
	}
	out.write(m.Out, p.boardPath())
	return nil
}

func (s *boardStats) write(w io.Writer, path string) {
	sayBoth(w, "boardfile.file", path, megabytes(s.Bytes), megabytes(s.Index))
	sayBoth(w, "boardfile.postings", s.Postings, s.Open, s.Employers)
	switch {
	case s.Updated == nil:
		sayBoth(w, "boardfile.never")
	case s.Sequence == 0:
		sayBoth(w, "boardfile.byhand", s.Updated.Local().Format("2006-01-02 15:04"))
	default:
		sayBoth(w, "boardfile.updated", s.Updated.Local().Format("2006-01-02 15:04"), s.Sequence)
	}
	sayBoth(w, "boardfile.segments", s.Segments, megabytes(s.Raw), megabytes(s.Stored), s.Commits)
	if s.Gone > 0 {
		sayBoth(w, "boardfile.gone", s.Gone, s.Gone*100/(s.Gone+int64(s.Postings)))
	}
}

// sayBoth writes a sentence of the catalogue in both languages, each on its line.
func sayBoth(w io.Writer, key string, args ...any) {
	for _, l := range words.Langs() {
		fmt.Fprintln(w, words.T(l, key, args...))
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

func runBoardCompact(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	p, err := m.openBoard(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	before, err := p.board.Storage(ctx)
	if err != nil {
		return err
	}
	size := p.board.Stats(time.Now()).Bytes
	if err := p.board.Compact(ctx); err != nil {
		return err
	}
	sayBoth(m.Out, "boardfile.compacted", p.boardPath(), megabytes(size), megabytes(p.board.Stats(time.Now()).Bytes), before.Tombstones)
	return nil
}

// mostFound is how much damage is listed: of a whole file that is junk nobody
// reads more.
const mostFound = 20

// runBoardVerify finds damage before a resident does. A board that cannot even
// be opened is put aside by that, which is damage too.
func runBoardVerify(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	p, err := m.openBoard(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	if aside := p.board.Aside(); aside.Path != "" {
		sayBoth(m.Err, "boardfile.aside", aside.Path)
		return fmt.Errorf("the board was put aside: %w", aside.Reason)
	}
	d, err := p.board.Verify(ctx)
	if err != nil {
		return err
	}
	if len(d.Found) == 0 {
		sayBoth(m.Out, "boardfile.whole", p.boardPath(), p.board.Stats(time.Now()).Postings)
		return nil
	}
	list(m.Err, "boardfile.found", d.Found)
	list(m.Err, "boardfile.unread", d.Postings)
	sayBoth(m.Err, "boardfile.damaged", len(d.Found), len(d.Postings), p.boardPath())
	return errors.New("the board is damaged")
}

// list says the same of each of some things.
func list(w io.Writer, key string, things []string) {
	for _, thing := range things[:min(mostFound, len(things))] {
		sayBoth(w, key, thing)
	}
	if more := len(things) - mostFound; more > 0 {
		sayBoth(w, "boardfile.more", more)
	}
}
