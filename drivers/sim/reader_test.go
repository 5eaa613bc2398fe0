package sim_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

// module asks a simulated reader by hand.
type module struct {
	*testing.T
	w io.ReadWriter
}

func (m module) ask(c samv.Command) (samv.Status, []byte) {
	m.Helper()
	req, err := samv.AppendRequest(nil, c)
	if err != nil {
		m.Fatal(err)
	}
	return m.send(req)
}

func (m module) send(req []byte) (samv.Status, []byte) {
	m.Helper()
	if _, err := m.w.Write(req); err != nil {
		m.Fatal(err)
	}
	var d samv.Decoder
	d.Reset(2000)
	for b := make([]byte, 1); ; {
		if _, err := m.w.Read(b); err != nil {
			m.Fatal(err)
		}
		if _, done := d.Feed(b); done {
			break
		}
	}
	body, _, err := d.Body()
	if err != nil {
		m.Fatal(err)
	}
	return samv.Status(body[2]), bytes.Clone(body[3:])
}

func (m module) want(c samv.Command, s samv.Status, data int) []byte {
	m.Helper()
	got, b := m.ask(c)
	if got != s || len(b) != data {
		m.Errorf("%v: %v with %d bytes, want %v with %d", c, got, len(b), s, data)
	}
	return b
}

func TestReaderBehavesLikeTheModule(t *testing.T) {
	r := sim.NewReader(sim.ReaderOpts{})
	w, err := r.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	m := module{t, w}
	m.want(samv.SAMStatus, samv.OK, 0)
	m.want(samv.SAMID, samv.OK, 16)
	m.want(samv.Find, samv.NotFound, 0)
	m.want(samv.Select, samv.SelectFailed, 0)
	p := sim.People()
	r.Place(p[0])
	m.want(samv.Read, samv.ReadFailed, 0) // not selected
	m.want(samv.ReadCardID, samv.ReadFailed, 0)
	m.want(samv.Find, samv.Found, 4)
	m.want(samv.Read, samv.ReadFailed, 0)
	m.want(samv.Select, samv.OK, 8)
	data := m.want(samv.Read, samv.OK, 4+256+1024)
	if !bytes.Equal(data[:4], []byte{1, 0, 4, 0}) || !bytes.Equal(data[4:260], p[0].Record()) {
		t.Error("not the record of the person")
	}
	if bytes.IndexByte(data[260:], 0) >= 0 {
		t.Error("the photo has zero bytes: a test could not prove that it is gone")
	}
	m.want(samv.ReadAddress, samv.OK, 70)
	m.want(samv.ReadCardID, samv.OK, 24)
	m.want(samv.Find, samv.NotFound, 0) // until it is lifted
	m.want(samv.Select, samv.SelectFailed, 0)
	m.want(samv.ReadCardID, samv.OK, 24)
	r.Lift()
	m.want(samv.ReadCardID, samv.ReadFailed, 0)
	m.want(samv.Find, samv.NotFound, 0)
	r.Place(p[1])
	m.want(samv.Find, samv.Found, 4)
	m.want(samv.Select, samv.OK, 8)
	m.want(samv.ReadAddress, samv.NoItem, 0)
	m.want(samv.Reset, samv.OK, 0)
	m.want(samv.ReadCardID, samv.ReadFailed, 0)
	r.SelfTest(samv.SelfTestFailed)
	m.want(samv.Find, samv.SelfTestFailed, 0)
	m.want(samv.SAMStatus, samv.SelfTestFailed, 0)
	r.SelfTest(0)
	if s, _ := m.send([]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x20, 1, 0x23}); s != samv.BadChecksum {
		t.Errorf("wrong checksum: %v", s)
	}
	if s, _ := m.send([]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x30, 0x10, 0x23}); s != samv.BadCommand {
		t.Errorf("fingerprints: %v", s)
	}
}

func TestServeEnds(t *testing.T) {
	r := sim.NewReader(sim.ReaderOpts{})
	serve := func() (*sim.PipeEnd, chan error) {
		ours, theirs := sim.Pipe()
		done := make(chan error, 1)
		go func() { done <- r.Serve(ours) }()
		module{t, theirs}.want(samv.SAMStatus, samv.OK, 0) // it is running
		return theirs, done
	}
	w, done := serve()
	w.Close()
	if err := <-done; err != nil {
		t.Errorf("after the wire ended: %v", err)
	}
	_, done = serve()
	r.Unplug()
	r.Unplug()
	if err := <-done; !errors.Is(err, sim.ErrUnplugged) {
		t.Errorf("after Unplug: %v", err)
	}
	if _, err := r.Dial(); !errors.Is(err, sim.ErrUnplugged) {
		t.Errorf("Dial: %v", err)
	}
	ours, theirs := sim.Pipe()
	if err := r.Serve(ours); !errors.Is(err, sim.ErrUnplugged) {
		t.Errorf("Serve: %v", err)
	}
	if _, err := theirs.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the wire of an unplugged reader: %v", err)
	}
	r.Replug()
	r.Replug()
	w, done = serve()
	w.Close()
	<-done
}
