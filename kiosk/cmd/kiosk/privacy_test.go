package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// traces are the forms in which words could lie in a file.
func traces(t *testing.T, words string) map[string][]byte {
	t.Helper()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(words)
	if err != nil {
		t.Fatal(err)
	}
	var little, big []byte
	for _, u := range utf16.Encode([]rune(words)) {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	return map[string][]byte{"UTF-8": []byte(words), "GB18030": []byte(gb), "UTF-16LE": little, "UTF-16BE": big}
}

// find returns where below dir the words lie in any form.
func find(t *testing.T, dir, words string) []string {
	t.Helper()
	var found []string
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for form, trace := range traces(t, words) {
			if bytes.Contains(b, trace) {
				found = append(found, path+" ("+form+")")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 3 {
		t.Fatalf("only %d files below %s: the search looks in the wrong place", files, dir)
	}
	return found
}

// After a session with a card and a slip, nothing of the person lies in any
// file of the terminal: not in its data, its log, or what it may have left in
// temporary folders.
func TestNothingOfThePersonIsOnTheDisk(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	who := somebody(t, "chen")
	r.home()
	r.consent()
	r.reader.Place(who)
	r.see(say("card.browse"))
	r.touch(say("card.browse"))
	r.touch(say("tile.nearby"))
	r.see(say("list.filter"))
	r.choose()
	r.see(say("posting.print"))
	r.toConfirm()
	r.touch(say("confirm.print"))
	r.see(say("take.title"))
	r.touch(say("take.done"))
	r.see(say("attract.title"))
	r.stop()
	for _, words := range []string{who.Name, who.Number, who.Address, who.NewAddress} {
		if at := find(t, r.dir, words); len(at) > 0 {
			t.Errorf("something of the person lies in %q", at)
		}
	}
	// The search finds what is there: one planted in every form.
	for form, trace := range traces(t, who.Name) {
		if err := os.WriteFile(filepath.Join(r.data, "planted"), append([]byte("before "), trace...), 0o600); err != nil {
			t.Fatal(err)
		}
		if len(find(t, r.dir, who.Name)) == 0 {
			t.Errorf("a planted name in %s was not found", form)
		}
	}
}
