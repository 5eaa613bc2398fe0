package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/BurntSushi/toml"
)

// Key is a key that another file has beside those of the settings, or in place
// of one. Exactly one of Text, Number and Yes is set; it holds the value before,
// which stays where the file does not say.
type Key struct {
	Table, Name string
	About       string // what it is for: the comment above it
	Allowed     string // in the comment and in every error
	Must        bool   // the file has to give it
	Secret      bool   // no error quotes what stands there

	Text        *string
	Check       func(string) error // of Text; nil: anything
	Number      *int
	Least, Most int // of Number
	Yes         *bool
}

// Form is a file in the manner of the settings file: read as strictly, with the
// same errors, and written with the same comments.
type Form struct {
	Settings *Settings // whose keys the file has; nil: none
	Without  []string  // keys of the settings that it does not have, as "table.key"
	Keys     []Key     // further keys
	Head     string    // the comment at its top
}

func (k Key) field() field {
	f := field{table: k.Table, key: k.Name, about: k.About, allowed: k.Allowed, must: k.Must, secret: k.Secret}
	switch {
	case k.Text != nil:
		check := k.Check
		if check == nil {
			check = func(string) error { return nil }
		}
		f.value = plain(k.Text, check)
	case k.Number != nil:
		f.value = whole(k.Number, 1, int64(k.Least), int64(k.Most))
	default:
		f.value = yesno(k.Yes)
	}
	return f
}

// fields lists the keys: those of the settings table by table, each followed by
// the form's own of that table, then the tables of the form alone.
func (f Form) fields(s *Settings) []field {
	var all []field
	if s != nil {
		all = s.fields()
	}
	all = slices.DeleteFunc(all, func(have field) bool {
		return slices.Contains(f.Without, have.name()) ||
			slices.ContainsFunc(f.Keys, func(k Key) bool { return k.field().name() == have.name() })
	})
	for _, k := range f.Keys {
		own := k.field()
		at := len(all)
		for i, have := range all {
			if have.table == own.table {
				at = i + 1
			}
		}
		all = slices.Insert(all, at, own)
	}
	return all
}

// Parse reads data into the settings and keys of f. The settings begin as a file
// leaves them that says nothing. file is only for the errors, which are those of
// [Load]; after one the values mean nothing.
func (f Form) Parse(file string, data []byte) error {
	if len(data) > maxFile {
		return fmt.Errorf("%s: has more than %d bytes", file, maxFile)
	}
	var tree map[string]any
	meta, err := toml.Decode(string(data), &tree)
	if err != nil {
		var p toml.ParseError
		if errors.As(err, &p) {
			return fmt.Errorf("%s:%d: %s", file, p.Position.Line, oneLine(p.Message))
		}
		return fmt.Errorf("%s: %s", file, oneLine(err.Error()))
	}
	if f.Settings != nil {
		*f.Settings = defaults()
	}
	l := loader{file: file, lines: keyLines(data), fields: f.fields(f.Settings), failed: map[string]bool{}}
	l.setAll(tree)
	if s := f.Settings; s != nil {
		l.checkScreen(s.Screen)
		l.checkBadge(*s)
		l.checkContrasts(s.Theme)
		if has(l.fields, "hub.root") && s.Hub.Fitted() && s.Hub.Root == "" && !l.failed["hub.root"] && !l.failed["hub.board"] && !f.owns("hub.root") {
			l.bad("hub.root", " is missing: without it nothing from the hub can be believed")
		}
	}
	l.checkUnknown(meta.Keys(), tree)
	return l.err()
}

func has(all []field, name string) bool {
	return slices.ContainsFunc(all, func(f field) bool { return f.name() == name })
}

func (f Form) owns(name string) bool {
	return slices.ContainsFunc(f.Keys, func(k Key) bool { return k.field().name() == name })
}

// Write writes every key with what it is for and what is allowed.
func (f Form) Write(w io.Writer) error {
	var b bytes.Buffer
	if f.Head != "" {
		comment(&b, f.Head)
	}
	writeFields(&b, f.fields(f.Settings), true)
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("config: write: %w", err)
	}
	return nil
}

// Brief is the shortest text that reads back as f: only keys that do not stand as
// they would without it, and no comment. plain has the same keys as f, as a file
// leaves them that says nothing; its settings may be nil.
func (f Form) Brief(plain []Key) []byte {
	rest := defaults()
	bare := Form{Settings: &rest, Without: f.Without, Keys: plain}
	if f.Settings == nil {
		bare.Settings = nil
	}
	usual := map[string]string{}
	for _, k := range bare.fields(bare.Settings) {
		usual[k.name()] = k.value.toml()
	}
	var b bytes.Buffer
	writeFields(&b, slices.DeleteFunc(f.fields(f.Settings), func(k field) bool {
		return !k.must && k.value.toml() == usual[k.name()]
	}), false)
	return b.Bytes()
}

// writeFields writes keys below the heads of their tables.
func writeFields(b *bytes.Buffer, fields []field, commented bool) {
	table := ""
	for _, f := range fields {
		if f.table != table {
			table = f.table
			if commented {
				b.WriteByte('\n')
			}
			fmt.Fprintf(b, "[%s]\n", table)
		} else if commented && f.about != "" {
			b.WriteByte('\n')
		}
		if commented && f.about != "" {
			comment(b, f.about)
		}
		if commented {
			comment(b, "Allowed: "+f.allowed+".")
			fmt.Fprintf(b, "%s = %s\n", f.key, f.value.toml())
			continue
		}
		fmt.Fprintf(b, "%s=%s\n", f.key, f.value.toml())
	}
}
