package config

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Write writes s as a commented settings file that [Load] reads back. Every
// key is there, with what it is for and what is allowed.
func (s Settings) Write(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString("# Settings of the terminal (TOML). It is read once, when the terminal starts.\n")
	b.WriteString("# There is no secret in it. Keys outside [site] may be left out.\n")
	writeFields(&b, s.fields(), true)
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("config: write settings: %w", err)
	}
	return nil
}

// comment writes s as comment lines of at most about 80 columns.
func comment(b *bytes.Buffer, s string) {
	line := "#"
	for word := range strings.FieldsSeq(s) {
		if len(line)+1+len(word) > 80 && line != "#" {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
