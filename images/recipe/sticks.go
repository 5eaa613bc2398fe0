package recipe

import "fmt"

// Sticks are the mount units (systemd.mount(5)) of the sticks that may be plugged
// in, by their path in the root: eight disks, with or without partitions. A rule
// of udev's starts one when its device comes, systemd itself mounts it, and it
// goes with the device. The terminal's way to the hub finds it below
// /run/jobhome/sticks; kiosk is who may read and write it.
func Sticks() map[string][]byte {
	units := map[string][]byte{}
	for letter := 'a'; letter <= 'h'; letter++ {
		for _, part := range []string{"", "1", "2"} {
			dev := fmt.Sprintf("sd%c%s", letter, part)
			units["usr/lib/systemd/system/run-jobhome-sticks-"+dev+".mount"] = fmt.Appendf(nil, `[Unit]
Description=The stick %[1]s
DefaultDependencies=no
BindsTo=dev-%[1]s.device
After=dev-%[1]s.device
Before=umount.target
Conflicts=umount.target

[Mount]
What=/dev/%[1]s
Where=/run/jobhome/sticks/%[1]s
Options=nodev,nosuid,noexec,uid=kiosk,gid=kiosk,umask=0077,utf8
LazyUnmount=yes
TimeoutSec=20
`, dev)
		}
	}
	return units
}
