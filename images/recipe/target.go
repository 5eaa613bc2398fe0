package recipe

import (
	"fmt"
	"strings"
)

// Suite is the Debian release that images are made from.
const Suite = "trixie"

// Target is one kind of machine.
type Target struct {
	Name    string // rpi-arm64, uefi-arm64, uefi-amd64
	Arch    string // Debian's name, which is Go's too: arm64, amd64
	Triplet string // of the libraries' directory
	QEMU    string // program that runs the target's programs elsewhere
	CC      string // C compiler for the target elsewhere

	Packages []string // on top of Common; name or name/suite
	Sysroot  []string // what the terminal is compiled against
	Firmware []string // globs below /usr/lib/firmware that are kept
	Console  string   // kernel arguments for the console
}

// Common are the packages of every target. Recommended packages are not taken.
var Common = []string{
	"systemd", "systemd-sysv", "systemd-timesyncd", "systemd-resolved", "udev", "kmod", "mount", "util-linux", "e2fsprogs",
	"nftables", "wpasupplicant", "wireless-regdb",
	"seatd", "cage", "wlr-randr", "libgtk-3-0t64", "librsvg2-common", "xkb-data", "libinput-bin",
	"fonts-wqy-microhei", "fonts-droid-fallback", "fonts-dejavu-mono", "fontconfig-config", "fontconfig", "hicolor-icon-theme",
	"ca-certificates", "tzdata", "netbase", "base-files", "libc-bin",
}

var devel = []string{"libgtk-3-dev", "libc6-dev", "libgcc-14-dev", "linux-libc-dev"}

// Targets are all targets.
func Targets() []Target {
	return []Target{
		{
			Name: "rpi-arm64", Arch: "arm64", Triplet: "aarch64-linux-gnu", QEMU: "qemu-aarch64-static", CC: "aarch64-linux-gnu-gcc",
			// Debian 13's own kernel has no driver for the RP1 of a Pi 5.
			Packages: []string{"linux-image-arm64/trixie-backports", "raspi-firmware", "u-boot-rpi", "firmware-brcm80211", "grub-efi-arm64-bin"},
			Sysroot:  devel,
			Firmware: []string{"brcm/brcmfmac434*", "cypress/cyfmac434*", "brcm/brcmfmac43455*", "regulatory.db*"},
			Console:  "console=tty1",
		},
		{
			Name: "uefi-arm64", Arch: "arm64", Triplet: "aarch64-linux-gnu", QEMU: "qemu-aarch64-static", CC: "aarch64-linux-gnu-gcc",
			Packages: []string{"linux-image-arm64", "grub-efi-arm64-bin"},
			Sysroot:  devel,
			Firmware: []string{"regulatory.db*"},
			Console:  "console=tty1",
		},
		{
			Name: "uefi-amd64", Arch: "amd64", Triplet: "x86_64-linux-gnu", QEMU: "qemu-x86_64-static", CC: "x86_64-linux-gnu-gcc",
			Packages: []string{"linux-image-amd64", "firmware-realtek", "firmware-iwlwifi", "firmware-intel-graphics", "grub-efi-amd64-bin"},
			Sysroot:  devel,
			Firmware: []string{
				"rtl_nic/*", "rtw88/*", "rtlwifi/rtl8*", "regulatory.db*",
				"iwlwifi-7265D-29*", "iwlwifi-8265-36*", "iwlwifi-9260-th*-46*", "iwlwifi-9000-pu*-46*", "iwlwifi-cc-a0-77*", "iwlwifi-QuZ-a0-hr-b0-77*", "i915/*dmc*",
			},
			Console: "console=tty1",
		},
	}
}

// Find returns the target of that name.
func Find(name string) (Target, error) {
	var names []string
	for _, t := range Targets() {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return Target{}, fmt.Errorf("there is no target %q; there are %s", name, strings.Join(names, ", "))
}
