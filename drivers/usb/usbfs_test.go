package usb

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"
)

// numbers are the ioctl numbers and sizes that this build uses, in the order of
// headerNumbers.
func numbers() []uintptr {
	return []uintptr{
		reqGetDriver(), reqSubmit(), reqDiscard(), reqReapNow(), reqClaim(), reqRelease(), reqIface(),
		reqClearHalt(), reqDisconnect(), reqConnect(), unsafe.Sizeof(urb{}), unsafe.Sizeof(ifaceIoctl{}),
		unsafe.Offsetof(urb{}.status), unsafe.Offsetof(urb{}.buffer), unsafe.Offsetof(urb{}.actual),
		unsafe.Offsetof(urb{}.context), unsafe.Offsetof(ifaceIoctl{}.data), urbBulk,
	}
}

const headerNumbers = `#include <stdio.h>
#include <stddef.h>
#include <linux/usbdevice_fs.h>
#define P(x) printf("%lx\n", (unsigned long)(x))
int main(void) {
	P(USBDEVFS_GETDRIVER); P(USBDEVFS_SUBMITURB); P(USBDEVFS_DISCARDURB); P(USBDEVFS_REAPURBNDELAY);
	P(USBDEVFS_CLAIMINTERFACE); P(USBDEVFS_RELEASEINTERFACE); P(USBDEVFS_IOCTL);
	P(USBDEVFS_CLEAR_HALT); P(USBDEVFS_DISCONNECT); P(USBDEVFS_CONNECT);
	P(sizeof(struct usbdevfs_urb)); P(sizeof(struct usbdevfs_ioctl));
	P(offsetof(struct usbdevfs_urb, status)); P(offsetof(struct usbdevfs_urb, buffer));
	P(offsetof(struct usbdevfs_urb, actual_length)); P(offsetof(struct usbdevfs_urb, usercontext));
	P(offsetof(struct usbdevfs_ioctl, data)); P(USBDEVFS_URB_TYPE_BULK);
}`

// The numbers were printed once by the program above, on amd64; the column for
// 32 bits follows from 4-byte pointers with 4-byte alignment (ARM EABI).
func TestKernelNumbers(t *testing.T) {
	want64 := []uintptr{
		0x41045508, 0x8038550a, 0x550b, 0x4008550d, 0x8004550f, 0x80045510, 0xc0105512,
		0x80045515, 0x5516, 0x5517, 56, 16, 4, 16, 28, 48, 8, 3,
	}
	want32 := []uintptr{
		0x41045508, 0x802c550a, 0x550b, 0x4004550d, 0x8004550f, 0x80045510, 0xc00c5512,
		0x80045515, 0x5516, 0x5517, 44, 12, 4, 12, 20, 40, 8, 3,
	}
	want := want64
	if sizePtr == 4 {
		want = want32
	}
	for i, n := range numbers() {
		if n != want[i] {
			t.Errorf("number %d is %#x, want %#x", i, n, want[i])
		}
	}
}

// Where there is a compiler and the kernel's headers, they are asked.
func TestKernelHeaders(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no C compiler")
	}
	dir := t.TempDir()
	src, bin := filepath.Join(dir, "n.c"), filepath.Join(dir, "n")
	if err := os.WriteFile(src, []byte(headerNumbers), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(gcc, "-o", bin, src).CombinedOutput(); err != nil {
		t.Skipf("no kernel headers: %s", out)
	}
	out, err := exec.Command(bin).Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(string(out))
	for i, n := range numbers() {
		if i >= len(got) || fmt.Sprintf("%x", n) != got[i] {
			t.Errorf("number %d is %x, the headers say %v", i, n, got)
		}
	}
}
