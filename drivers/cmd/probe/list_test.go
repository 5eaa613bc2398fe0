package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// tree builds files below a root: "path=content", or "path->target" for a link
// whose target, if absolute, is below the root as well. A path that ends in a slash
// is a directory.
func tree(t *testing.T, root string, entries ...string) {
	t.Helper()
	for _, e := range entries {
		path, target, link := strings.Cut(e, "->")
		path, content, _ := strings.Cut(path, "=")
		full := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case link && strings.HasPrefix(target, "/"):
			err = os.Symlink(filepath.Join(root, target), full)
		case link:
			err = os.Symlink(target, full)
		case strings.HasSuffix(path, "/"):
			err = os.MkdirAll(full, 0o755)
		default:
			err = os.WriteFile(full, []byte(content+"\n"), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// usbDevice is a device as sysfs shows it, with one interface.
func usbDevice(t *testing.T, root, port, id, class string) {
	t.Helper()
	dir := "sys/devices/usb1/" + port
	face := dir + "/" + port + ":1.0"
	vendor, product, _ := strings.Cut(id, ":")
	tree(t, root, dir+"/idVendor="+vendor, dir+"/idProduct="+product, dir+"/busnum=1", dir+"/devnum=7",
		face+"/bInterfaceNumber=00", face+"/bInterfaceClass="+class, face+"/bInterfaceProtocol=02",
		"sys/bus/usb/devices/"+port+"->/"+dir)
}

// kioskTree is a terminal with a bit of everything, and a bit of trouble.
func kioskTree(t *testing.T) host {
	root := t.TempDir()
	usbDevice(t, root, "1-1", "1a86:7523", "ff")
	usbDevice(t, root, "1-2", "0400:c35a", "ff")
	usbDevice(t, root, "1-3", "04b8:0202", "07")
	usbDevice(t, root, "1-4", "10c4:0007", "03")
	usbDevice(t, root, "1-5", "0fe6:811e", "07")
	usbDevice(t, root, "1-6", "9573:4836", "ff")
	face := "sys/devices/usb1/1-3/1-3:1.0"
	tree(t, root,
		"sys/devices/usb1/1-1/product=USB Serial\x1b[2J",
		"sys/devices/usb1/1-1/1-1:1.0/ttyUSB0/tty/ttyUSB0/",
		"dev/ttyUSB0=", "dev/serial/by-id/usb-1a86_USB_Serial-if00-port0->/dev/ttyUSB0",
		"dev/serial/by-id/usb-gone->/dev/ttyUSB9",
		"sys/class/tty/ttyUSB0/device/driver->/sys/bus/usb-serial/drivers/ch341",
		"dev/ttyS0=", "sys/class/tty/ttyS0/type=0",
		"dev/ttyS1=", "sys/class/tty/ttyS1/type=4",
		"dev/ttyAMA0=", "dev/serial0->ttyAMA0", "sys/class/tty/console/active=tty1 ttyAMA0",

		face+"/driver->/sys/bus/usb/drivers/usblp", face+"/ieee1284_id=MFG:EPSON;MDL:TM-T88V;CMD:ESC/POS;",
		face+"/usbmisc/lp0/device->/"+face, "sys/class/usbmisc/lp0->/"+face+"/usbmisc/lp0", "dev/usb/lp0=",

		"sys/devices/usb1/1-4/1-4:1.0/0003:10C4:0007.0001/hidraw/hidraw0/",
		"dev/hidraw0=", "sys/class/hidraw/hidraw0/device/uevent=HID_ID=0003:000010C4:00000007\nHID_NAME=MIAXIS",
		"dev/hidraw1=", "sys/class/hidraw/hidraw1/device/uevent=HID_ID=0003:0000046D:0000C31C\nHID_NAME=Keyboard",

		"dev/i2c-1=", "sys/class/i2c-dev/i2c-1/name=bcm2835 (i2c@7e804000)",
		"dev/gpiochip0=", "sys/bus/gpio/devices/gpiochip0->/sys/devices/soc/fe200000.gpio/gpiochip0",
		"sys/devices/soc/fe200000.gpio/gpiochip0/",
	)
	return host{root: root, drivers: func() []string {
		return []string{"loaded: bcm283x", "skipped: allwinner: not an Allwinner CPU: really", "failed: sysfs-spi: no permission", "pins: GPIO2, GPIO3"}
	}}
}

func TestList(t *testing.T) {
	h := kioskTree(t)
	var out, errs bytes.Buffer
	if code := h.list([]string{"-json"}, &out, &errs); code != 1 || errs.Len() > 0 {
		t.Fatalf("exit %d, %s", code, &errs)
	}
	var rows []row
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), h.root) || strings.Contains(out.String(), `\u001b`) {
		t.Errorf("the root of the test, or what steers a terminal: %s", &out)
	}
	for _, want := range []row{
		{"serial", "uart:/dev/serial/by-id/usb-gone", "link", failed, "leads nowhere"},
		{"serial", "uart:/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0", "ttyUSB0, driver ch341, USB Serial[2J, USB 1A86:7523 at port 1-1", fitted, ""},
		{"serial", "uart:/dev/ttyAMA0", "ttyAMA0", skipped, "console"},
		{"serial", "uart:/dev/ttyS0", "ttyS0", skipped, "no chip"},
		{"serial", "uart:/dev/ttyS1", "ttyS1", fitted, ""},
		{"usb printer", "usblp:/dev/usb/lp0", "EPSON TM-T88V, USB 04b8:0202 at port 1-3, speaks ESC/POS", fitted, ""},
		{"usb printer", "", "unnamed, USB device 0FE6:811E at port 1-5", failed, "modprobe usblp"},
		{"usb reader", "usb:0400:C35A", "resident ID card reader, bulk endpoints, USB device 0400:C35A at port 1-2", failed, "node is missing"},
		{"usb reader", "hid:10C4:0007", "resident ID card reader, HID, USB device 10C4:0007 at port 1-4", fitted, ""},
		{"usb reader", "9573:4836", "resident ID card reader of one maker, USB device 9573:4836 at port 1-6", skipped, "not public"},
		{"hidraw", "/dev/hidraw0", "resident ID card reader, HID, USB 10C4:0007", fitted, ""},
		{"hidraw", "/dev/hidraw1", "Keyboard, USB 046D:C31C", skipped, "not known"},
		{"i2c", "i2c:1", "bcm2835 (i2c@7e804000)", fitted, ""},
		{"gpio", "/dev/gpiochip0", "chip of fe200000.gpio", fitted, ""},
		{"driver", "", "bcm283x", loaded, ""},
		{"driver", "", "allwinner", skipped, "not an Allwinner CPU: really"},
		{"driver", "", "sysfs-spi", failed, "no permission"},
		{"pins", "", "GPIO2, GPIO3", fitted, ""},
	} {
		if len(rows) == 0 {
			t.Fatalf("no row for %+v", want)
		}
		r := rows[0]
		rows = rows[1:]
		if r.Kind != want.Kind || r.Path != want.Path || r.What != want.What || r.State != want.State || !strings.Contains(r.Why, want.Why) {
			t.Errorf("got  %+v\nwant %+v", r, want)
		}
	}
	if len(rows) > 0 {
		t.Errorf("more rows: %+v", rows)
	}
}

func TestListOfAnEmptyComputer(t *testing.T) {
	h := host{root: t.TempDir(), drivers: func() []string { return []string{"pins: no GPIO pins"} }}
	var out, errs bytes.Buffer
	if code := h.list(nil, &out, &errs); code != 0 || errs.Len() > 0 {
		t.Fatalf("exit %d, %s", code, &errs)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 8 || !strings.HasPrefix(lines[0], "KIND") {
		t.Fatalf("%s", &out)
	}
	for _, l := range lines[1:] { // each says that there is nothing, and what to do
		if f := strings.Fields(l); !strings.Contains(l, skipped) || len(f) < 6 {
			t.Errorf("%s", l)
		}
	}
}

// Nothing is opened: a port may belong to something else.
func TestListOpensNoNode(t *testing.T) {
	h := kioskTree(t)
	watch, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Close(watch)
	nodes := []string{"ttyUSB0", "ttyS0", "ttyS1", "ttyAMA0", "usb/lp0", "hidraw0", "hidraw1", "i2c-1", "gpiochip0"}
	for _, n := range nodes {
		if _, err := unix.InotifyAddWatch(watch, filepath.Join(h.root, "dev", n), unix.IN_OPEN); err != nil {
			t.Fatal(err)
		}
	}
	h.rows()
	if n, err := unix.Read(watch, make([]byte, 4096)); err != unix.EAGAIN {
		t.Errorf("a node was opened: %d bytes of events, %v", n, err)
	}
	if _, err := os.ReadFile(filepath.Join(h.root, "dev", nodes[0])); err != nil {
		t.Fatal(err)
	}
	if n, err := unix.Read(watch, make([]byte, 4096)); n <= 0 || err != nil {
		t.Errorf("the watch sees nothing: %v", err)
	}
}

func TestListUsage(t *testing.T) {
	for args, want := range map[string]int{"list -h": 0, "list more": 2, "list -colour": 2} {
		var out, errs bytes.Buffer
		if code := run(strings.Fields(args), &out, &errs); code != want || !strings.Contains(out.String()+errs.String(), "usage: probe list") {
			t.Errorf("probe %s: exit %d, %q %q", args, code, &out, &errs)
		}
	}
}
