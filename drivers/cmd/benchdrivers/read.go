package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"jobhome/drivers/sim"
)

// reading is what a slip turned out to be.
type reading struct {
	mm   float64
	text bool   // every word stands on it
	lack string // the first word that does not
	qr   string
	odd  []string
}

// right reports whether text and QR code are; an unread code is believed.
func (r reading) right() bool { return r.text && r.qr != "no" }

// readSlip prints a slip at once and reads it: all words must stand there, and
// zbar must find the address.
func readSlip(w *works, job []byte, i int) (reading, error) {
	p := newPress(w, 1_000_000, 0)
	defer p.close()
	out, err := p.pour(job)
	if err != nil {
		return reading{}, err
	}
	r := reading{mm: p.mm(out.slip), text: true, odd: out.odd}
	words, url, err := w.said(i)
	if err != nil {
		return r, err
	}
	text := bare(out.slip.Text)
	for _, word := range words {
		if !stands(text, word) {
			r.text, r.lack = false, word
			break
		}
	}
	r.qr, err = readQR(out.slip, url)
	return r, err
}

// stands reports whether a word stands in a text: at one place, or, where a
// layout breaks it in a narrow column, with words of the next column between.
func stands(text, word string) bool {
	if strings.Contains(text, word) {
		return true
	}
	in, want := []rune(text), []rune(word)
	for i, r := range in {
		if r != want[0] {
			continue
		}
		left := want
		for _, r := range in[i:min(len(in), i+3*len(want)+16)] {
			if r == left[0] {
				if left = left[1:]; len(left) == 0 {
					return true
				}
			}
		}
	}
	return false
}

// readQR returns yes, no, or not read.
func readQR(s sim.Slip, want string) (string, error) {
	dir, err := os.MkdirTemp("", "jobhome-benchdrivers-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var picture bytes.Buffer
	if err := s.PNG(&picture); err != nil {
		return "", err
	}
	file := filepath.Join(dir, "slip.png")
	if err := os.WriteFile(file, picture.Bytes(), 0o600); err != nil {
		return "", err
	}
	got, err := exec.Command("zbarimg", "--quiet", "--raw", file).Output()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "not read", nil
	case errors.As(err, &exit): // it found no code
		return "no", nil
	case err != nil:
		return "", fmt.Errorf("run zbarimg: %w", err)
	}
	return yesNo(strings.TrimSpace(string(got)) == want), nil
}
