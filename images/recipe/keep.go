package recipe

import (
	"path"
	"strings"
)

// Apart are packages that others depend on and that an appliance has no use
// for: package management, shells and their tools, a second display server, a
// bus, software rendering (cage draws with pixman).
var Apart = set(
	"adduser", "adwaita-icon-theme", "apt", "at-spi2-common", "base-passwd", "bash", "bsdutils", "coreutils", "cpio", "dash",
	"dbus", "dbus-bin", "dbus-daemon", "dbus-session-bus-common", "dbus-system-bus-common", "dbus-user-session", "dconf-gsettings-backend",
	"dconf-service", "debconf", "debianutils", "diffutils", "dpkg", "dracut-install", "efibootmgr", "findutils", "fonts-dejavu-core",
	"gpgv", "grep", "grub-common", "grub-efi-amd64-bin", "grub-efi-arm64-bin", "grub2-common", "grub-efi-amd64-unsigned", "grub-efi-arm64-unsigned", "gtk-update-icon-cache", "gzip", "hostname", "init-system-helpers",
	"initramfs-tools", "initramfs-tools-bin", "initramfs-tools-core", "klibc-utils", "libklibc", "libdconf1", "libgl1-mesa-dri", "libllvm19", "libpam-modules",
	"libpam-modules-bin", "libpam-runtime", "libpam-systemd", "libz3-4", "linux-base", "login", "login.defs", "logsave", "lsb-base", "mawk",
	"mesa-libgallium", "ncurses-base", "ncurses-bin", "openssl", "openssl-provider-legacy", "os-prober", "passwd", "perl-base", "procps", "raspi-firmware", "readline-common",
	"sed", "shared-mime-info", "systemd-cryptsetup", "sysvinit-utils", "tar", "u-boot-rpi", "ucf", "x11-common", "x11-xkb-utils", "xserver-common", "xwayland", "xxd", "zstd",
)

// Programs are what may be run, by its place; every other program of a package
// is left out. Libraries are kept when one of these needs them.
var Programs = set(
	"usr/bin/cage", "usr/bin/seatd", "usr/sbin/seatd", "usr/bin/wlr-randr",
	"usr/bin/journalctl", "usr/bin/systemctl", "usr/bin/systemd-tmpfiles", "usr/bin/udevadm", "usr/bin/systemd-sysusers", "usr/bin/systemd-analyze",
	"usr/bin/kmod", "usr/sbin/modprobe", "usr/bin/mount", "usr/bin/umount", "usr/sbin/mkfs.ext4", "usr/sbin/mke2fs", "usr/sbin/fsck", "usr/sbin/fsck.ext4", "usr/sbin/e2fsck",
	"usr/sbin/resize2fs", "usr/sbin/tune2fs", "usr/sbin/wpa_supplicant", "usr/sbin/nft", "usr/sbin/init", "usr/sbin/reboot", "usr/sbin/poweroff", "usr/sbin/halt", "usr/sbin/shutdown",
)

// Opened are libraries and plugins that are opened by name while running, which
// no table of a program tells.
var Opened = []string{
	"libkmod.so.2", "libseccomp.so.2", "libnss_*", "libblkid.so.1", "libmount.so.1", "libcap.so.2",
	"gdk-pixbuf-2.0/*/loaders/libpixbufloader_svg.so", "gdk-pixbuf-2.0/*/loaders/libpixbufloader-svg.so",
}

// Builders are programs that run while the image is made and are then left
// out.
var Builders = []string{"usr/lib/*/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders", "usr/bin/fc-cache"}

