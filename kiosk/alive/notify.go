package alive

import (
	"fmt"
	"net"
	"os"
	"strings"
)

// Notifier tells the service manager how this program is. The zero value tells
// nobody.
type Notifier struct {
	addr *net.UnixAddr
}

// NewNotifier returns a Notifier for the socket that $NOTIFY_SOCKET names: an
// absolute path, or @ and a name in the abstract namespace. Without one it tells
// nobody, which is no error.
func NewNotifier() (Notifier, error) {
	name := os.Getenv("NOTIFY_SOCKET")
	switch {
	case name == "":
		return Notifier{}, nil
	case name[0] != '/' && name[0] != '@':
		return Notifier{}, fmt.Errorf("alive: NOTIFY_SOCKET is %q, neither a path nor an abstract name", name)
	}
	// Package net takes the leading @ for the abstract namespace's zero byte.
	return Notifier{addr: &net.UnixAddr{Name: name, Net: "unixgram"}}, nil
}

// Tell sends assignments such as READY=1, all in one datagram.
func (n Notifier) Tell(assignments ...string) error {
	if n.addr == nil {
		return nil
	}
	c, err := net.DialUnix("unixgram", nil, n.addr)
	if err != nil {
		return fmt.Errorf("alive: tell the service manager: %w", err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.Write([]byte(strings.Join(assignments, "\n"))); err != nil {
		return fmt.Errorf("alive: tell the service manager: %w", err)
	}
	return nil
}
