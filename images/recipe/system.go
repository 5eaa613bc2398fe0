package recipe

import (
	"fmt"
	"strings"
)

// account is a user with the group of the same name.
type account struct {
	name string
	id   int
	home string
}

var accounts = []account{
	{"root", 0, "/root"},
	{"systemd-network", 100, "/"},
	{"systemd-timesync", 101, "/"},
	{"systemd-resolve", 102, "/"},
	{"kiosk", 500, "/data/kiosk"},
	{"nobody", 65534, "/"},
}

// groups have no user; with is who is a member. udev's rules and the devices'
// files name them.
var groups = []struct {
	name string
	id   int
	with string
}{
	{"tty", 5, "kiosk"},
	{"disk", 6, ""},
	{"lp", 7, "kiosk"},
	{"kmem", 15, ""},
	{"dialout", 20, "kiosk"},
	{"cdrom", 24, ""},
	{"floppy", 25, ""},
	{"tape", 26, ""},
	{"audio", 29, ""},
	{"video", 44, "kiosk"},
	{"plugdev", 46, "kiosk"},
	{"utmp", 43, ""},
	{"input", 104, "kiosk"},
	{"render", 105, "kiosk"},
	{"sgx", 106, ""},
	{"kvm", 107, ""},
	{"clock", 108, ""},
	{"gpio", 109, "kiosk"},
	{"i2c", 110, "kiosk"},
	{"seat", 111, "kiosk"},
	{"systemd-journal", 112, ""},
	{"adm", 4, ""},
	{"nogroup", 65533, ""},
}

// Accounts are the files that say who there is: nobody can log in, there is no
// program for it.
func Accounts() map[string][]byte {
	var passwd, group strings.Builder
	for _, a := range accounts {
		fmt.Fprintf(&passwd, "%s:!:%d:%d::%s:/usr/sbin/nologin\n", a.name, a.id, a.id, a.home)
		fmt.Fprintf(&group, "%s:x:%d:\n", a.name, a.id)
	}
	for _, g := range groups {
		fmt.Fprintf(&group, "%s:x:%d:%s\n", g.name, g.id, g.with)
	}
	return map[string][]byte{
		"etc/passwd": []byte(passwd.String()), "etc/group": []byte(group.String()),
		"etc/nsswitch.conf": []byte("passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\nprotocols: files\nservices: files\n"),
		"etc/hostname":      []byte("jobhome\n"),
		"etc/hosts":         []byte("127.0.0.1 localhost jobhome\n::1 localhost\n"),
		"etc/machine-id":    nil, // one of its own at every start
	}
}

// enabled are the units that start, by the target that wants them.
var enabled = map[string][]string{
	"sysinit.target":    {"systemd-timesyncd.service", "systemd-resolved.service", "keeper-site.service"},
	"local-fs.target":   {"var.mount", "tmp.mount", "data.mount", "var-lib-systemd-timesync.mount", "run-esp.mount"},
	"multi-user.target": {"nftables.service", "systemd-networkd.service", "kiosk.service", "seatd.service", "keeper-site.path", "keeper-reset.path", "keeper-watch.service", "keeper-log.service"},
	"sockets.target":    {"systemd-networkd.socket"},
}

// masked are units that packages bring and that must never start: logins,
// shells, caches of a root that cannot change, and what waits for a network.
var masked = []string{
	"getty.target", "getty@.service", "serial-getty@.service", "console-getty.service", "container-getty@.service", "autovt@.service", "debug-shell.service", "systemd-logind.service",
	"ctrl-alt-del.target", "kbrequest.target", "rescue.service", "rescue.target", "systemd-ask-password-console.path", "systemd-ask-password-wall.path", "systemd-ask-password-console.service", "systemd-ask-password-wall.service",
	"systemd-hwdb-update.service", "ldconfig.service", "systemd-journal-catalog-update.service", "systemd-update-done.service", "systemd-sysusers.service", "systemd-firstboot.service", "first-boot-complete.target",
	"systemd-machine-id-commit.service", "systemd-networkd-wait-online.service", "systemd-network-generator.service", "e2scrub_all.timer", "e2scrub_reap.service", "fstrim.timer", "systemd-pcrphase.service", "systemd-pcrmachine.service", "systemd-pcrphase-sysinit.service",
	"systemd-tpm2-setup.service", "systemd-tpm2-setup-early.service", "systemd-update-utmp.service", "systemd-update-utmp-runlevel.service", "systemd-user-sessions.service", "systemd-random-seed.service", "systemd-pstore.service", "systemd-growfs-root.service",
	"systemd-remount-fs.service", "systemd-fsck-root.service", "systemd-battery-check.service", "systemd-quotacheck-root.service", "systemd-journal-flush.service", "systemd-boot-random-seed.service", "systemd-confext.service", "systemd-sysext.service", "systemd-hibernate-clear.service",
	"sys-kernel-debug.mount", "sys-kernel-tracing.mount", "dev-hugepages.mount", "dev-mqueue.mount", "proc-sys-fs-binfmt_misc.automount", "systemd-binfmt.service", "systemd-homed.service", "systemd-userdbd.service", "systemd-userdbd.socket", "systemd-machined.service",
	"systemd-hostnamed.socket", "systemd-creds.socket", "systemd-pcrextend.socket", "systemd-pcrlock.socket", "systemd-mute-console.socket", "systemd-bootctl.socket", "systemd-importd.socket", "systemd-sysext.socket", "wpa_supplicant.service", "remote-fs.target", "cryptsetup.target", "veritysetup.target", "integritysetup.target", "systemd-rfkill.service", "systemd-rfkill.socket", "systemd-backlight@.service", "systemd-tmpfiles-clean.timer", "systemd-networkd-persistent-storage.service", "systemd-networkd-varlink.socket", "initrd-cleanup.service", "systemd-udev-load-credentials.service",
}

// Links are the symbolic links that packages' scripts would have made, and those
// that enable and mask units.
func Links() map[string]string {
	l := map[string]string{
		"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64",
		"etc/localtime": "../usr/share/zoneinfo/Asia/Shanghai", "etc/resolv.conf": "../run/systemd/resolve/resolv.conf",
		"etc/mtab": "../proc/self/mounts", "etc/os-release": "../usr/lib/os-release",
		"usr/lib/systemd/system/default.target": "multi-user.target",
		"usr/lib/firmware/regulatory.db":        "regulatory.db-debian", "usr/lib/firmware/regulatory.db.p7s": "regulatory.db.p7s-debian",
		"usr/sbin/modprobe": "../bin/kmod", "usr/sbin/init": "../lib/systemd/systemd",
	}
	for target, units := range enabled {
		for _, u := range units {
			l["etc/systemd/system/"+target+".wants/"+u] = "/usr/lib/systemd/system/" + u
		}
	}
	for _, u := range masked {
		l["etc/systemd/system/"+u] = "/dev/null"
	}
	return l
}
