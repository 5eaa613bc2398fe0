package usb

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files below a temporary root; a value that begins with -> is a
// symbolic link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(text, "->"); ok {
			err = os.Symlink(target, path)
		} else {
			err = os.WriteFile(path, []byte(text+"\n"), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// plugged is a machine with a card reader, a HID reader, a serial adapter, a
// printer and a second card reader, as sysfs of Linux 6.1 shows them.
func plugged() map[string]string {
	f := map[string]string{"bus/usb/devices/usb1": "->../../../devices/usb1", "devices/usb1/idVendor": "1d6b"}
	device := func(port, id, num, serial string) string {
		d := "devices/usb1/" + port + "/"
		f["bus/usb/devices/"+port] = "->../../../devices/usb1/" + port
		f["bus/usb/devices/"+port+":1.0"] = "->../../../devices/usb1/" + port + "/" + port + ":1.0"
		f[d+"idVendor"], f[d+"idProduct"] = id[:4], id[5:]
		f[d+"busnum"], f[d+"devnum"] = "1", num
		if serial != "" {
			f[d+"serial"] = serial
		}
		f[d+"ep_00/bEndpointAddress"] = "00"
		i := d + port + ":1.0/"
		f[i+"bInterfaceNumber"] = "00"
		f[i+"bInterfaceClass"] = "ff"
		return i
	}
	endpoint := func(dir, addr, kind string) {
		f[dir+"ep_"+addr+"/bEndpointAddress"] = addr
		f[dir+"ep_"+addr+"/type"] = kind
		f[dir+"ep_"+addr+"/wMaxPacketSize"] = "0040"
	}
	for port, serial := range map[string]string{"1-1.1": "AAA", "1-1.2": "BBB"} {
		i := device(port, "0400:c35a", port[4:], serial)
		for _, ep := range []string{"02", "06", "81", "85"} {
			endpoint(i, ep, "Bulk")
		}
	}
	i := device("1-2", "10c4:0007", "7", "")
	f[i+"bInterfaceClass"] = "03"
	f[i+"0003:10C4:0007.0001/hidraw/hidraw3/dev"] = "240:3"
	f[i+"driver"] = "->../../../../bus/usb/drivers/usbhid"
	endpoint(i, "81", "Interrupt")
	i = device("1-3", "1a86:7523", "8", "")
	f[i+"ttyUSB0/tty/ttyUSB0/dev"] = "188:0"
	i = device("1-4", "0416:5011", "12", "")
	f[i+"usbmisc/lp1/dev"] = "180:1"
	i = device("1-5", "0525:a4a7", "13", "")
	f[i+"tty/ttyACM0/dev"] = "166:0"
	f["bus/usb/devices/1-9"] = "->../../../devices/usb1/1-9" // pulled out this moment
	return f
}

func TestFind(t *testing.T) {
	h := Host{Sys: tree(t, plugged()), Dev: "/d"}
	all, err := h.All()
	if err != nil || len(all) != 6 {
		t.Fatalf("%d devices, %v: %v", len(all), err, all)
	}
	d, err := h.One(Query{ID: ID{0x0400, 0xC35A}, Serial: "BBB"})
	if err != nil || d.Port != "1-1.2" || d.Node != "/d/bus/usb/001/002" || d.Number != 2 || d.Bus != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	if !slices.Equal(d.Bulk(), []byte{0x02, 0x06, 0x81, 0x85}) || d.Interfaces[0].Class != 0xFF {
		t.Errorf("%+v", d.Interfaces)
	}
	if e, n, ok := d.endpoint(0x85); !ok || n != 0 || e.MaxPacket != 64 {
		t.Errorf("endpoint 85: %+v %d %v", e, n, ok)
	}
	for id, want := range map[string]string{
		"10C4:0007": "/d/hidraw3", "1A86:7523": "/d/ttyUSB0", "0416:5011": "/d/usb/lp1", "0525:A4A7": "/d/ttyACM0",
	} {
		q, _, err := ParseURL("usb:" + id)
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.One(q)
		if got := slices.Concat(d.TTYs, d.HIDs, d.Printers); err != nil || !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, %v", id, got, err)
		}
		if id == "10C4:0007" && (d.Interfaces[0].Driver != "usbhid" || len(d.Bulk()) != 0) {
			t.Errorf("%+v", d.Interfaces)
		}
	}
	if d, err := h.One(Query{ID: ID{0x0400, 0xC35A}, Port: "1-1.1"}); err != nil || d.Serial != "AAA" {
		t.Errorf("by port: %v, %v", d, err)
	}
	_, err = h.One(Query{ID: ID{0x0400, 0xC35A}})
	if !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), "1-1.1, 1-1.2") {
		t.Errorf("two of them: %v", err)
	}
	_, err = h.One(Query{ID: ID{0x0400, 0xC35A}, Serial: "secret"})
	if !errors.Is(err, ErrNotFound) || strings.Contains(err.Error(), "secret") {
		t.Errorf("none: %v", err)
	}
	if all, err := (Host{Sys: t.TempDir()}).All(); len(all) != 0 || err != nil {
		t.Errorf("no USB: %v, %v", all, err)
	}
}

func TestParseURL(t *testing.T) {
	q, rest, err := ParseURL("usb:0400:c35A?port=1-1.3&framing=pair&serial=X1")
	if err != nil || q != (Query{ID{0x0400, 0xC35A}, "X1", "1-1.3"}) || len(rest) != 1 || rest.Get("framing") != "pair" {
		t.Errorf("%+v, %v, %v", q, rest, err)
	}
	for _, bad := range []string{"", "uart:/dev/ttyS0", "usb:", "usb:400:C35A", "usb:0400", "usb:0400:C35G", "usb:0400:C35A?port=", "usb:0400:C35A?port=1&port=2", "usb:0400:C35A?%zz"} {
		if _, _, err := ParseURL(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	f.Add("usb:0400:C35A?serial=A&port=1-1")
	f.Add("usb:::?")
	f.Fuzz(func(t *testing.T, s string) {
		q, _, err := ParseURL(s)
		if err != nil {
			return
		}
		if again, err := ParseID(q.ID.String()); err != nil || again != q.ID {
			t.Errorf("%q: %v, %v", s, again, err)
		}
	})
}
