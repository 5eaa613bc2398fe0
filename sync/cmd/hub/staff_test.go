package main

import (
	"strings"
	"testing"

	"jobhome/sync/hub/people"
)

// The first account is made at the console, and a password never stands on a
// command line.
func TestAccountsAtTheConsole(t *testing.T) {
	run := newHub(t).run
	run(0, "init")
	add := []string{"user", "add", "-name", "wangfang", "-person", "王芳", "-role", "county", "-area", "360482"}
	_, password, found := strings.Cut(strings.TrimSpace(run(0, add...)), "wangfang: ")
	if !found || len(password) < 16 {
		t.Fatalf("the password is %q", password)
	}
	run(1, add...) // there is one of the name
	if list := run(0, "user", "list"); !strings.Contains(list, "王芳") || strings.Contains(list, password) {
		t.Error(list)
	}
	if again := run(0, "user", "password", "-name", "wangfang"); strings.Contains(again, password) {
		t.Error("the new password is the old one")
	}
	mark := strings.TrimSpace(run(0, "audit", "verify"))
	if _, err := people.ParseMark(mark); err != nil {
		t.Fatalf("%q: %v", mark, err)
	}
	run(0, "audit", "verify", mark)
	run(1, "audit", "verify", "12:ab")
	if usage := run(2, "user", "-h"); !strings.Contains(usage, people.Usage) {
		t.Error(usage)
	}
	run(2, "user")
}
