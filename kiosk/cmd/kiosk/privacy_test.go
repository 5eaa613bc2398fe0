package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jobhome/drivers/sim"
)

// traces are the forms in which words could lie in a file.
func traces(t *testing.T, words string) map[string][]byte {
	t.Helper()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(words)
	if err != nil {
		t.Fatal(err)
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(words)
	if err != nil {
		t.Fatal(err)
	}
	var little, big []byte
	for _, u := range utf16.Encode([]rune(words)) {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	return map[string][]byte{"UTF-8": []byte(words), "GB18030": []byte(gb), "GBK": []byte(gbk), "UTF-16LE": little, "UTF-16BE": big}
}

// searchFor returns where below dir the words lie in any form.
func searchFor(t *testing.T, dir, words string) []string {
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
	if files == 0 {
		t.Fatalf("no file below %s: the search looks in the wrong place", dir)
	}
	return found
}

// After a session with a card, with all in it that is logged, nothing of the
// person lies in any file: the terminal's data, its log, temporary folders, the
// home folder; neither while it runs nor after it has ended.
func TestNothingOfThePersonIsOnTheDisk(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	who := somebody(t, "chen")
	r.home()
	r.consent()
	r.reader.PlaceUnreadable()
	r.see(say("tap.again"))
	r.lift()
	r.bySomebody(who)
	r.touch(say("card.match"))
	r.guided()
	r.choose()
	r.gone(say("list.again"))
	r.toConfirm()
	code := r.toTrouble("paper-out", func() { r.printer.EndPaper(200) })
	r.printer.LoadPaper()
	r.again(code)
	r.reader.Lift()
	places := []string{r.dir, r.homeOf("HOME")}
	r.leftNothing(who, "while it runs", places)
	r.stop()
	r.leftNothing(who, "after it has ended", places)
	if !r.logged("card not read") {
		t.Error("the log that was searched is not that of this session")
	}
	r.findsPlants(who)
}

// leftNothing searches files, and what the printer was sent.
func (r *rig) leftNothing(who sim.Person, when string, places []string) {
	r.Helper()
	for _, words := range []string{who.Name, who.Number, who.Address, who.NewAddress} {
		for _, dir := range places {
			if at := searchFor(r.T, dir, words); len(at) > 0 {
				r.Errorf("%s, something of the person lies in %q", when, at)
			}
		}
		for form, trace := range traces(r.T, words) {
			for _, s := range r.printer.Slips() {
				if bytes.Contains(s.Bytes, trace) {
					r.Errorf("the printer was sent something of the person as %s", form)
				}
			}
		}
	}
}

// findsPlants checks the search itself: what is planted, it finds, in every
// form.
func (r *rig) findsPlants(who sim.Person) {
	r.Helper()
	for _, words := range []string{who.Name, who.Number, who.Address, who.NewAddress} {
		for form, trace := range traces(r.T, words) {
			text := append([]byte("SQLite format 3\x00"), trace...)
			if err := os.WriteFile(filepath.Join(r.data, "planted"), append(text, 0xff), 0o600); err != nil {
				r.Fatal(err)
			}
			if len(searchFor(r.T, r.dir, words)) == 0 {
				r.Errorf("something planted as %s was not found", form)
			}
		}
	}
}

// homeOf is the terminal's directory that an environment variable names.
func (r *rig) homeOf(variable string) string {
	r.Helper()
	for _, kv := range r.desk.Env() {
		if dir, ok := strings.CutPrefix(kv, variable+"="); ok {
			return dir
		}
	}
	r.Fatalf("the terminal has no %s", variable)
	return ""
}
