package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"jobhome/images/gpt"
)

const hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

const good = "quiet jobhome.root=jobhome-root-a jobhome.roothash=" + hash + " jobhome.hashstart=8192 jobhome.slot=a"

func TestParse(t *testing.T) {
	p, err := parse(good + "\n")
	if err != nil || p.root != "jobhome-root-a" || p.hash[1] != 0x11 || p.hashStart != 8192 || p.slot != "a" ||
		p.wait != 20*time.Second || p.init != "/usr/lib/systemd/systemd" || p.disk != (gpt.GUID{}) {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = parse(good + " jobhome.slot=b jobhome.wait=3 init=/sbin/x jobhome.disk=" + gpt.ESP.String())
	if err != nil || p.slot != "b" || p.wait != 3*time.Second || p.init != "/sbin/x" || p.disk != gpt.ESP {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for from, to := range map[string]string{
		"jobhome.root=":        "root=",
		"jobhome.roothash=":    "roothash=",
		hash:                   hash[2:],
		"jobhome.hashstart=":   "jobhome.hashstart=-",
		"8192":                 "8193",
		"jobhome.slot=a":       "jobhome.slot=c",
		"quiet":                "jobhome.disk=x",
		"quiet jobhome.root=j": "jobhome.wait=51 jobhome.root=j",
	} {
		line := strings.Replace(good, from, to, 1)
		if _, err := parse(line); err == nil || !strings.Contains(err.Error(), "jobhome.") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// machineWith is a /sys and a /dev with disks: "usb:sdb" is a disk on USB. Each
// has a table whose GUID begins with the number of its place, and as its
// partitions 1, 2, ... the names.
func machineWith(t *testing.T, disks ...[]string) system {
	t.Helper()
	s := system{sys: t.TempDir(), dev: t.TempDir()}
	class := filepath.Join(s.sys, "class/block")
	write := func(file, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(node, name string) {
		t.Helper()
		if err := os.Symlink("../../"+node, filepath.Join(class, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(class, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, d := range disks {
		name, usb := strings.CutPrefix(d[0], "usb:")
		bus := "devices/pci0000:00/"
		if usb {
			bus += "usb1/1-2/"
		}
		write(filepath.Join(s.sys, bus, name, "size"), "2048\n")
		write(filepath.Join(s.sys, bus, name, "uevent"), "DEVNAME="+name+"\nDEVTYPE=disk\n")
		link(bus+name, name)
		for n, part := range d[1:] {
			p := name + strconv.Itoa(n+1)
			write(filepath.Join(s.sys, bus, name, p, "uevent"), "DEVNAME="+p+"\nDEVTYPE=partition\nPARTNAME="+part+"\n")
			link(bus+name+"/"+p, p)
		}
		write(filepath.Join(s.dev, name), strings.Repeat("\x00", 2048*gpt.Sector))
		f, err := os.OpenFile(filepath.Join(s.dev, name), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		tab := gpt.Table{Disk: gpt.GUID{byte(i + 1)}}
		if err := tab.Write(f, 2048*gpt.Sector); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return s
}

func TestChoose(t *testing.T) {
	const root, state = "jobhome-root-a", "jobhome-state"
	for _, c := range []struct {
		name  string
		disk  byte // the GUID asked for; 0: none
		disks [][]string
		want  string // a partition, or words of the error
	}{
		{"one", 0, [][]string{{"vda", "esp", state, root}}, "vda3"},
		{"one, of which one knows the GUID", 1, [][]string{{"vda", state, root}}, "vda2"},
		{"none", 0, [][]string{{"vda", state, "jobhome-root-b"}}, "no partition jobhome-root-a"},
		{"no disk", 0, nil, "no partition jobhome-root-a"},
		{"without its state", 0, [][]string{{"vda", root}, {"vdb", state}}, "the disk vda of partition jobhome-root-a has no jobhome-state"},
		{"two, one without its state", 0, [][]string{{"vda", root}, {"vdb", root, state}}, "vdb1"},
		{"another GUID", 7, [][]string{{"vda", root, state}}, "is not 00000007"},
		{"two, one with the GUID", 2, [][]string{{"vda", root, state}, {"vdb", root, state}}, "vdb1"},
		{"two", 0, [][]string{{"vda", root, state}, {"vdb", root, state}}, "more than one partition jobhome-root-a: vda1 vdb1"},
		{"a copy on a stick", 0, [][]string{{"usb:sda", root, state}, {"vdb", root, state}}, "vdb1"},
		{"only a stick", 0, [][]string{{"usb:sda", root, state}}, "sda1"},
		{"two sticks", 0, [][]string{{"usb:sda", root, state}, {"usb:sdb", root, state}}, "more than one partition"},
		{"the stick's GUID", 1, [][]string{{"usb:sda", root, state}, {"vdb", root, state}}, "sda1"},
	} {
		p := params{root: root}
		if c.disk != 0 {
			p.disk = gpt.GUID{c.disk}
		}
		f, err := machineWith(t, c.disks...).choose(p)
		got := f.part
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) || (err != nil) != strings.Contains(c.want, " ") {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestTell(t *testing.T) {
	root, err := machineWith(t, []string{"vda", "jobhome-state", "root", ".", ".."}, []string{"usb:sdb", "jobhome-data"}).choose(params{root: "root"})
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "jobhome")
	root.named["../up"] = "vda9"
	if err := tell(folder, params{slot: "b"}, root); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"slot": "b\n", "disk": "vda\n"} {
		if b, err := os.ReadFile(filepath.Join(folder, file)); string(b) != want {
			t.Errorf("%s is %q, %v", file, b, err)
		}
	}
	links, err := os.ReadDir(filepath.Join(folder, "part"))
	if err != nil || len(links) != 2 {
		t.Fatalf("%v, %v", links, err)
	}
	if to, err := os.Readlink(filepath.Join(folder, "part", "root")); to != "/dev/vda2" {
		t.Errorf("root leads to %s, %v", to, err)
	}
}

func TestLoadModulesNamesWhatItMissed(t *testing.T) {
	list := filepath.Join(t.TempDir(), "modules.list")
	if err := os.WriteFile(list, []byte("/nowhere/virtio_blk.ko\n/nowhere/erofs.ko\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	missed := loadModules(list)
	if !strings.Contains(missed, "virtio_blk.ko: ") || !strings.Contains(missed, "erofs.ko: ") {
		t.Errorf("%q", missed)
	}
	if missed := loadModules(list + "2"); !strings.Contains(missed, "modules.list2") {
		t.Errorf("%q", missed)
	}
}
