package jetdirect

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// DefaultPort is the port of raw printing.
const DefaultPort = 9100

// ParseURL reads an address as settings files write it:
//
//	tcp:192.168.1.60
//	tcp:printer.local:9100?profile=generic80
//	tcp:[fd00::60]:9100
//
// Addr has a port in any case. Every key is handed back untouched in rest, for the
// driver above (profile= of a printer).
func ParseURL(s string) (addr string, rest url.Values, err error) {
	fail := func(err error) (string, url.Values, error) {
		return "", nil, fmt.Errorf("jetdirect: address %q: %w", s, err)
	}
	body, ok := strings.CutPrefix(s, "tcp:")
	if !ok {
		return fail(fmt.Errorf("want tcp:HOST or tcp:HOST:PORT, for example tcp:192.168.1.60:9100"))
	}
	host, query, _ := strings.Cut(body, "?")
	if strings.ContainsAny(host, "/#@ ") {
		return fail(fmt.Errorf("want tcp:HOST without slashes, for example tcp:192.168.1.60:9100"))
	}
	if addr, err = withPort(host); err != nil {
		return fail(err)
	}
	if rest, err = url.ParseQuery(query); err != nil {
		return fail(err)
	}
	return addr, rest, nil
}

// withPort adds the port if there is none.
func withPort(s string) (string, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = s, strconv.Itoa(DefaultPort)
		if inner, ok := strings.CutPrefix(s, "["); ok {
			host = strings.TrimSuffix(inner, "]")
		} else if strings.Contains(s, ":") && net.ParseIP(s) == nil {
			return "", fmt.Errorf("%q is neither HOST nor HOST:PORT", s)
		}
	}
	if host == "" || strings.ContainsAny(host, "[]") {
		return "", fmt.Errorf("%q names no host", s)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fmt.Errorf("port %q: want a number from 1 to 65535", port)
	}
	return net.JoinHostPort(host, port), nil
}