// away are globs of paths that are left out of every package.
var away = []string{
	"usr/share/doc/*", "usr/share/man/*", "usr/share/info/*", "usr/share/locale/*", "usr/share/lintian/*", "usr/share/bug/*", "usr/share/bash-completion/*",
	"usr/share/zsh/*", "usr/share/fish/*", "usr/share/gtk-doc/*", "usr/share/help/*", "usr/share/pixmaps/*", "usr/share/applications/*", "usr/share/metainfo/*",
	"usr/share/initramfs-tools/*", "usr/share/reportbug/*", "usr/share/dbus-1/*", "usr/share/polkit-1/*", "usr/share/icons/hicolor/*/apps/*", "usr/share/themes/Emacs/*",
	"usr/share/libwacom/*", "usr/share/gettext/*", "usr/share/debconf/*", "usr/share/common-licenses/*", "usr/share/menu/*", "usr/share/perl*", "usr/share/i18n/*", "usr/share/pkgconfig/*",
	"usr/share/vulkan/*", "usr/share/glvnd/*", "usr/share/drirc.d/*", "usr/share/alsa/*", "usr/share/thumbnailers/*", "usr/share/glib-2.0/*", "usr/share/doc-base/*", "usr/share/xml/*", "usr/share/mime/*", "usr/share/maven-repo/*", "usr/share/java/*", "usr/share/gdb/*", "usr/share/apport/*", "usr/share/util-linux/*", "usr/share/libgcrypt20/*", "usr/share/gcc*", "usr/share/gtk-3.0/*",
	"usr/share/fonts/X11/*", "usr/share/X11/locale/*", "usr/share/dbus-1/*", "usr/share/systemd/*", "usr/share/factory/*", "usr/share/readline/*", "usr/share/base-files/*", "usr/share/base-passwd/*", "usr/share/pam*",
	"etc/cron*", "etc/init.d/*", "etc/default/*", "etc/apt/*", "etc/logrotate.d/*", "etc/pam*", "etc/security/*", "etc/X11/*", "etc/skel/*", "etc/profile*", "etc/update-motd.d/*", "etc/xdg/*", "etc/ssl/openssl.cnf*", "etc/ifplugd/*", "etc/network/*", "etc/wpa_supplicant/*", "etc/issue*", "etc/motd*", "etc/nftables.conf", "etc/dbus-1/*", "etc/kernel/*", "etc/initramfs-tools/*", "etc/e2scrub*", "etc/host.conf",
	"usr/lib/udev/hwdb.d/*", "usr/lib/systemd/user/*", "usr/lib/systemd/user-*", "usr/lib/systemd/catalog/*", "usr/lib/systemd/boot/*", "usr/lib/systemd/repart/*", "usr/lib/systemd/portable/*", "usr/lib/systemd/ntp-units.d/*", "usr/lib/systemd/user.conf*",
	"usr/lib/kernel/*", "usr/lib/NetworkManager/*", "usr/lib/environment.d/*", "usr/lib/lsb/*", "usr/lib/mime/*", "usr/lib/pam.d/*", "usr/lib/pcrlock.d/*", "usr/lib/pm-utils/*", "usr/lib/sysusers.d/*", "usr/lib/tmpfiles.d/[a-rt-z]*", "usr/lib/tmpfiles.d/systemd-[!nr]*", "usr/lib/tmpfiles.d/systemd.conf", "usr/lib/systemd/ssh_config.d/*", "usr/lib/systemd/profile.d/*", "usr/libexec/e2fsprogs/*", "usr/lib/modprobe.d/*", "usr/lib/rpm/*", "usr/lib/*/gio/*", "usr/lib/*/gtk-3.0/*", "usr/lib/*/security/*", "usr/lib/*/perl*", "usr/lib/*/gbm/*", "usr/lib/*/gconv/*", "usr/lib/*/krb5/*", "usr/lib/*/e2fsprogs/*", "usr/lib/*/engines-3/*", "usr/lib/*/ossl-modules/*", "usr/lib/*/pkcs11/*", "usr/lib/*/p11-kit*",
	"usr/lib/systemd/system-generators/systemd-cryptsetup*", "usr/lib/systemd/system-generators/systemd-debug-generator", "usr/lib/systemd/system-generators/systemd-getty-generator", "usr/lib/systemd/system-generators/systemd-tpm2*", "usr/lib/systemd/system-generators/systemd-hibernate*", "usr/lib/systemd/system-generators/systemd-bless*", "usr/lib/systemd/system-generators/systemd-rc*", "usr/lib/systemd/system-generators/systemd-ssh*", "usr/lib/systemd/system-generators/systemd-system-update*", "usr/lib/systemd/system-generators/systemd-run*",
	"boot/System.map*", "boot/config*", "usr/games/*", "usr/local/*", "var/*", "usr/src/*", "usr/include/*", "lib/init/*",
}

// Keeps reports whether a file of a package goes into the image before unused
// libraries and drivers are taken out: name is its path as usr/bin/x.
func (t Target) Keeps(pkg, name string) bool {
	if Apart[pkg] {
		return false
	}
	for _, glob := range away {
		if below(glob, name) {
			return false
		}
	}
	switch dir := path.Dir(name); {
	case dir == "usr/bin" || dir == "usr/sbin":
		return Programs[name] || builder(name)
	case strings.HasPrefix(name, "usr/lib/firmware/"):
		for _, glob := range t.Firmware {
			if below("usr/lib/firmware/"+glob, name) {
				return true
			}
		}
		return false
	}
	return true
}

func builder(name string) bool {
	for _, glob := range Builders {
		if ok, _ := path.Match(glob, name); ok {
			return true
		}
	}
	return false
}

// below reports whether a path or one of its parents matches a glob.
func below(glob, name string) bool {
	for p := name; p != "."; p = path.Dir(p) {
		if ok, _ := path.Match(glob, p); ok {
			return true
		}
	}
	return false
}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// Boot are packages that only the first partition takes something of.
var Boot = set("grub-efi-amd64-bin", "grub-efi-arm64-bin", "grub-efi-amd64-unsigned", "grub-efi-arm64-unsigned", "raspi-firmware", "u-boot-rpi")
