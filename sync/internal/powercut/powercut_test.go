package powercut

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/ledger"
)

// cuts is how many times the power goes: a few, or as many as JOBHOME_CUTS says.
func cuts(t *testing.T) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("JOBHOME_CUTS")); err == nil {
		return n
	}
	return 12
}

const (
	perRecording = 250      // cuts of one recording
	diskSize     = 48 << 20 // bytes
)

// record lets a child work on a new disk until it has done its steps.
func record(t *testing.T, work string, steps int) *Disk {
	t.Helper()
	if err := Available(); err != nil {
		t.Skipf("no power can be cut here: %v", err)
	}
	d := NewDisk(diskSize)
	m, err := d.Mount(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Unmount(); err != nil {
			t.Error(err)
		}
	}()
	d.Record()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "POWERCUT_DIR="+m.Dir, "POWERCUT_WORK="+work, "POWERCUT_STEPS="+strconv.Itoa(steps))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	noted, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		d.Said(lines.Text())
		if _, err := noted.Write([]byte{'\n'}); err != nil {
			t.Error(err)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	entries, written, flushes := d.Size()
	t.Logf("%s: %d things said, %d writes and flushes, %d MB, %d flushes", work, len(d.marks), entries, written>>20, flushes)
	return d
}

// eachCut records as often as it takes and calls look after every cut.
func eachCut(t *testing.T, work string, look func(dir string, left []byte, said map[string][]string)) {
	t.Helper()
	dir := t.TempDir()
	for n, seed := cuts(t), uint64(1); n > 0; n, seed = n-perRecording, seed+1 {
		d := record(t, work, 60)
		dice := rand.New(rand.NewPCG(seed, 7))
		d.Cuts(min(n, perRecording), dice, func(left []byte, lines []string) {
			said := map[string][]string{}
			for _, line := range lines {
				what, which, _ := strings.Cut(line, " ")
				said[what] = append(said[what], which)
			}
			if err := With(left, dir, func(at string) { look(at, left, said) }); err != nil {
				t.Errorf("the disk cannot be mounted: %v", err)
			}
		})
	}
}

// last is the greatest number that was said.
func last(said []string) int {
	if len(said) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(said[len(said)-1])
	return n
}

// No word that was given is broken by a power cut, and nothing is half done.
func TestPowerCuts(t *testing.T) {
	total, halfway, promised, seen := 0, 0, 0, 0
	eachCut(t, "stores", func(dir string, left []byte, said map[string][]string) {
		total++
		promised += len(said["issued"]) + len(said["printed"])
		if bytes.Contains(left, []byte(phone)) {
			t.Error("a phone number lies on the disk in clear")
		}
		if bytes.Contains(left, []byte(planted)) {
			seen++
		}
		if err := lookAtLedger(t, dir, said); err != nil {
			t.Errorf("ledger, %d issued: %v", len(said["issued"]), err)
		}
		for file, name := range map[string]string{"outbox.json": "outbox", "feed.json": "feed"} {
			n, err := readCounted(filepath.Join(dir, file))
			if err != nil || n < last(said[name]) || n > last(said[name])+1 {
				t.Errorf("%s says %d, %v, after %d", file, n, err, last(said[name]))
			}
		}
		if len(said["issued"]) > 0 {
			halfway++
			if err := lookAtBoard(t, dir, last(said["board"])); err != nil {
				t.Errorf("board, at least of version %d: %v", last(said["board"]), err)
			}
		}
	})
	if seen == 0 {
		t.Error("the number that was planted in clear was found nowhere: the search sees nothing")
	}
	if halfway == 0 || promised == 0 {
		t.Error("the power went before anything was said")
	}
	t.Logf("%d cuts, %d promises held against them", total, promised)
}

