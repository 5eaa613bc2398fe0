// Command benchsync measures what a day's change of a board costs on the wire,
// by our delta and by its peers, from the same two boards in the same run: zstd
// --patch-from, the pages that LTX ships (what Litestream and LiteFS replicate
// with), sqlite3_rsync, and a fresh copy. It is a module of its own so that the
// peers do not become dependencies of ours. A peer that is not on the machine is
// named as missing.
//
//	cd sync/cmd/benchsync && go run . -rows 100000
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/internal/churn"
)

func main() {
	log.SetFlags(0)
	rows := flag.Int("rows", 100_000, "postings on the board")
	dir := flag.String("dir", "", "where boards are written; \"\": a directory that is removed again")
	rsync := flag.String("sqlite3_rsync", "sqlite3_rsync", "the program, from SQLite 3.47 or newer")
	flag.Parse()
	if err := run(*rows, *dir, *rsync); err != nil {
		log.Fatal(err)
	}
}

// row is a line of the table.
type row struct {
	name   string
	bytes  int64
	memory int64 // bytes that the receiver's side needs beside the board; 0: not measured
	note   string
}

func run(n int, dir, rsync string) error {
	if dir == "" {
		temp, err := os.MkdirTemp("", "benchsync-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temp)
		dir = temp
	}
	from, to, err := boards(n, churn.Day{New: n * 4 / 1000, Gone: n * 4 / 1000, Edited: n * 2 / 1000})
	if err != nil {
		return err
	}
	table, err := our(from, to)
	if err != nil {
		return err
	}
	mine := table[0].bytes
	for _, peer := range []func() ([]row, error){
		func() ([]row, error) { return zstdPatch(dir, from, to) },
		func() ([]row, error) { return pages(dir, from, to, rsync) },
	} {
		more, err := peer()
		if err != nil {
			return err
		}
		table = append(table, more...)
	}
	fmt.Printf("%d postings, a day with %d new, %d gone, %d edited\n\n", n, n*4/1000, n*4/1000, n*2/1000)
	fmt.Println("| what | bytes | ours to it | memory for it | |")
	fmt.Println("|---|---:|---:|---:|---|")
	for _, r := range table {
		fmt.Println(r.line(mine))
	}
	return dates(n)
}

func (r row) line(mine int64) string {
	if r.bytes == 0 {
		return fmt.Sprintf("| %s | – | – | – | %s |", r.name, r.note)
	}
	memory := "–"
	if r.memory > 0 {
		memory = fmt.Sprintf("%.2f MB", float64(r.memory)/1e6)
	}
	return fmt.Sprintf("| %s | %d | %s | %s | %s |", r.name, r.bytes, ratio(mine, r.bytes), memory, r.note)
}

func ratio(mine, theirs int64) string {
	if x := float64(theirs) / float64(mine); x >= 2 {
		return fmt.Sprintf("1/%.1f", x)
	}
	return fmt.Sprintf("%.3f", float64(mine)/float64(theirs))
}

// boards are a board and the same a day later.
func boards(n int, d churn.Day) (from, to delta.Rows, err error) {
	b := churn.New(time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), n, d.New, 1)
	if from, err = b.Rows(); err != nil {
		return nil, nil, err
	}
	if err := b.Next(d); err != nil {
		return nil, nil, err
	}
	to, err = b.Rows()
	return from, to, err
}

// dates prints what 30 % of new refresh dates cost by themselves.
func dates(n int) error {
	fmt.Printf("\n%d rows of which nothing but the refresh date changes\n\n", n*3/10)
	fmt.Println("| dates | bytes of the dictionary form | of the plain form | bits a row in the former |")
	fmt.Println("|---|---:|---:|---:|")
	for _, own := range []int{0, n * 3 / 10} {
		from, to, err := boards(n, churn.Day{Dated: n * 3 / 10, OwnMinute: own})
		if err != nil {
			return err
		}
		c := delta.Between(from, to)
		dict, err := delta.EncodeDict(c, from)
		if err != nil {
			return err
		}
		plain, err := delta.EncodePlain(c)
		if err != nil {
			return err
		}
		name := "all the same"
		if own > 0 {
			name = "each its own minute of eight hours"
		}
		bits := float64(len(dict.Bytes)) * 8 / float64(len(c.Dates))
		fmt.Printf("| %s | %d | %d | %.2f |\n", name, len(dict.Bytes), len(plain.Bytes), bits)
	}
	return nil
}

// lines writes a board as JSON Lines, without refresh dates.
func lines(path string, rows delta.Rows) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var out []byte
	for _, r := range rows {
		out = append(append(out, r.Body...), '\n')
	}
	return os.WriteFile(path, out, 0o644)
}
