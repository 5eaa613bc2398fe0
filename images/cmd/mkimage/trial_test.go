package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/drivers/sim"
	"jobhome/images/disk"
	"jobhome/images/qemu"
)

// The trials run a whole image in QEMU, from its firmware on. They need an image
// made with -kernel-args console=ttyS0, and the terminal's program:
//
//	JOBHOME_DISK=out/image/uefi-amd64/disk.img JOBHOME_CUTS=50 go test ./images/cmd/mkimage -run Trial -v -timeout 5h
//
// Touches are at places of the pages as they are on 1280x800.
const (
	trialWidth, trialHeight = 1280, 800
	trialSize               = 1500 * disk.MiB
	bootTime                = 10 * time.Minute // the most, on a busy machine
)

// trial is a machine with its disk, a printer and a reader.
type trial struct {
	t       *testing.T
	disk    *qemu.Disk
	machine *qemu.Machine
	dir     string
	printer *sim.Printer
	reader  *sim.Reader

	mu    sync.Mutex
	slips []sim.Slip
}

func newTrial(t *testing.T) *trial {
	t.Helper()
	img := os.Getenv("JOBHOME_DISK")
	if img == "" {
		t.Skip("set JOBHOME_DISK to an image; it takes minutes")
	}
	if os.Geteuid() != 0 {
		t.Skip("the terminal's files are made as its user, which needs root")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("the image of a PC")
	}
	img, err := filepath.Abs(filepath.Join(repository(t), img))
	if err != nil {
		t.Fatal(err)
	}
	d, err := qemu.NewDisk(img, trialSize, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	tr := &trial{t: t, disk: d, dir: t.TempDir(), reader: sim.NewReader(sim.ReaderOpts{})}
	tr.printer = sim.NewPrinter(sim.PrinterOpts{SpeedMMs: 150, BufferBytes: 64 << 10, OnSlip: func(s sim.Slip) {
		tr.mu.Lock()
		tr.slips = append(tr.slips, s)
		tr.mu.Unlock()
		go tr.printer.TakeSlip()
	}})
	return tr
}

func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// settle writes a data partition with settings and a board, as a terminal has it
// that was set up.
func (tr *trial) settle() {
	t := tr.t
	t.Helper()
	kiosk := filepath.Join(repository(t), "bin/kiosk")
	data := filepath.Join(tr.dir, "data/kiosk")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command(kiosk, "settings").Output()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		for key, value := range map[string]string{
			"data_dir": "/data/kiosk", "reader": "uart:0403:6001?port=1-3&baud=115200", "printer": "uart:0403:6001?port=1-2&baud=115200&profile=generic80",
		} {
			if strings.HasPrefix(line, key+" =") {
				line = fmt.Sprintf("%s = %q\n", key, value)
			}
		}
		lines = append(lines, line)
	}
	settings := filepath.Join(data, "terminal.toml")
	if err := os.WriteFile(settings, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	board, err := exec.Command(kiosk, "demo-board", "-n", "2000").Output()
	if err != nil {
		t.Fatal(err)
	}
	in := exec.Command(kiosk, "-settings", settings, "-data", data, "import", "-")
	in.Stdin = bytes.NewReader(board)
	if out, err := in.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	tr.run("chown", "-R", "500:500", data)
	ext4 := filepath.Join(tr.dir, "data.ext4")
	tr.run("mke2fs", "-q", "-t", "ext4", "-L", "jobhome-data", "-d", filepath.Dir(data), ext4, fmt.Sprint(disk.DataSize, "M"))
	made, err := os.ReadFile(ext4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.disk.WriteAt(made, disk.DataStart*disk.MiB); err != nil {
		t.Fatal(err)
	}
	tr.disk.Flush()
}

func (tr *trial) run(program string, args ...string) string {
	tr.t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		tr.t.Fatalf("%s: %v: %s", program, err, out)
	}
	return string(out)
}

// on switches the machine on, with its devices plugged in.
func (tr *trial) on() {
	t := tr.t
	t.Helper()
	var err error
	tr.machine, err = qemu.Start(t.Context(), qemu.Options{
		Arch: "amd64", Disk: tr.disk, Firmware: "/usr/share/OVMF/OVMF_CODE.fd", MemoryMB: 1024, CPUs: 2,
		Width: trialWidth, Height: trialHeight, Serial: []string{"printer", "reader"}, Dir: tr.dir,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.machine.Kill)
	printer, err := tr.machine.Plug("printer")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = tr.printer.Serve(printer) }()
	reader, err := tr.machine.Plug("reader")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = tr.reader.Serve(reader) }()
}

