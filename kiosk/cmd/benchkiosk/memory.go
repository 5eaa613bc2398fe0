package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// family returns a process, its descendants, and those that name mark on their
// command line: a helper that has cut itself loose from its parent.
func family(pid int, mark string) ([]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	parent := map[int]int{}
	ours := map[int]bool{pid: true}
	for _, file := range stats {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		id, _ := strconv.Atoi(strings.Split(file, "/")[2])
		// The name in brackets may have anything in it (proc(5)).
		f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		if len(f) > 1 {
			parent[id], _ = strconv.Atoi(f[1])
		}
		if line, err := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline")); err == nil && mark != "" &&
			bytes.Contains(line, []byte(mark)) && id != os.Getpid() {
			ours[id] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for id, up := range parent {
			if ours[up] && !ours[id] {
				ours[id], grown = true, true
			}
		}
	}
	var out []int
	for id := range ours {
		out = append(out, id)
	}
	return out, nil
}

// pss is the proportional set size of processes in MB (proc_pid_smaps(5)),
// with how many there are.
func pss(pid int, mark string) (mb float64, n int, err error) {
	ids, err := family(pid, mark)
	if err != nil {
		return 0, 0, err
	}
	for _, id := range ids {
		kb, err := pssOf(id)
		if err != nil {
			continue // it has just ended
		}
		mb += kb * 1024 / 1e6
		n++
	}
	if n == 0 {
		return 0, 0, fmt.Errorf("no memory figures of process %d", pid)
	}
	return mb, n, nil
}

func pssOf(pid int) (kb float64, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		if f := strings.Fields(lines.Text()); len(f) > 1 && f[0] == "Pss:" {
			return strconv.ParseFloat(f[1], 64)
		}
	}
	return 0, fmt.Errorf("process %d: no Pss", pid)
}
