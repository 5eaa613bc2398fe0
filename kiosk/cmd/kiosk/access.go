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

	"jobhome/kiosk/staff"
	"jobhome/kiosk/station"

	"golang.org/x/sys/unix"
)

// runPIN reads a PIN and writes what stands for it in the settings. It is not
// shown while it is typed, and never an argument, which others could see.
func runPIN(_ context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	s, _, err := m.load()
	if err != nil {
		return err
	}
	fmt.Fprintln(m.Err, "The PIN of the staff page, 6 to 12 digits, then Enter:")
	typed, err := secret(os.Stdin)
	if err != nil {
		return err
	}
	pin, err := staff.HashPIN(typed, rand.Reader, s.Site.StaffPhone)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(m.Out, "[service]\npin = %q\n", pin.String())
	return err
}

// secret reads a line without showing it, where it is typed on a terminal.
func secret(in *os.File) (string, error) {
	fd := int(in.Fd())
	if old, err := unix.IoctlGetTermios(fd, unix.TCGETS); err == nil {
		quiet := *old
		quiet.Lflag &^= unix.ECHO
		if err := unix.IoctlSetTermios(fd, unix.TCSETS, &quiet); err != nil {
			return "", fmt.Errorf("hide what is typed: %w", err)
		}
		defer func() { _ = unix.IoctlSetTermios(fd, unix.TCSETS, old) }()
	}
	line, err := bufio.NewReader(io.LimitReader(in, 100)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the PIN: %w", err)
	}
	return strings.TrimSpace(line), nil
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
