// Command init is the system in the root that the tests boot: it tells what it
// finds, reads a file to its end, and switches the machine off.
package main

import (
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

func main() {
	say("pid", os.Getpid() == 1, read("/proc/uptime"))
	say("slot", true, read("/run/jobhome/slot"))
	say("disk", true, read("/run/jobhome/disk"))
	state, err := os.Readlink("/run/jobhome/part/jobhome-state")
	say("state", err == nil, state)
	_, err = os.Stat("/modules.list")
	say("initramfs gone", os.IsNotExist(err), "")
	err = os.WriteFile("/written", nil, 0o600)
	say("read-only", err != nil, "")
	f, err := os.Open("/blob")
	n := int64(0)
	if err == nil {
		n, err = io.Copy(io.Discard, f)
	}
	say("blob", err == nil && n == 1<<20, "")
	os.Stdout.WriteString("INIT DONE\n")
	unix.Sync()
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
}

func read(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(b))
}

func say(what string, ok bool, value string) {
	line := "INIT " + what + ": no"
	if ok {
		line = "INIT " + what + ": yes"
	}
	os.Stdout.WriteString(line + " " + value + "\n")
}
