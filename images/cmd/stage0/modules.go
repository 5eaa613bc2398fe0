package main

import (
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// loadModules loads the modules of a list, in its order. One that cannot be
// loaded is often for hardware that is not there, so it is no error: it is named
// behind the one that follows from it, if one does.
func loadModules(list string) (missed string) {
	b, err := os.ReadFile(list)
	if err != nil {
		return " (" + err.Error() + ")"
	}
	for _, file := range strings.Fields(string(b)) {
		if err := load(file); err != nil && err != unix.EEXIST {
			missed += " " + path.Base(file) + ": " + err.Error() + ";"
		}
	}
	if missed == "" {
		return ""
	}
	return " (not loaded:" + strings.TrimSuffix(missed, ";") + ")"
}

func load(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.FinitModule(int(f.Fd()), "", 0)
}
