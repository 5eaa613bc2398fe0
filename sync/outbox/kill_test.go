package outbox_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	mrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/courier"
	"jobhome/kiosk/ledger"
	"jobhome/sync/outbox"
	"jobhome/sync/outbox/outboxtest"
	"jobhome/sync/record"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
)

// TestMain lets the test binary play the terminal and the hub that are killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("OUTBOX_KILL_DIR"); dir != "" {
		play := map[string]func(string) error{"terminal": playTerminal, "hub": playHub}[os.Getenv("OUTBOX_KILL_ROLE")]
		if err := play(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// playHub is a hub of which every third answer or so goes wrong.
func playHub(dir string) error {
	hub, err := outboxtest.Open(filepath.Join(dir, "hub.db"))
	if err != nil {
		return err
	}
	faults := []outboxtest.Fault{
		outboxtest.DropRequest, outboxtest.DropAck, outboxtest.DropAck, outboxtest.Half, outboxtest.Repeat, outboxtest.Repeat,
		outboxtest.Sick, outboxtest.StaleNonce, outboxtest.Page,
	}
	hub.Faulty = func(string) outboxtest.Fault {
		if n := mrand.IntN(3 * len(faults)); n < len(faults) {
			return faults[n]
		}
		return outboxtest.NoFault
	}
	socket := filepath.Join(dir, "hub.sock")
	_ = os.Remove(socket) // of the one that was killed
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	return http.Serve(l, hub)
}

// openVictim opens the terminal that is killed, with the hub.s key that the test
// has laid down.
func openVictim(dir string) (*ledger.Ledger, *outbox.Outbox, error) {
	l, err := ledger.Open(filepath.Join(dir, "ledger.db"))
	if err != nil {
		return nil, nil, err
	}
	public, err := os.ReadFile(filepath.Join(dir, "hub.pub"))
	if err != nil {
		return nil, nil, err
	}
	key, err := seal.ParseKey(public)
	if err != nil {
		return nil, nil, err
	}
	if err := l.SealWith(context.Background(), seal.Terminal{Kiosk: "k-1", Key: key}); err != nil {
		return nil, nil, err
	}
	way := courier.Courier{Ledger: l}
	box, err := outbox.New(outbox.Options{
		Hub: "http://hub", Kiosk: "k-1", Incarnation: l.Incarnation(), Signer: trust.NewSigner(outboxtest.Key("k-1")),
		Client: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", filepath.Join(dir, "hub.sock"))
		}}},
		Ledger: way, Outcomes: way, Trust: &outboxtest.Trust{}, State: outbox.File(filepath.Join(dir, "outbox.json")), Batch: 7,
	})
	return l, box, err
}

// playTerminal issues and sends without end. It says each thing only after the
// ledger said that it is written.
func playTerminal(dir string) error {
	l, box, err := openVictim(dir)
	if err != nil {
		return err
	}
	ctx := context.Background()
	go func() {
		for {
			_ = box.Round(ctx) // the hub dies all the time
			time.Sleep(time.Millisecond)
		}
	}()
	for {
		r, err := l.Issue(ctx, kiosk.Referral{Posting: "p", Site: "s", Issued: time.Now()}, rand.Reader)
		if err != nil {
			return err
		}
		fmt.Println("issued", r.Code)
		if err := l.Request(ctx, kiosk.Request{Posting: string(r.Code), Site: "s", Phone: "13912345678", Consent: "c", At: time.Now()}); err != nil {
			return err
		}
		fmt.Println("asked", r.Code)
		time.Sleep(2 * time.Millisecond)
	}
}

// killed is a child that is killed and started again.
type killed struct {
	*testing.T
	dir, role string
	cmd       *exec.Cmd
	read      sync.WaitGroup
	lines     chan struct{} // one for each line
	mu        sync.Mutex
	said      map[string]int // how often each line was said
}

func (k *killed) start() {
	k.Helper()
	k.cmd = exec.Command(os.Args[0])
	k.cmd.Env = append(os.Environ(), "OUTBOX_KILL_DIR="+k.dir, "OUTBOX_KILL_ROLE="+k.role)
	k.cmd.Stderr = os.Stderr
	out, err := k.cmd.StdoutPipe()
	if err != nil {
		k.Fatal(err)
	}
	if err := k.cmd.Start(); err != nil {
		k.Fatal(err)
	}
	k.read.Go(func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			k.mu.Lock()
			k.said[s.Text()]++
			k.mu.Unlock()
			select {
			case k.lines <- struct{}{}:
			default:
			}
		}
	})
}

