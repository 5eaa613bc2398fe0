// Command init is the system in the root that keeper's tests boot: it runs
// "keeper data" as the image does, mounts /data, tells what it finds there, leaves
// a file, and switches the machine off.
package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const ledger = "/data/ledger.db"

func main() {
	defer func() {
		unix.Sync()
		_ = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
	}()
	_ = os.Setenv("PATH", "/usr/bin")
	out, err := exec.Command("/usr/bin/keeper", "data").CombinedOutput()
	say("keeper", string(out), err)
	outcome, err := os.ReadFile("/run/jobhome/data")
	say("outcome", string(outcome), err)
	parts, err := os.ReadFile("/proc/partitions")
	say("partitions", strings.Join(strings.Fields(string(parts)), " "), err)
	err = unix.Mount("/dev/vda4", "/data", "ext4", unix.MS_NOATIME, "data=journal,commit=5")
	say("mount", "", err)
	var fs unix.Statfs_t
	err = unix.Statfs("/data", &fs)
	say("MiB", strconv.FormatUint(fs.Blocks*uint64(fs.Bsize)>>20, 10), err)
	was, err := os.ReadFile(ledger)
	say("ledger", string(was), err)
	say("write", "", os.WriteFile(ledger, []byte("REFERRAL-OF-A-RESIDENT"), 0o600))
	say("unmount", "", unix.Unmount("/data", 0))
	say("done", "", nil)
}

func say(what, value string, err error) {
	if err != nil {
		value += " ERROR " + err.Error()
	}
	_, _ = os.Stdout.WriteString("INIT " + what + ": " + strings.TrimSpace(value) + ".\n")
}
