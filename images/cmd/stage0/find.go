package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"jobhome/images/gpt"
)

// statePartition is on the disk that the machine was booted from; a disk with a
// root but without it is not a terminal's.
const statePartition = "jobhome-state"

// found is a partition and its disk, as the kernel calls them (vda5, vda).
type found struct {
	part, disk string
	usb        bool
	named      map[string]string // all partitions of the disk, by their names
}

// system is where the kernel tells of its devices; a test has its own.
type system struct {
	sys, dev string
}

// waitFor waits until there is one partition to boot from.
func waitFor(p params) (found, error) {
	s := system{sys: "/sys", dev: "/dev"}
	for end := time.Now().Add(p.wait); ; time.Sleep(20 * time.Millisecond) {
		f, err := s.choose(p)
		if err == nil {
			return f, nil
		}
		if time.Now().After(end) {
			return f, errors.New(err.Error() + ", after " + p.wait.String())
		}
	}
}

// choose gives the partition named by the command line. Its disk must have the
// state's partition, and the GUID that the command line gives, if any. When more
// than one remains, a copy on a USB stick yields to the disk that is built in;
// when that does not leave one, none is taken.
func (s system) choose(p params) (found, error) {
	all, err := s.partitions()
	if err != nil {
		return found{}, err
	}
	var left []found
	why := "no partition " + p.root
	for _, f := range all[p.root] {
		switch {
		case onDisk(all, f.disk)[statePartition] == "":
			why = "the disk " + f.disk + " of partition " + p.root + " has no " + statePartition
		case p.disk != gpt.GUID{} && !s.hasGUID(f.disk, p.disk):
			why = "the disk " + f.disk + " of partition " + p.root + " is not " + p.disk.String()
		default:
			left = append(left, f)
		}
	}
	if len(left) > 1 {
		left = builtIn(left)
	}
	switch len(left) {
	case 0:
		return found{}, errors.New(why)
	case 1:
		left[0].named = onDisk(all, left[0].disk)
		return left[0], nil
	}
	why = "more than one partition " + p.root + ":"
	for _, f := range left {
		why += " " + f.part
	}
	return found{}, errors.New(why)
}

// builtIn is what is left without USB, or everything when nothing would be.
func builtIn(all []found) []found {
	var left []found
	for _, f := range all {
		if !f.usb {
			left = append(left, f)
		}
	}
	if len(left) == 0 {
		return all
	}
	return left
}

// onDisk gives the partitions of a disk.
func onDisk(all map[string][]found, disk string) map[string]string {
	named := map[string]string{}
	for name, parts := range all {
		for _, f := range parts {
			if f.disk == disk {
				named[name] = f.part
			}
		}
	}
	return named
}

// partitions gives all partitions that have a name, by their names.
func (s system) partitions() (map[string][]found, error) {
	class := filepath.Join(s.sys, "class/block")
	entries, err := os.ReadDir(class)
	if err != nil {
		return nil, err
	}
	all := map[string][]found{}
	for _, e := range entries {
		event, err := os.ReadFile(filepath.Join(class, e.Name(), "uevent"))
		if err != nil {
			continue // it was pulled out just now
		}
		name := field(string(event), "PARTNAME")
		where, err := os.Readlink(filepath.Join(class, e.Name()))
		if name == "" || err != nil {
			continue
		}
		all[name] = append(all[name], found{
			part: e.Name(),
			disk: filepath.Base(filepath.Dir(where)),
			usb:  strings.Contains(where, "/usb"),
		})
	}
	return all, nil
}

// field gives the value of a line KEY=VALUE.
func field(lines, key string) string {
	for line := range strings.Lines(lines) {
		if k, v, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "="); ok && k == key {
			return v
		}
	}
	return ""
}

// hasGUID tells whether a disk's table carries a GUID.
func (s system) hasGUID(disk string, id gpt.GUID) bool {
	b, err := os.ReadFile(filepath.Join(s.sys, "class/block", disk, "size"))
	if err != nil {
		return false
	}
	sectors, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
	if err != nil {
		return false
	}
	f, err := os.Open(filepath.Join(s.dev, disk))
	if err != nil {
		return false
	}
	defer f.Close()
	t, err := gpt.Read(f, sectors*gpt.Sector)
	return err == nil && t.Disk == id
}
