package main

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"jobhome/drivers/sim"
)

// check prints a slip on the simulated printer and reads it: the words must
// stand there, and a reader of QR codes must find the address.
func (b *bench) check(who string, job []byte, want said) error {
	out := make(chan sim.Slip, 8)
	p := newPrinter(mustProfile(), func(s sim.Slip) { out <- s })
	defer func() { _ = p.Close() }()
	host, device := sim.Pipe()
	defer func() { _ = host.Close() }()
	go func() { _ = p.Serve(device) }()
	if _, err := host.Write(job); err != nil {
		return err
	}
	var s sim.Slip
	select {
	case s = <-out:
	case <-time.After(10 * time.Second):
		return fmt.Errorf("the printer cut no slip")
	}
	text := strings.Join(strings.Fields(s.Text), "")
	for _, w := range want.words {
		if !strings.Contains(text, strings.Join(strings.Fields(w), "")) {
			return fmt.Errorf("%q does not stand on it", w)
		}
	}
	for _, odd := range p.Oddities() {
		note("%s: the simulated printer remarks: %s", who, odd)
	}
	return b.readQR(who, s, want.url)
}

func (b *bench) readQR(who string, s sim.Slip, want string) error {
	dir := b.out
	if dir == "" {
		tmp, err := os.MkdirTemp("", "jobhome-benchkiosk-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(tmp) }()
		dir = tmp
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, s.Image); err != nil {
		return err
	}
	file := filepath.Join(dir, "bench-slip-"+who+".png")
	if err := os.WriteFile(file, picture.Bytes(), 0o644); err != nil {
		return err
	}
	got, err := exec.Command("zbarimg", "--quiet", "--raw", file).Output()
	if errors.Is(err, exec.ErrNotFound) {
		note("zbarimg is not installed (Debian: apt-get install zbar-tools); the QR codes were not read")
		return nil
	}
	if text := strings.TrimSpace(string(got)); err != nil || text != want {
		return fmt.Errorf("its QR code reads %q, not %q: %v", text, want, err)
	}
	return nil
}
