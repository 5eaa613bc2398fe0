package wire

import (
	"encoding/json"
	"strings"
	"testing"
)

// A hash that is too long is refused; once it was written behind the end.
func TestHashText(t *testing.T) {
	for digits, good := range map[int]bool{0: false, 62: false, 63: false, 64: true, 65: false, 66: false, 128: false} {
		var h Hash
		text := strings.Repeat("a", digits)
		if err := json.Unmarshal([]byte(`"`+text+`"`), &h); (err == nil) != good {
			t.Errorf("%d digits: %v", digits, err)
		} else if good && h.String() != text {
			t.Errorf("%s reads as %s", text, h)
		}
	}
	if err := new(Hash).UnmarshalText([]byte(strings.Repeat("g", 64))); err == nil {
		t.Error("other characters are read")
	}
}
