package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jobhome/images/datafs"
	"jobhome/images/gpt"
)

const (
	bootDir = "/run/jobhome" // what this boot is
	// resetMark on the first partition asks for a factory reset: the terminal puts
	// it there, or somebody with a PC.
	resetMark    = "jobhome/reset"
	espPartition = "jobhome-esp"
)

func dataCommand() command {
	return command{"data", "[-disk /dev/DISK]", "grow, make, mend or wipe the data partition, before it is mounted", runData}
}

// runData makes the data partition ready. What became of it is printed, and
// written to /run/jobhome/data: clean, repaired, made, lost or reset.
func runData(ctx context.Context, out io.Writer, args []string) error {
	flags := flag.NewFlagSet("data", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	disk := flags.String("disk", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return errUsage
	}
	if *disk == "" {
		name, err := os.ReadFile(filepath.Join(bootDir, "disk")) // stage0 wrote it
		if err != nil {
			return fmt.Errorf("which disk: %w", err)
		}
		*disk = "/dev/" + strings.TrimSpace(string(name))
	}
	say := func(line string) { fmt.Fprintln(out, "data:", line) }
	part, markers, err := growDisk(*disk, say)
	if err != nil {
		return err
	}
	p, err := datafs.OpenFree(part)
	if err != nil {
		return err
	}
	defer p.Close()
	fs := datafs.FS{Path: part, Size: p.Size(), Dev: p, Run: runProgram, Markers: markers, Say: say}
	outcome, err := fs.Ready(ctx)
	if err != nil {
		return err
	}
	say(string(outcome))
	if err := os.MkdirAll(bootDir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(bootDir, "data"), []byte(outcome+"\n"), 0o644)
}

// growDisk stretches the partition and gives its node, and what may ask for a
// reset. A disk that cannot be grown still has its partition.
func growDisk(disk string, say func(string)) (part string, markers []datafs.Marker, err error) {
	d, err := datafs.Open(disk)
	if err != nil {
		return "", nil, err
	}
	defer d.Close()
	if _, err := datafs.Grow(d, d.Size()); err != nil {
		say("the disk is not grown: " + err.Error())
	}
	table, err := gpt.Read(d, d.Size())
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", disk, err)
	}
	_, n := table.Find(datafs.Label)
	if n == 0 {
		return "", nil, fmt.Errorf("%s has no partition %s", disk, datafs.Label)
	}
	if _, esp := table.Find(espPartition); esp > 0 {
		markers = append(markers, espMarker{node: partNode(disk, esp), at: filepath.Join(bootDir, "esp")})
	}
	return partNode(disk, n), markers, nil
}

// partNode is the node of a disk's partition: vda7, mmcblk0p7.
func partNode(disk string, number int) string {
	if last := disk[len(disk)-1]; last >= '0' && last <= '9' {
		disk += "p"
	}
	return disk + strconv.Itoa(number)
}

func runProgram(ctx context.Context, name string, args ...string) ([]byte, int, error) {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return out, exit.ExitCode(), nil
	}
	return out, 0, err
}

// espMarker is the file on the FAT partition. That is mounted read-only to look,
// wherever else it is mounted too, and writable only to take the file away.
type espMarker struct {
	node, at string
}

func (m espMarker) Asked() (asked bool, err error) {
	err = m.mounted(func(f datafs.FileMarker) error {
		asked, err = f.Asked()
		return err
	})
	return asked, err
}

func (m espMarker) Clear() error {
	return m.mounted(func(f datafs.FileMarker) error {
		if err := unix.Mount("", m.at, "", (espFlags|unix.MS_REMOUNT)&^unix.MS_RDONLY, ""); err != nil {
			return fmt.Errorf("make %s writable: %w", m.node, err)
		}
		err := f.Clear()
		return errors.Join(err, unix.Mount("", m.at, "", espFlags|unix.MS_REMOUNT, ""))
	})
}

const espFlags = unix.MS_RDONLY | unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC

func (m espMarker) mounted(do func(datafs.FileMarker) error) error {
	if err := os.MkdirAll(m.at, 0o700); err != nil {
		return err
	}
	if err := unix.Mount(m.node, m.at, "vfat", espFlags, ""); err != nil {
		return fmt.Errorf("mount %s: %w", m.node, err)
	}
	err := do(datafs.FileMarker(filepath.Join(m.at, resetMark)))
	if uerr := unix.Unmount(m.at, 0); uerr != nil {
		err = errors.Join(err, fmt.Errorf("unmount %s: %w", m.node, uerr))
	}
	return err
}
