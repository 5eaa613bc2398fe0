package main

import "testing"

func TestInvitation(t *testing.T) {
	for _, c := range []struct {
		args      []string
		code, pin string
		ok        bool
	}{
		{[]string{"7K3M-9GXW", "sha256:ab+/="}, "7K3M-9GXW", "sha256:ab+/=", true},
		{[]string{"jobhome-enrol:7K3M-9GXW?pin=sha256%3Aab%2B%2F%3D&terminal=chashan-1"}, "7K3M-9GXW", "sha256:ab+/=", true},
		{[]string{" jobhome-enrol:7K3M-9GXW?pin=ab\r\n"}, "7K3M-9GXW", "ab", true},
		{[]string{"JOBHOME-ENROL:7K3M-9GXW?pin=ab"}, "7K3M-9GXW", "ab", true},
		{[]string{"jobhome-enrol:7K3M-9GXW"}, "", "", false},
		{[]string{"jobhome-enrol:?pin=ab"}, "", "", false},
		{[]string{"https://hub/7K3M-9GXW?pin=ab"}, "", "", false},
		{[]string{"7K3M-9GXW"}, "", "", false},
		{[]string{"7K3M-9GXW", ""}, "", "", false},
		{nil, "", "", false},
	} {
		code, pin, ok := invitation(c.args)
		if ok != c.ok || ok && (code != c.code || pin != c.pin) {
			t.Errorf("%q: %q, %q, %v", c.args, code, pin, ok)
		}
	}
}
