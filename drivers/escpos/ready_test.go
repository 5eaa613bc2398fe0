package escpos

import (
	"strings"
	"testing"
	"testing/fstest"
)

// A printer that is asked only what can never make it ready would never print.
func TestQueriesThatCanSayReady(t *testing.T) {
	for list, ok := range map[string]bool{
		"[]": true, "[1, 2]": true, "[1, 4]": true, "[4, 1]": true, "[20]": true, "[20, 5]": true, "[1, 2, 3, 4, 5]": true,
		"[1]": false, "[2, 4]": false, "[5]": false, "[1, 3]": false, "[1, 5]": false, "[2, 3, 4, 5]": false,
	} {
		_, err := parse(Builtin(), []byte("title = 'test'\ninherits = 'generic80'\nstatus.queries = "+list))
		if ok != (err == nil) || err != nil && !strings.Contains(err.Error(), "want 20, or 1 with 2 or 4, or the empty list") {
			t.Errorf("%s: %v", list, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "status.queries: ") {
			t.Errorf("%s: %v", list, err)
		}
	}
}

// The settings take names of 32 characters.
func TestProfileNames(t *testing.T) {
	for n, ok := range map[int]bool{1: true, 32: true, 33: false, 40: false} {
		name := strings.Repeat("n", n)
		c, err := load(Builtin(), fstest.MapFS{name + ".toml": {Data: []byte("title = 'test'\ninherits = 'generic80'")}}, ".")
		if _, missing := c.ByName(name); ok != (err == nil) || ok != (missing == nil) {
			t.Errorf("%d characters: %v, %v", n, err, missing)
		}
		if !ok && (err == nil || !strings.Contains(err.Error(), "1 to 32 of a-z")) {
			t.Errorf("%d characters: %v", n, err)
		}
	}
}
