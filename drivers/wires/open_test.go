package wires

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/sim"
	"jobhome/drivers/usb"

	puart "periph.io/x/conn/v3/uart"
)

// plugged is a computer with one USB device at port 1-1.3. Files are below its
// interface, and what is in them.
func plugged(t *testing.T, id string, files map[string]string) usb.Host {
	t.Helper()
	h := usb.Host{Sys: t.TempDir(), Dev: t.TempDir()}
	dir := filepath.Join(h.Sys, "bus/usb/devices/1-1.3")
	all := map[string]string{
		"idVendor": id[:4], "idProduct": id[5:], "busnum": "1", "devnum": "7", "1-1.3:1.0/bInterfaceNumber": "00",
	}
	for name, text := range files {
		all["1-1.3:1.0/"+name] = text
	}
	for name, text := range all {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// endpoints are the files of bulk endpoints.
func endpoints(addrs ...string) map[string]string {
	files := map[string]string{}
	for _, a := range addrs {
		files["ep_"+a+"/bEndpointAddress"] = a
		files["ep_"+a+"/type"] = "Bulk"
		files["ep_"+a+"/wMaxPacketSize"] = "0040"
	}
	return files
}

// echoes expects that what is written on one side comes out on the other.
func echoes(t *testing.T, w Wire, far *sim.PTY) {
	t.Helper()
	if err := w.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("ping")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4)
	if err := far.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, err := far.Read(b); err != nil || string(b[:n]) != "ping" {
		t.Errorf("%q, %v", b[:n], err)
	}
}

// A serial port by its path and by its USB id is the same port.
func TestSerialPort(t *testing.T) {
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	defer pty.Close()
	h := plugged(t, "1a86:7523", map[string]string{"ttyUSB0/tty/ttyUSB0/dev": ""})
	if err := pty.Link(filepath.Join(h.Dev, "ttyUSB0")); err != nil {
		t.Fatal(err)
	}
	for _, a := range []Address{
		{Scheme: UART, Path: pty.Path()},
		{Scheme: UART, ID: "1a86:7523", Baud: 9600, Flow: "none", Host: h},
		{Scheme: UART, ID: "1A86:7523", Port: "1-1.3", Host: h},
	} {
		w, err := a.Open()
		if err != nil {
			t.Fatalf("%+v: %v", a, err)
		}
		echoes(t, w, pty)
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	w, err := Address{Scheme: TCP, Path: l.Addr().String()}.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestLine(t *testing.T) {
	o, err := Address{Baud: 9600, Flow: "rtscts", Parity: "E", Stop: 2, Bits: 7}.Line()
	if err != nil || o.Baud != 9600 || o.Flow != puart.RTSCTS || o.Parity != puart.Even || o.Stop != puart.Two || o.Bits != 7 {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err = (Address{}).Line(); err != nil || o.Baud != 115200 || o.Flow != puart.NoFlow || o.Bits != 8 {
		t.Errorf("%+v, %v", o, err)
	}
	for _, a := range []Address{{Flow: "dtr"}, {Baud: -1}, {Baud: 3}, {Parity: "Z"}, {Stop: 3}, {Bits: 9}} {
		if o, err := a.Line(); err == nil || !strings.HasPrefix(err.Error(), "wires: set line: ") {
			t.Errorf("%+v: %+v, %v", a, o, err)
		}
	}
}

// What cannot be opened says what and why, and is no wire.
func TestOpenErrors(t *testing.T) {
	none := usb.Host{Sys: t.TempDir(), Dev: t.TempDir()}
	bare := plugged(t, "0400:c35a", nil)
	odd := plugged(t, "0400:c35a", endpoints("81", "82", "02"))
	split := plugged(t, "0400:c35a", endpoints("02", "06", "81", "85"))
	four := plugged(t, "0403:6011", map[string]string{"ttyUSB0/tty/ttyUSB0/dev": "", "ttyUSB1/tty/ttyUSB1/dev": ""})
	for _, c := range []struct {
		a    Address
		want string
		is   error
	}{
		{Address{}, `no scheme ""`, nil},
		{Address{Scheme: "i2c", Path: "1"}, `no scheme "i2c"`, nil},
		{Address{Scheme: UART, Path: "/dev/no-such-tty"}, "is the cable in?", fs.ErrNotExist},
		{Address{Scheme: UART, Path: "/dev/no-such-tty", Flow: "x"}, "rtscts", nil},
		{Address{Scheme: UART, ID: "1a86:7523", Host: none}, "1A86:7523", usb.ErrNotFound},
		{Address{Scheme: UART, ID: "1a86", Host: none}, "four hex digits", nil},
		{Address{Scheme: UART, ID: "0400:c35a", Host: bare}, "it has no serial port", nil},
		{Address{Scheme: UART, ID: "0403:6011", Host: four}, "more than one serial port", nil},
		{Address{Scheme: USBLP, Path: "/dev/usb/no-such-lp"}, "no-such-lp", nil},
		{Address{Scheme: USBLP, ID: "04b8:0202", Port: "1-1", Host: none}, "at port 1-1", nil},
		{Address{Scheme: TCP, Path: "127.0.0.1:1"}, "127.0.0.1:1", nil},
		{Address{Scheme: USB, ID: "0400:c35a", Host: none}, "0400:C35A", usb.ErrNotFound},
		{Address{Scheme: USB, ID: "0400:c35a", Port: "2-1", Host: split}, "at port 2-1", usb.ErrNotFound},
		{Address{Scheme: USB, ID: "0400:c35a", Serial: "A", Host: split}, "serial number", usb.ErrNotFound},
		{Address{Scheme: USB, ID: "0400:c35a", Host: odd}, "no card reader known", nil},
		{Address{Scheme: USB, ID: "0400:c35a", Framing: "x", Host: odd}, "split, pair or hid", nil},
		{Address{Scheme: USB, ID: "0400:c35a", Host: split}, "USB device 0400:C35A at port 1-1.3", usb.ErrUnplugged},
		{Address{Scheme: USB, ID: "0400:c35a", Host: bare}, "it has no hidraw node", nil},
		{Address{Scheme: USB, ID: "0400:c35a", Framing: "hid", Host: split}, "it has no hidraw node", nil},
		{Address{Scheme: HID, ID: "0400:c35a", Host: bare}, "it has no hidraw node", nil},
		{Address{Scheme: HID, ID: "10c4:0007", Host: none}, "10C4:0007", usb.ErrNotFound},
		{Address{Scheme: HID, Path: "/dev/no-such-hidraw"}, "no-such-hidraw", nil},
	} {
		w, err := c.a.Open()
		if w != nil || err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%+v: %v, %v; want %q", c.a, w, err, c.want)
		}
	}
}

func TestPair(t *testing.T) {
	if in, out := pair([]byte{0x02, 0x81}); in != 0x81 || out != 0x02 {
		t.Errorf("%02X %02X", in, out)
	}
	if in, out := pair(nil); in != 0 || out != 0 {
		t.Errorf("%02X %02X", in, out)
	}
}