// waitPage waits until the terminal has drawn a page: its bar at the bottom is
// white from one end to the other, and what is above it is not.
func (tr *trial) waitPage() {
	tr.t.Helper()
	ctx, cancel := context.WithTimeout(tr.t.Context(), bootTime)
	defer cancel()
	img, err := tr.machine.WaitScreen(ctx, drawn)
	tr.save("page", img)
	if err != nil {
		tr.t.Fatalf("no page: %v\n%s", err, tail(tr.machine.Console()))
	}
}

func drawn(img image.Image) bool {
	b := img.Bounds()
	if b.Dx() != trialWidth || b.Dy() != trialHeight {
		return false
	}
	for x := 10; x < b.Dx(); x += 50 {
		if r, g, bl, _ := img.At(x, b.Dy()-4).RGBA(); r < 0xf000 || g < 0xf000 || bl < 0xf000 {
			return false
		}
	}
	return true
}

// save leaves a picture in the directory of JOBHOME_SHOTS.
func (tr *trial) save(name string, img image.Image) {
	dir := os.Getenv("JOBHOME_SHOTS")
	if dir == "" || img == nil {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		tr.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := png.Encode(f, img); err != nil {
		tr.t.Fatal(err)
	}
}

func tail(s string) string { return s[max(0, len(s)-3000):] }

// touch presses at a place, given in parts of the screen.
func (tr *trial) touch(x, y float64) {
	tr.t.Helper()
	if err := tr.machine.Touch(x, y); err != nil {
		tr.t.Fatal(err)
	}
}

// toPrint walks from the attract page to the print button of a slip and presses
// it: a posting, 打印推荐单, 打印.
func (tr *trial) toPrint() {
	tr.t.Helper()
	tr.touch(0.25, 0.3)
	time.Sleep(5 * time.Second)
	tr.touch(0.87, 0.85)
	time.Sleep(5 * time.Second)
	tr.touch(0.87, 0.85)
}

func (tr *trial) printed() int {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return len(tr.slips)
}

// referrals are the codes in the ledger on the disk, as the power left it.
func (tr *trial) referrals() string {
	tr.t.Helper()
	part := filepath.Join(tr.dir, "part.ext4")
	f, err := os.Create(part)
	if err != nil {
		tr.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	buf := make([]byte, disk.MiB)
	for off := int64(disk.DataStart) * disk.MiB; off < trialSize; off += int64(len(buf)) {
		if _, err := tr.disk.ReadAt(buf, off); err != nil {
			tr.t.Fatal(err)
		}
		if _, err := f.Write(buf); err != nil {
			tr.t.Fatal(err)
		}
	}
	_ = exec.Command("e2fsck", "-p", part).Run() // replays the journal, as the next start does
	out := filepath.Join(tr.dir, "after")
	_ = os.RemoveAll(out)
	if err := os.MkdirAll(out, 0o700); err != nil {
		tr.t.Fatal(err)
	}
	tr.run("debugfs", "-R", "rdump /kiosk "+out, part)
	settings := filepath.Join(out, "kiosk/terminal.toml")
	return tr.run(filepath.Join(repository(tr.t), "bin/kiosk"), "-settings", settings, "-data", filepath.Join(out, "kiosk"), "referrals", "-json", "-n", "1000")
}

// A resident takes a slip from the whole image: firmware, GRUB, proven root,
// compositor, terminal, serial devices on USB.
func TestTrialWalkIn(t *testing.T) {
	tr := newTrial(t)
	tr.settle()
	tr.on()
	tr.waitPage()
	time.Sleep(10 * time.Second) // the devices
	tr.toPrint()
	tr.waitSlip(1)
	img, err := tr.machine.Screen()
	if err != nil {
		t.Fatal(err)
	}
	tr.save("printed", img)
	link := tr.qr(0)
	if !strings.Contains(link, "/p/") || !strings.Contains(link, "?r=") {
		t.Errorf("the slip's code says %q", link)
	}
	// Nobody gets out by keys.
	for _, keys := range [][]string{{"ctrl", "alt", "f2"}, {"ctrl", "alt", "delete"}, {"alt", "f4"}, {"ctrl", "c"}, {"meta_l"}, {"alt", "sysrq", "b"}, {"ctrl", "alt", "backspace"}} {
		if err := tr.machine.Keys(keys...); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
	}
	tr.waitPage() // the attract page again, after the question whether somebody is there
	tr.machine.Kill()
	tr.disk.Cut()
	if code := link[strings.LastIndex(link, "=")+1:]; !strings.Contains(strings.ReplaceAll(tr.referrals(), "-", ""), code) {
		t.Errorf("the ledger does not have %s", code)
	}
}

func (tr *trial) waitSlip(n int) {
	tr.t.Helper()
	for end := time.Now().Add(2 * time.Minute); tr.printed() < n; time.Sleep(time.Second) {
		if time.Now().After(end) {
			img, _ := tr.machine.Screen()
			tr.save("no-slip", img)
			tr.t.Fatalf("no slip came out\n%s", tail(tr.machine.Console()))
		}
	}
	time.Sleep(3 * time.Second)
}

// qr reads the code of a slip, which is whole.
func (tr *trial) qr(n int) string {
	tr.t.Helper()
	link, err := tr.tryQR(n)
	if err != nil {
		tr.t.Fatal(err)
	}
	return link
}

// tryQR reads the code of a slip with zbar.
func (tr *trial) tryQR(n int) (string, error) {
	tr.t.Helper()
	path := filepath.Join(tr.dir, fmt.Sprintf("slip%d.png", n))
	f, err := os.Create(path)
	if err != nil {
		tr.t.Fatal(err)
	}
	tr.mu.Lock()
	s := tr.slips[n]
	tr.mu.Unlock()
	if err := errors.Join(s.PNG(f), f.Close()); err != nil {
		return "", err
	}
	out, err := exec.Command("zbarimg", "--quiet", "--raw", path).Output()
	if err != nil {
		return "", fmt.Errorf("zbarimg: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// The power goes at random moments, from the first second of a start to the
// middle of a slip, and what was not flushed is lost: the machine comes back
// each time, and every slip that came out whole is in the ledger.
func TestTrialPowerCuts(t *testing.T) {
	tr := newTrial(t)
	cuts, _ := strconv.Atoi(os.Getenv("JOBHOME_CUTS"))
	if cuts == 0 {
		cuts = 3
	}
	tr.settle()
	random := rand.New(rand.NewPCG(7, 7))
	lost := 0
	for n := range cuts {
		tr.on()
		if n%3 == 2 { // while it starts
			time.Sleep(time.Duration(random.IntN(40)) * time.Second)
		} else {
			tr.waitPage()
			time.Sleep(10 * time.Second)
			tr.toPrint()
			time.Sleep(time.Duration(random.IntN(8000)) * time.Millisecond)
		}
		tr.machine.Kill()
		lost += tr.disk.Cut()
		t.Logf("cut %d: %d slips so far, %d blocks lost", n+1, tr.printed(), lost)
	}
	tr.on()
	tr.waitPage()
	tr.machine.Kill()
	tr.disk.Cut()
	ledger := strings.ReplaceAll(tr.referrals(), "-", "")
	whole := 0
	for n := range tr.printed() {
		link, err := tr.tryQR(n)
		if err != nil {
			continue // cut off in the middle
		}
		whole++
		if code := link[strings.LastIndex(link, "=")+1:]; !strings.Contains(ledger, code) {
			t.Errorf("a slip with %s came out, and the ledger does not have it", code)
		}
	}
	if whole == 0 {
		t.Error("no slip came out whole, so nothing was tried")
	}
	t.Logf("%d cuts, %d whole slips, all in the ledger; %d blocks were lost", cuts, whole, lost)
}
