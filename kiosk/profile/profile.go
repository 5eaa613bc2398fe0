// Package profile is what somebody with a screwdriver brings to a terminal that
// knows nothing yet: where it stands, its devices, its network, its hub and the
// invitation to enrol there. It has two forms that say the same: a TOML 1.0 file
// (toml.io), site.txt, that people write, and a code of at most [MostCode]
// characters for one QR code (ISO/IEC 18004), which is that file packed.
//
// # Secrets
//
// A profile holds the passphrase of a network and an invitation that is good for
// one terminal, once, within a day. Who can read the code has them. No error of
// this package quotes them; what a terminal keeps of them lies in files of mode
// 0600, the invitation only until it is spent.
package profile

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jobhome/kiosk/config"
	"jobhome/sync/trust"
)

// Profile is what a terminal has to be told.
type Profile struct {
	ID      string          // the terminal's name at its hub; "" where it has none
	Wanted  config.Settings // of which data directory, marks and paths are not the profile's; see Settings
	Machine Machine
	Root    Root   // where the terminal's trust in its hub begins; zero without a hub
	Code    string // the invitation, good once; "" for none
	Pin     string // of the authority that the hub must show when the code is spent
}

// Root is the root of trust by what it must say; the root itself is too long for
// a code and is fetched. See sync/trust.
type Root struct {
	N   uint32
	Sum [sha256.Size]byte // SHA-256 of the signed text
}

// String is the root as a profile names it: "1:kIxK…", or "" for none.
func (r Root) String() string {
	if r.N == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%s", r.N, base64.RawURLEncoding.EncodeToString(r.Sum[:]))
}

// RootOf is how a profile names the root of trust in text, as it lies in the feed:
// by its number and the SHA-256 of what was signed. It is checked as far as a root
// can be by itself.
func RootOf(text []byte) (Root, error) {
	root, err := trust.ReadRoot(text)
	if err != nil {
		return Root{}, err
	}
	e, err := trust.ReadEnvelope(text)
	if err != nil {
		return Root{}, err
	}
	return Root{N: root.N, Sum: sha256.Sum256(e.Payload)}, nil
}

func parseRoot(s string) (Root, error) {
	number, sum, _ := strings.Cut(s, ":")
	n, err := strconv.ParseUint(number, 10, 31)
	b, errSum := base64.RawURLEncoding.Strict().DecodeString(sum)
	if err != nil || n == 0 || errSum != nil || len(b) != sha256.Size {
		return Root{}, errors.New("does not name a root as the hub does")
	}
	return Root{N: uint32(n), Sum: [sha256.Size]byte(b)}, nil
}

// Why a profile is refused, for errors.Is. What is refused for what it says has
// none of these, and names file, line, key and what is allowed.
var (
	// ErrForeign tells that the text is something else.
	ErrForeign = errors.New("this is no site's profile")
	// ErrHalf tells that a code was read in part, or wrongly.
	ErrHalf = errors.New("only part of the code was read, or part of it wrongly")
	// ErrVersion tells that the code is for a newer terminal.
	ErrVersion = errors.New("the code is for a newer version of the terminal")
	// ErrEncoding tells that a file was saved in another encoding than UTF-8.
	ErrEncoding = errors.New("the file is not saved as UTF-8")
)

// Parse reads a profile in either form. name is only for the errors.
func Parse(name string, data []byte) (Profile, error) {
	text, err := plainText(name, data)
	if err != nil {
		return Profile{}, err
	}
	if IsCode(text) {
		if text, err = unpack(text); err != nil {
			return Profile{}, fmt.Errorf("profile: %w", err)
		}
		name = "code"
	}
	var p Profile
	var raw rawProfile
	if err := raw.form(&p).Parse(name, []byte(text)); err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	if err := raw.into(&p); err != nil {
		return Profile{}, fmt.Errorf("profile: %s: %w", name, err)
	}
	return p, nil
}

// Write writes the profile as a commented file that [Parse] reads back.
func (p *Profile) Write(w io.Writer) error {
	raw := rawProfileOf(p)
	return raw.form(p).Write(w)
}

