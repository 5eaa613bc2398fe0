package pages

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net"
	"net/netip"
	"sync"
	"time"
)

// mostCounted is how many addresses are counted at the same time: whoever has more
// of them than this is not stopped by counting addresses.
const mostCounted = 1 << 16

// limiter counts what comes from an address within an hour. It keeps no address:
// only a hash with a key that lives in memory and is thrown away with the counts
// every hour.
type limiter struct {
	now func() time.Time

	mu     sync.Mutex
	key    [32]byte
	until  time.Time
	counts map[[16]byte]int
}

func newLimiter(now func() time.Time) (*limiter, error) {
	l := &limiter{now: now}
	return l, l.renew(now())
}

func (l *limiter) renew(now time.Time) error {
	l.until, l.counts = now.Add(time.Hour), map[[16]byte]int{}
	_, err := rand.Read(l.key[:])
	return err
}

// take counts one more and reports whether it is within most; wait is how long it
// takes until counting begins anew.
func (l *limiter) take(address, what string, most int) (ok bool, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if !now.Before(l.until) {
		if l.renew(now) != nil {
			return false, time.Hour
		}
	}
	mac := hmac.New(sha256.New, l.key[:])
	_, _ = mac.Write([]byte(what + "\x00" + network(address)))
	id := [16]byte(mac.Sum(nil))
	if _, known := l.counts[id]; !known && len(l.counts) >= mostCounted {
		return false, l.until.Sub(now)
	}
	l.counts[id]++
	return l.counts[id] <= most, l.until.Sub(now)
}

// network is the address without its port; of IPv6 the first 64 bits, which are
// one household's.
func network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