// lookAtLedger compares a ledger with what was said of it.
func lookAtLedger(t *testing.T, dir string, said map[string][]string) error {
	path := filepath.Join(dir, "ledger.db")
	if _, err := os.Stat(path); err != nil && len(said["issued"]) == 0 {
		return nil
	}
	l, err := ledger.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	if err := l.Check(t.Context()); err != nil {
		return err
	}
	for _, what := range []string{"issued", "printed"} {
		for _, code := range said[what] {
			r, err := l.Get(t.Context(), kiosk.Code(code))
			if err != nil || what == "printed" && r.State != kiosk.Printed {
				return fmt.Errorf("%s is %s: %v", code, r.State, err)
			}
		}
	}
	list, err := l.Pending(t.Context(), 1<<20)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Seq != list[0].Seq+uint64(i) {
			return fmt.Errorf("record %d comes after %d", list[i].Seq, list[i-1].Seq)
		}
		if list[i].Key == "" {
			return fmt.Errorf("record %d is in clear", list[i].Seq)
		}
	}
	if from, to := uint64(last(said["delivered"])), uint64(last(said["written"])); to > 0 {
		// At least five are never delivered.
		if len(list) == 0 || list[0].Seq <= from || list[len(list)-1].Seq < to {
			return fmt.Errorf("%d records are there; %d were written, and %d delivered", len(list), to, from)
		}
	}
	return nil
}

// lookAtBoard checks that the board is wholly of one version. Being a cache it may
// have lost the last ones, but never be between two.
func lookAtBoard(t *testing.T, dir string, said int) error {
	b, err := board.Open(filepath.Join(dir, "board.db"), demo.Site())
	if err != nil {
		return err
	}
	defer func() { _ = b.Close() }()
	if a := b.Aside(); a != (board.Aside{}) {
		return fmt.Errorf("it was damaged: %+v", a)
	}
	if err := b.Check(t.Context()); err != nil {
		return err
	}
	seq, err := b.Sequence(t.Context())
	if err != nil || seq > int64(said)+1 {
		return fmt.Errorf("version %d, %w", seq, errors.Join(err))
	}
	ids := map[string]bool{fmt.Sprintf("only-%d", seq): seq > 0, fmt.Sprintf("only-%d", seq-1): false, fmt.Sprintf("only-%d", seq+1): false}
	for i := range rows {
		ids[fmt.Sprintf("fixed-%d", i)] = seq > 0
	}
	for id, want := range ids {
		p, ok, err := b.Get(t.Context(), id)
		if err != nil || ok != want || ok && p.Title != title(int(seq)) {
			return fmt.Errorf("in version %d %s is there: %v, %q, %v", seq, id, ok, p.Title, err)
		}
	}
	return nil
}

// readCounted reads a file of counted; 0 when it is not there.
func readCounted(path string) (int, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	var c struct{ N, Again int }
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err == nil && c.N != c.Again {
		err = fmt.Errorf("it says %d and %d", c.N, c.Again)
	}
	return c.N, err
}

// What does not wait for the disk breaks its word in this rig, or the rig proves
// nothing.
func TestControlsLose(t *testing.T) {
	total, lost, words := 0, map[string]int{}, map[string]int{}
	eachCut(t, "controls", func(dir string, _ []byte, said map[string][]string) {
		total++
		for _, level := range []string{"NORMAL", "OFF"} {
			if short := last(said[level]) - countRows(filepath.Join(dir, level+".db")); short > 0 {
				lost[level]++
				words[level] += short
			}
		}
		n, err := readCounted(filepath.Join(dir, "lazy"))
		if short := last(said["lazy"]) - n; short > 0 || err != nil {
			lost["lazy"]++
			words["lazy"] += short
		}
	})
	for _, name := range []string{"NORMAL", "OFF", "lazy"} {
		t.Logf("%s: %d of %d cuts broke its word, about %d things in all", name, lost[name], total, words[name])
		if lost[name] == 0 {
			t.Errorf("%s lost nothing in %d cuts", name, total)
		}
	}
}

// countRows is how many rows are left; 0 of a database that cannot be read.
func countRows(path string) int {
	if _, err := os.Stat(path); err != nil {
		return 0
	}
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		return 0
	}
	defer func() { _ = db.Close() }()
	var n int
	_ = db.QueryRow("SELECT count(*) FROM t").Scan(&n) // what cannot be read is lost
	return n
}
