package usblp

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// plug puts a printer into a tree like that of sysfs.
func plug(t *testing.T, sys, port, lp string, attrs map[string]string) {
	t.Helper()
	face := filepath.Join(sys, "devices/usb1", port, port+":1.0")
	class := filepath.Join(sys, "class/usbmisc")
	for _, dir := range []string{filepath.Join(face, "usbmisc", lp), class} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, link := range [][2]string{
		{face, filepath.Join(face, "usbmisc", lp, "device")},
		{filepath.Join(face, "usbmisc", lp), filepath.Join(class, lp)},
	} {
		if err := os.Symlink(link[0], link[1]); err != nil {
			t.Fatal(err)
		}
	}
	for name, v := range attrs {
		dir := face
		if strings.HasPrefix(name, "id") {
			dir = filepath.Dir(face)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(v+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestList(t *testing.T) {
	sys := t.TempDir()
	o := Opts{Sys: sys}
	if all, err := List(o); len(all) > 0 || err != nil {
		t.Errorf("without USB: %v, %v", all, err)
	}
	plug(t, sys, "1-1.4", "lp10", map[string]string{"idVendor": "0fe6", "idProduct": "811e", "bInterfaceProtocol": "01"})
	plug(t, sys, "1-1.3", "lp2", map[string]string{
		"idVendor": "04b8", "idProduct": "0202", "bInterfaceProtocol": "02",
		"ieee1284_id": "MFG:EPSON;MDL:TM-T88V;",
	})
	plug(t, sys, "1-2", "hiddev0", nil)
	if err := os.Symlink(filepath.Join(sys, "nowhere"), filepath.Join(sys, "class/usbmisc/lp7")); err != nil {
		t.Fatal(err)
	}
	all, err := List(o)
	want := []Info{
		{Path: "/dev/usb/lp2", USB: "04b8:0202", Port: "1-1.3", ID: ID{Maker: "EPSON", Model: "TM-T88V"}},
		{Path: "/dev/usb/lp10", USB: "0fe6:811e", Port: "1-1.4", WriteOnly: true},
	}
	if err != nil || len(all) != 2 || all[0] != want[0] || all[1] != want[1] {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestLocate(t *testing.T) {
	sys := t.TempDir()
	ids := map[string]string{"idVendor": "04b8", "idProduct": "0e15"}
	plug(t, sys, "1-1", "lp0", ids)
	for _, c := range []struct {
		where, port, path, err string
	}{
		{"/dev/usb/lp3", "", "/dev/usb/lp3", ""},
		{"04B8:0E15", "", "/dev/usb/lp0", ""},
		{"04b8:0e15", "1-1", "/dev/usb/lp0", ""},
		{"04b8:0e15", "1-2", "", "lsusb"},
		{"04b8:0202", "", "", "lsusb"},
		{"lp0", "", "", "want a node"},
		{"", "", "", "want a node"},
	} {
		path, err := Opts{Sys: sys, Port: c.port}.locate(c.where)
		if path != c.path || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("locate(%q, %q) = %q, %v", c.where, c.port, path, err)
		}
	}
	if _, err := Open("04b8:0202", Opts{Sys: sys}); !errors.Is(err, ErrNotFound) {
		t.Errorf("Open: %v", err)
	}
	plug(t, sys, "1-2.1", "lp1", ids)
	if _, err := Open("04b8:0e15", Opts{Sys: sys}); err == nil || !strings.Contains(err.Error(), "port=: 1-1, 1-2.1") {
		t.Errorf("two of a kind: %v", err)
	}
}

func TestParseURL(t *testing.T) {
	for s, want := range map[string][3]string{
		"usblp:/dev/usb/lp0":                             {"/dev/usb/lp0"},
		"usblp:/dev/usb/lp0?profile=xprinter":            {"/dev/usb/lp0", "", "profile=xprinter"},
		"usblp:04B8:0202":                                {"04B8:0202"},
		"usblp:04b8:0202?port=1-1.3&profile=epson-tm&x=": {"04b8:0202", "1-1.3", "profile=epson-tm&x="},
	} {
		where, o, rest, err := ParseURL(s)
		if where != want[0] || o != (Opts{Port: want[1]}) || rest.Encode() != want[2] || err != nil {
			t.Errorf("ParseURL(%q) = %q, %+v, %q, %v", s, where, o, rest.Encode(), err)
		}
	}
	for s, want := range map[string]string{
		"":                             "want usblp:",
		"uart:/dev/usb/lp0":            "want usblp:",
		"usblp:":                       "whole path",
		"usblp:/":                      "whole path",
		"usblp://dev/usb/lp0":          "whole path",
		"usblp:lp0":                    "whole path",
		"usblp:04b8":                   "whole path",
		"usblp:04b8:0202:1":            "whole path",
		"usblp:04b8:0202?port=":        "one value",
		"usblp:04b8:0202?port=1&port=": "one value",
		"usblp:/dev/usb/lp0?port=1-1":  "goes with a USB id",
		"usblp:/dev/usb/lp0?%zz":       "escape",
	} {
		if _, _, _, err := ParseURL(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseURL(%q) = %v, want %q", s, err, want)
		}
	}
}

// The numbers are the kernel's, where its headers and a compiler are at hand.
func TestNumbersOfTheKernel(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc")
	}
	src := filepath.Join(t.TempDir(), "lp.c")
	code := "#include <linux/lp.h>\n#include <linux/ioctl.h>\n" +
		"#define IS(a, b) _Static_assert((a) == (b), #a)\n" +
		"IS(LPGETSTATUS, 0x060b);\n" +
		"IS(_IOC(_IOC_READ, 'P', 1, 1024), 0x84005001u);\n" +
		"IS(_IOC(_IOC_READ, 'P', 2, 8), 0x80085002u);\n" +
		"IS(LP_POUTPA, 0x20); IS(LP_PSELECD, 0x10); IS(LP_PERRORP, 0x08);\n"
	if err := os.WriteFile(src, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/usr/include/linux/lp.h"); err != nil {
		t.Skip("no kernel headers")
	}
	if out, err := exec.Command(gcc, "-fsyntax-only", src).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if getStatus != 0x060b || deviceID(1024) != 0x84005001 || getProtocols != 0x80085002 {
		t.Errorf("%#x %#x %#x", getStatus, deviceID(1024), uint(getProtocols))
	}
}
