package main

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"jobhome/images/gpt"
	"jobhome/images/verity"
)

// params is what the command line asks for.
type params struct {
	root      string
	hash      [32]byte
	hashStart int64
	slot      string
	disk      gpt.GUID // zero: any
	wait      time.Duration
	watchdog  bool
	init      string
}

// parse reads the kernel's command line. Of a word that is there twice the last
// counts. A root without its hash is refused: there is no switch for that.
func parse(line string) (params, error) {
	words := map[string]string{}
	for _, w := range strings.Fields(line) {
		k, v, _ := strings.Cut(w, "=")
		words[k] = v
	}
	p := params{root: words["jobhome.root"], slot: words["jobhome.slot"], init: words["init"], watchdog: words["jobhome.watchdog"] == "1", wait: 20 * time.Second}
	if p.root == "" {
		return p, errors.New("jobhome.root is not on the command line")
	}
	hash, err := hex.DecodeString(words["jobhome.roothash"])
	if err != nil || len(hash) != len(p.hash) {
		return p, errors.New("jobhome.roothash must be on the command line, 64 hexadecimal digits")
	}
	p.hash = [32]byte(hash)
	p.hashStart, err = strconv.ParseInt(words["jobhome.hashstart"], 10, 64)
	if err != nil || p.hashStart <= 0 || p.hashStart%verity.Block != 0 {
		return p, errors.New("jobhome.hashstart must be on the command line, bytes in whole blocks of 4096")
	}
	if p.slot != "a" && p.slot != "b" {
		return p, errors.New("jobhome.slot must be a or b")
	}
	if d, ok := words["jobhome.disk"]; ok {
		if p.disk, err = gpt.ParseGUID(d); err != nil {
			return p, errors.New("jobhome.disk: " + err.Error())
		}
	}
	if s, ok := words["jobhome.wait"]; ok {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || n > 50 {
			return p, errors.New("jobhome.wait must be seconds, 0 to 50")
		}
		p.wait = time.Duration(n) * time.Second
	}
	if p.init == "" {
		p.init = "/usr/lib/systemd/systemd"
	}
	return p, nil
}