// Text writes the profile as a code that [Parse] reads back. The error is that it
// is too long for one.
func (p *Profile) Text() (string, error) {
	raw := rawProfileOf(p)
	var bare rawProfile
	var nobody Profile
	return pack(raw.form(p).Brief(bare.form(&nobody).Keys))
}

// Settings are the terminal's own, with its data in the given directory and its
// hub's root where [Profile.Root] is kept once it was fetched: root.json there.
func (p *Profile) Settings(dir string) config.Settings {
	s := p.Wanted
	s.DataDir = dir
	if s.Hub.Fitted() {
		s.Hub.Root = dir + "/root.json"
	}
	return s
}

// rawProfile is the profile's own keys as they stand in the file.
type rawProfile struct {
	rawMachine
	id, root, code, pin string
}

func rawProfileOf(p *Profile) *rawProfile {
	return &rawProfile{rawMachineOf(&p.Machine), p.ID, p.Root.String(), p.Code, p.Pin}
}

const head = "The profile of one terminal (TOML, saved as UTF-8). Put it as jobhome/site.txt on the " +
	"terminal's boot partition or on a stick. It holds the network's passphrase and an invitation that is " +
	"good once: keep it like a key. Keys outside [site] may be left out."

func (r *rawProfile) form(p *Profile) config.Form {
	keys := []config.Key{
		{
			Table: "terminal", Name: "id", Text: &r.id, Check: checkTerminal,
			About: "The terminal's name at its hub.", Allowed: "1 to 40 of a-z, 0-9 and -, or nothing",
		},
		{
			Table: "hub", Name: "root", Text: &r.root, Check: checkRoot,
			About:   "The hub's root of trust, by its number and fingerprint.",
			Allowed: "as the hub writes it: 1:FINGERPRINT; needed with board",
		},
		{
			Table: "enrol", Name: "code", Text: &r.code, Secret: true, Check: checkCode,
			About: "The one-time code that enrols the terminal.", Allowed: "as the hub shows it: 7K3M-9WXH-4FAB, or nothing",
		},
		{
			Table: "enrol", Name: "pin", Text: &r.pin, Check: checkPin,
			About: "What the hub must prove when the code is spent.", Allowed: "as the hub shows it; needed with code",
		},
	}
	return config.Form{
		Settings: &p.Wanted, Head: head, Keys: append(keys, r.rawMachine.keys()...),
		Without: []string{"data_dir", "hub.sticks", "theme.mark", "service.badges", "service.badge_needed"},
	}
}

// into takes over what was read, as far as no key alone is wrong.
func (r *rawProfile) into(p *Profile) error {
	p.ID, p.Code, p.Pin = r.id, r.code, r.pin
	if r.root != "" {
		p.Root, _ = parseRoot(r.root) // checked with its key
	}
	h := p.Wanted.Hub
	switch {
	case h.Fitted() && p.Root.N == 0:
		return errors.New("hub.root is missing: without it nothing from the hub can be believed")
	case p.Code != "" && (p.Pin == "" || h.URL == "" || !h.Fitted()):
		return errors.New("enrol.code needs enrol.pin, hub.url and hub.board")
	}
	var err error
	p.Machine, err = r.rawMachine.machine()
	return err
}

func checkTerminal(s string) error {
	if len(s) > 40 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return errors.New("is no name of a terminal")
	}
	return nil
}

func checkRoot(s string) error {
	if s == "" {
		return nil
	}
	_, err := parseRoot(s)
	return err
}

func checkCode(s string) error {
	letters := strings.ReplaceAll(s, "-", "")
	if s != "" && (len(s) > 20 || len(letters) != 12 || strings.Trim(letters, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "") {
		return errors.New("is no enrolment code")
	}
	return nil
}

func checkPin(s string) error {
	if b, err := base64.StdEncoding.Strict().DecodeString(s); s != "" && (err != nil || len(b) != sha256.Size) {
		return errors.New("is no pin of an authority")
	}
	return nil
}
