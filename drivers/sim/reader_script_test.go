package sim_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

const everyStep = `# every kind of line there is
place chen
swap ayigul
place other
place unreadable
lift
after 2 answers: corrupt 1
after 1 answer: garble 1
at reset: cut 1
at status: truncate 9
at id: wrong-length -2
at find: lose 3 2
at select: double 0 7
at read: repeat 1
at address: late 4s
at card-id: slow 0s
after 1.5s: garbage AA AA 96
garbage none
split 7
split 0
split-at 6 200ms
status 41,31
refuse find 24,80
timeout-reply
mute 2
dead 3s
hang
selftest 60
selftest ok
power off
power on
unplug
replug
wait 1s
`

func TestReaderScriptErrors(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	r := sim.NewReader(sim.ReaderOpts{})
	if err := r.Play(ended, everyStep); !errors.Is(err, context.Canceled) {
		t.Errorf("a script without a mistake: %v", err)
	}
	r.Lift()
	for _, bad := range []string{
		"explode", "corrupt", "corrupt x", "corrupt 1 2", "corrupt -1", "lose 1", "late", "late soon", "late -4s",
		"at noon: lift", "after answers: lift", "after 0 answers: lift", "after x answers: lift", "sometimes: lift",
		"at find:", ":", "lift now", "place nobody", "swap", "selftest", "selftest 6", "status", "status 41 31",
		"refuse", "refuse find", "refuse noon 41", "garbage A", "garbage XX", "power", "split-at 4s", "split-at x 4s", "dead 2",
	} {
		err := r.Play(t.Context(), "place chen\n\n"+bad)
		if err == nil || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if now, _ := r.Stays(); now != 0 {
		t.Error("a script with a mistake did something")
	}
}

func FuzzReaderScript(f *testing.F) {
	f.Add(everyStep)
	f.Add("after 2 answers: corrupt 1")
	f.Add("at read: status 41,31\n:::\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "unplug") || len(text) > 1000 {
			return
		}
		synctest.Test(t, func(t *testing.T) { // what was parsed can be played
			r := sim.NewReader(sim.ReaderOpts{})
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			played := make(chan error, 1)
			go func() { played <- r.Play(ctx, text) }()
			w, err := r.Dial()
			if err != nil {
				t.Fatal(err)
			}
			find, _ := samv.AppendRequest(nil, samv.Find)
			for range 20 {
				w.Write(find)
				w.SetReadDeadline(time.Now().Add(time.Second))
				w.Read(make([]byte, 2000))
			}
			cancel()
			<-played
			w.Close()
			r.Unplug()
			synctest.Wait()
		})
	})
}

// A script acts before the answer that it names, and once.
func TestReaderScriptWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := sim.NewReader(sim.ReaderOpts{})
		w, err := r.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		m := module{t, w}
		const script = "after 3 answers: place chen\nat select: refuse select 81\nafter 5s: lift\ndead 2s\nmute 1\nhang\n"
		done := make(chan error, 1)
		go func() { done <- r.Play(t.Context(), script) }()
		synctest.Wait()
		m.want(samv.Find, samv.NotFound, 0)
		m.want(samv.Find, samv.NotFound, 0)
		m.want(samv.Find, samv.Found, 4)
		synctest.Wait()
		m.want(samv.Select, samv.SelectFailed, 0)
		m.want(samv.Find, samv.Found, 4)
		m.want(samv.Select, samv.OK, 8)
		m.want(samv.Read, samv.OK, 1284)
		if now, read := r.Stays(); now != 1 || read != 1 {
			t.Errorf("stays %d, %d", now, read)
		}
		time.Sleep(4900 * time.Millisecond)
		m.want(samv.ReadCardID, samv.OK, 24)
		silent := func() {
			t.Helper()
			req, _ := samv.AppendRequest(nil, samv.SAMID)
			w.Write(req)
			w.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
			if n, err := w.Read(make([]byte, 64)); err == nil {
				t.Errorf("%d bytes, want silence", n)
			}
			w.SetReadDeadline(time.Time{})
		}
		time.Sleep(200 * time.Millisecond)
		silent() // dead
		if err := <-done; err != nil {
			t.Error(err)
		}
		silent()
		silent() // hung
		r.Power(false)
		silent()
		r.Power(true)
		m.want(samv.SAMStatus, samv.OK, 0)
		if now, read := r.Stays(); now != 0 || read != 1 {
			t.Errorf("stays %d, %d", now, read)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.Play(ctx, script); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
}