func (k *killed) kill() {
	_ = k.cmd.Process.Kill()
	k.read.Wait()
	_ = k.cmd.Wait()
}

// await waits for n lines, or for a while.
func (k *killed) await(n int) {
	late := time.After(10 * time.Second)
	for range n {
		select {
		case <-k.lines:
		case <-late:
			return
		}
	}
}

// TestKills kills terminal and hub at random moments, while acks are dropped and
// requests repeated: 30 times, or as often as JOBHOME_KILLS says. Nothing that was
// said is lost, and nothing takes effect twice.
func TestKills(t *testing.T) {
	kills := 30
	if n, err := strconv.Atoi(os.Getenv("JOBHOME_KILLS")); err == nil {
		kills = n
	}
	dir := t.TempDir()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "hub.pub"), key.Key().Public(), 0o600); err != nil {
		t.Fatal(err)
	}
	hub := &killed{T: t, dir: dir, role: "hub", said: map[string]int{}}
	terminal := &killed{T: t, dir: dir, role: "terminal", said: map[string]int{}, lines: make(chan struct{}, 1000)}
	hub.start()
	terminal.start()
	dice := mrand.New(mrand.NewPCG(5, 6))
	died := map[*killed]int{}
	for range kills {
		victim := hub
		if dice.IntN(2) == 0 {
			victim = terminal
		}
		terminal.await(1 + dice.IntN(6))
		time.Sleep(time.Duration(dice.IntN(4000)) * time.Microsecond)
		victim.kill()
		died[victim]++
		victim.start()
	}
	hub.kill()
	terminal.kill()
	t.Logf("%d kills of the terminal, %d of the hub, %d things said", died[terminal], died[hub], len(terminal.said))
	settle(t, dir, seal.Ring{key.Key().ID(): key}, terminal.said)
}

// settle lets everything arrive, and holds hub and ledger against what was said.
func settle(t *testing.T, dir string, ring seal.Ring, said map[string]int) {
	t.Helper()
	hub, err := outboxtest.Open(filepath.Join(dir, "hub.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hub.Close() }()
	before, err := hub.Stored()
	if err != nil || len(before) == 0 {
		t.Fatalf("while they were killed, %d records arrived: the test tells nothing, %v", len(before), err)
	}
	_ = os.Remove(filepath.Join(dir, "hub.sock"))
	listener, err := net.Listen("unix", filepath.Join(dir, "hub.sock"))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: hub}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	l, box, err := openVictim(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if err := box.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if pending, aside, err := l.Backlog(t.Context()); pending != 0 || aside != 0 || err != nil {
		t.Errorf("%d wait, %d aside, %v", pending, aside, err)
	}
	all, err := hub.Stored()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d records, %d of them while they were killed", len(all), len(before))
	arrived := map[string]int{}
	for i, s := range all {
		if s.Seq != uint64(i+1) || s.Effects != 1 {
			t.Fatalf("record %d of the hub has number %d and took effect %d times", i+1, s.Seq, s.Effects)
		}
		arrived[what(t, ring, s)]++
	}
	for line, n := range said {
		if arrived[line] != n || n != 1 {
			t.Errorf("%q was said %d times and arrived %d times", line, n, arrived[line])
		}
	}
	for line, n := range arrived {
		code := line[strings.Index(line, " ")+1:]
		if _, err := l.Get(t.Context(), kiosk.Code(code)); err != nil || n != 1 {
			t.Errorf("%q arrived %d times: %v", line, n, err)
		}
	}
}

// what is the line that the terminal says when it has written the record.
func what(t *testing.T, ring seal.Ring, s outboxtest.Stored) string {
	t.Helper()
	about := seal.About{Kiosk: s.Kiosk, Incarnation: s.Incarnation, Seq: s.Seq, Kind: s.Kind}
	text, err := ring.Open(s.Key, about, s.Sealed)
	var payload struct{ Code, Posting string }
	if err == nil {
		err = json.Unmarshal(text, &payload)
	}
	if err != nil {
		t.Fatalf("record %d, %s: %v", s.Seq, s.Kind, err)
	}
	if s.Kind == record.CallBack {
		return "asked " + payload.Posting
	}
	return "issued " + payload.Code
}
