package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/i2c/i2creg"
	periph "periph.io/x/host/v3"

	"jobhome/drivers/pn532"
)

const badgeUsage = `usage: probe badge URL [-reveal] [-n COUNT]

Waits for badges on a PN532 reader and prints what happens as JSON lines: ready,
tapped, left, down. Ends with Ctrl-C.

  URL       where the reader is, uart:/dev/ttyUSB0?baud=115200 (115200 without baud=),
            uart:1a86:7523 by the USB id of its adapter, or an I2C bus, i2c:1
  -reveal   print the number of a badge; without it a keyed hash, by which a badge
            is known again until probe ends and never afterwards
  -n COUNT  end after COUNT badges

The number of a badge is not a person: anybody can read and imitate it.

Exit code: 0 when ended, 1 when the reader could not be used, 2 for a wrong command
line.
`

// badgeLine is one line of output.
type badgeLine struct {
	Time     string `json:"time"`
	Event    string `json:"event"`
	Firmware string `json:"firmware,omitempty"`
	Badge    string `json:"badge,omitempty"` // keyed hash
	Random   bool   `json:"random,omitempty"`
	UID      string `json:"uid,omitempty"`
	Error    string `json:"error,omitempty"`
}

var busName = regexp.MustCompile(`^[0-9A-Za-z_-]{1,32}$`)

// badgeCommand is "probe badge".
func badgeCommand(args []string, stdout, stderr io.Writer) int {
	out := [2]io.Writer{stdout, stderr}
	a, err := parseWatch("badge", args)
	if err != nil {
		return a.usageCode(err, badgeUsage, out)
	}
	if name, ok := strings.CutPrefix(a.url, "i2c:"); ok {
		if !busName.MatchString(name) {
			return a.usageCode(fmt.Errorf("port %q: want a bus, such as i2c:1", a.url), badgeUsage, out)
		}
		return a.badge(context.Background(), pn532.NewI2C(func() (i2c.BusCloser, error) { return openBus(name) }, pn532.Opts{}), out)
	}
	at, err := badgeKind.parsePlain(a.url)
	if err != nil {
		return a.usageCode(err, badgeUsage, out)
	}
	return a.badge(context.Background(), pn532.New(func() (pn532.Wire, error) { return open(at, nil) }, pn532.Opts{}), out)
}

func openBus(name string) (i2c.BusCloser, error) {
	if _, err := periph.Init(); err != nil {
		return nil, fmt.Errorf("load I2C drivers: %w", err)
	}
	bus, err := i2creg.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open I2C bus %s: %w (`probe list` names the buses)", name, err)
	}
	return bus, nil
}

func (a watchArgs) badge(ctx context.Context, dev *pn532.Dev, out [2]io.Writer) int {
	key := make([]byte, 32)
	rand.Read(key) // never fails, see crypto/rand
	return a.watch(ctx, func(ctx context.Context, tell func(watched)) error {
		return dev.Run(ctx, func(e pn532.Event) {
			l := badgeLine{Time: e.At.Format(time.RFC3339Nano), Event: e.Kind.String(), Random: e.Random}
			w := watched{ready: e.Kind == pn532.Ready, hit: e.Kind == pn532.Tapped}
			switch e.Kind {
			case pn532.Ready:
				l.Firmware = e.Firmware.String()
			case pn532.Down:
				w.down = e.Err
				l.Error = e.Err.Error()
			case pn532.Tapped:
				mac := hmac.New(sha256.New, key)
				mac.Write(e.UID)
				l.Badge = hex.EncodeToString(mac.Sum(nil)[:8])
				if a.reveal {
					l.UID = strings.ToUpper(hex.EncodeToString(e.UID))
				}
			}
			w.line = l
			tell(w)
		})
	}, out)
}
