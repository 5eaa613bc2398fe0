package sim_test

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

// The plugs hear only what is framed as the maker's own program does it, and
// answer in the same framing. The bytes here are written by hand.
func TestReaderUSB(t *testing.T) {
	status, _ := samv.AppendRequest(nil, samv.SAMStatus)
	ok := samv.AppendReply(nil, samv.OK, nil)
	read := func(p *sim.USBPipe) []byte {
		b := make([]byte, 100)
		p.SetReadDeadline(time.Now().Add(time.Second))
		n, err := p.Read(b)
		if err != nil {
			return nil
		}
		return b[:n]
	}
	synctest.Test(t, func(t *testing.T) {
		r := sim.NewReader(sim.ReaderOpts{})
		u, err := r.DialSplit()
		if err != nil {
			t.Fatal(err)
		}
		u.HeadOut.Write(status) // whole on the first endpoint: not heard
		if got := read(u.HeadIn); got != nil {
			t.Errorf("answer % X to a frame that was not split", got)
		}
		u.HeadOut.Write(status[:7])
		u.RestOut.Write(status[7:])
		if h, b := read(u.HeadIn), read(u.RestIn); !bytes.Equal(h, ok[:7]) || !bytes.Equal(b, ok[7:]) {
			t.Errorf("% X and % X", h, b)
		}
		u.Close()
		if _, err := u.HeadIn.Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
		if u, err = r.DialPair(); err != nil {
			t.Fatal(err)
		}
		u.Out.Write(status)
		if got := read(u.In); !bytes.Equal(got, ok) {
			t.Errorf("% X", got)
		}
		u.Close()
		if u, err = r.DialHID(); err != nil {
			t.Fatal(err)
		}
		report := append([]byte{0x88, 0, 0, 11, 0, 0xB1}, status...)
		report = append(report, make([]byte, 48)...)
		sum := 0
		for _, b := range report {
			sum += int(b)
		}
		sum -= 0x88
		report[16], report[17] = byte(sum)^1, byte(sum>>8)
		u.Reports.Write(report)
		if got := read(u.Reports); got != nil {
			t.Errorf("answer % X to a wrong sum", got)
		}
		report[16] ^= 1
		u.Reports.Write(report)
		want := append([]byte{0xAA, 0, 0, 14, 0, 0, 0, 0}, ok...)
		if got := read(u.Reports); len(got) != 64 || !bytes.Equal(got[:len(want)], want) {
			t.Errorf("% X", got)
		}
		r.Unplug()
		if _, err := u.Reports.Read(make([]byte, 64)); err == nil {
			t.Error("an unplugged reader answers")
		}
		if _, err := r.DialHID(); !errors.Is(err, sim.ErrUnplugged) {
			t.Errorf("Dial: %v", err)
		}
		u.Reports.Close()
	})
}
