package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"jobhome/kiosk/config"
	"jobhome/kiosk/staff"
	"jobhome/kiosk/station"

	"golang.org/x/sys/unix"
)

// runPIN reads a PIN twice and writes what stands for it in the settings. It is
// not shown while it is typed, and never an argument, which others could see.
func runPIN(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	s, _, err := m.load()
	if err != nil {
		return err
	}
	show, err := hide(os.Stdin)
	if err != nil {
		return err
	}
	defer show()
	lines := bufio.NewReader(io.LimitReader(os.Stdin, 1000))
	var typed [2]string
	for i, ask := range []string{"The PIN of the staff page, 6 to 12 digits, then Enter:", "The same again:"} {
		fmt.Fprintln(m.Err, ask)
		if typed[i], err = line(ctx, lines); err != nil {
			return err
		}
	}
	if typed[0] != typed[1] {
		return errors.New("the two PINs are not the same; try again")
	}
	pin, err := staff.HashPIN(typed[0], rand.Reader, s.Site.StaffPhone)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(m.Out, "[service]\npin = %q\n", pin.String())
	return err
}

// hide stops showing what is typed, where that is a terminal, until show is
// called.
func hide(in *os.File) (show func(), err error) {
	fd := int(in.Fd())
	old, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return func() {}, nil // a pipe or a file
	}
	quiet := *old
	quiet.Lflag &^= unix.ECHO
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, &quiet); err != nil {
		return nil, fmt.Errorf("hide what is typed: %w", err)
	}
	return func() { _ = unix.IoctlSetTermios(fd, unix.TCSETS, old) }, nil
}

// line reads a line, unless ctx ends first.
func line(ctx context.Context, in *bufio.Reader) (string, error) {
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		text, err := in.ReadString('\n')
		got <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case a := <-got:
		if a.err != nil && !errors.Is(a.err, io.EOF) {
			return "", fmt.Errorf("read the PIN: %w", a.err)
		}
		return strings.TrimSpace(a.text), nil
	}
}

// runEnroll waits for a badge and writes its line for the settings. The
// terminal must not be running, since it holds the reader.
func runEnroll(ctx context.Context, m *Main, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	s, _, err := m.load()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.DataDir, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	p := &place{settings: s}
	if err := p.lock(); err != nil {
		return err
	}
	defer p.close()
	s.Panel = config.Panel{} // lamp, buzzer and relay are not asked for
	st, err := station.Open(station.Options{Settings: s, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer st.Close()
	fmt.Fprintln(m.Err, "Hold the badge to its reader; Ctrl-C ends.")
	line, err := st.Enroll(ctx, args[0])
	if err != nil {
		return err
	}
	badges := append(append([]string{}, s.Service.Badges...), line)
	for i, b := range badges {
		badges[i] = fmt.Sprintf("%q", b)
	}
	_, err = fmt.Fprintf(m.Out, "[service]\nbadges = [%s]\n", strings.Join(badges, ", "))
	return err
}
