package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// field is one key of the file.
type field struct {
	table, key string
	about      string // what it is for: the comment above it
	allowed    string // what may stand there: in the comment and in every error
	must       bool   // the file has to give it
	secret     bool   // no error quotes it
	value      value
}

// name is the key as it is called in errors: "site.id".
func (f field) name() string {
	if f.table == "" {
		return f.key
	}
	return f.table + "." + f.key
}

// fields lists every key, in the order of the example file, bound to s.
func (s *Settings) fields() []field {
	all := []field{
		{
			key: "data_dir", value: plain(&s.DataDir, characters(1, 200)),
			about:   "Where the board and the ledger are kept. It must survive a restart.",
			allowed: "a path of 1 to 200 characters, absolute or from the working directory",
		},
		{
			key: "language", value: plain(&s.Language, checkLanguage),
			about:   "The language in which every session begins.",
			allowed: "zh, en",
		},
	}
	all = append(all, siteFields(&s.Site)...)
	all = append(all, deviceFields(&s.Devices)...)
	all = append(all, paperFields(&s.Paper)...)
	all = append(all, panelFields(&s.Panel)...)
	all = append(all, serviceFields(&s.Service)...)
	all = append(all, hubFields(&s.Hub)...)
	all = append(all, sessionFields(&s.Session)...)
	all = append(all, screenFields(&s.Screen)...)
	return append(all, themeFields(&s.Theme)...)
}

func siteFields(s *kiosk.Site) []field {
	fields := []field{
		{
			key: "id", value: plain(&s.ID, checkID),
			about: "The site's short name, which every referral carries.", allowed: "1 to 32 of 0-9, A-Z, a-z, - and _",
		},
		{
			key: "name", value: plain(&s.Name, characters(1, 30)),
			about: "The site's name as it stands on the slip.", allowed: "1 to 30 characters",
		},
		{
			key: "tier", value: plain(&s.Tier, checkTier),
			about: "The kind of place.", allowed: tierNames(),
		},
		{
			key: "area", value: plain(&s.Area, func(a string) error { return kiosk.Area(a).Check() }),
			about: "The administrative division code.", allowed: "2, 4, 6, 9 or 12 digits (GB/T 2260, GB/T 10114)",
		},
		{
			key: "lat", value: degrees(&s.Location.Lat, 90),
			about:   "Where the terminal stands, WGS 84. 0 and 0: not known; distances cannot be told then.",
			allowed: "degrees from -90 to 90",
		},
		{key: "lon", value: degrees(&s.Location.Lon, 180), allowed: "degrees from -180 to 180"},
		{
			key: "staff_phone", value: plain(&s.StaffPhone, checkPhone),
			about: "Whom to ring: on the slip and on the help page.", allowed: "1 to 30 of 0-9, space, +, -, (, ) and 转",
		},
		{
			key: "base_url", value: plain(&s.BaseURL, checkBaseURL),
			about:   "Where the posting pages are that the slip's QR code opens.",
			allowed: fmt.Sprintf("http:// or https:// address of at most %d bytes, no slash at its end, no query", MaxBaseURL),
		},
	}
	for i := range fields {
		fields[i].table, fields[i].must = "site", true
	}
	return fields
}

func sessionFields(s *Session) []field {
	least := int64(MinWarn.Seconds())
	return []field{
		{
			table: "session", key: "idle_seconds", value: seconds(&s.Idle, 20, 600),
			about: `Silence before the terminal asks "still there?".`, allowed: "20 to 600",
		},
		{
			table: "session", key: "warn_seconds", value: seconds(&s.Warn, least, 120),
			about:   "How long that question stays before the session ends (WCAG 2.2, 2.2.1).",
			allowed: fmt.Sprintf("%d to 120", least),
		},
		{
			table: "session", key: "receipt_seconds", value: seconds(&s.Receipt, 5, 120),
			about: `How long "take your slip" stays.`, allowed: "5 to 120",
		},
	}
}

func screenFields(s *Screen) []field {
	const size = "0 for both, or 50 to 3000 for both"
	return []field{
		{
			table: "screen", key: "width_mm", value: whole(&s.WidthMM, 1, 0, 3000),
			about:   "The size of the picture, where the panel does not know its own. 0: ask the panel (EDID).",
			allowed: size,
		},
		{table: "screen", key: "height_mm", value: whole(&s.HeightMM, 1, 0, 3000), allowed: size},
		{
			table: "screen", key: "large", value: yesno(&s.Large),
			about: "Begin every session in large type.", allowed: "true, false",
		},
	}
}

func themeFields(t *Theme) []field {
	colour := func(key string, c *Colour, about string) field {
		return field{
			table: "theme", key: key, value: text(c, parseColour, Colour.String),
			about: about, allowed: "#rrggbb",
		}
	}
	return []field{
		{
			table: "theme", key: "name", value: plain(&t.Name, characters(1, 12)),
			about: "The name beside the mark.", allowed: "1 to 12 characters",
		},
		{
			table: "theme", key: "mark", value: plain(&t.Mark, checkMark),
			about:   "The mark as an SVG file. Empty: the built-in one.",
			allowed: "a path ending in .svg, absolute or from the working directory, or nothing",
		},
		colour("ground", &t.Ground, "Behind everything."),
		colour("ink", &t.Ink, fmt.Sprintf("Text on ground: contrast at least %g:1 (WCAG 2.2, 1.4.6).", textContrast)),
		colour("action", &t.Action, "What to touch next."),
		colour("on_action", &t.OnAction, fmt.Sprintf("Text on action: contrast at least %g:1 (WCAG 2.2, 1.4.3).", otherContrast)),
		colour("accent", &t.Accent, fmt.Sprintf("Pay and urgency on ground: contrast at least %g:1.", otherContrast)),
		{
			table: "theme", key: "tiles", value: list(&t.Tiles, checkTiles),
			about: "The tiles of the home page in their order.", allowed: "one or more of " + strings.Join(Tiles(), ", "),
		},
	}
}

func checkLanguage(s string) error {
	if !slices.Contains(words.Langs(), words.Lang(s)) {
		return errors.New("is no language of the terminal")
	}
	return nil
}

func checkID(s string) error {
	bad := func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_'
	}
	if s == "" || len(s) > 32 || strings.ContainsFunc(s, bad) {
		return errors.New("is no short name")
	}
	return nil
}

func checkTier(s string) error {
	if !slices.Contains(kiosk.Tiers(), kiosk.Tier(s)) {
		return errors.New("is no tier")
	}
	return nil
}

func tierNames() string {
	var names []string
	for _, t := range kiosk.Tiers() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

func checkPhone(s string) error {
	if err := characters(1, 30)(s); err != nil {
		return err
	}
	if strings.Trim(s, "0123456789 +-()转") != "" || !strings.ContainsAny(s, "0123456789") {
		return errors.New("is no telephone number")
	}
	return nil
}

func checkBaseURL(s string) error {
	if len(s) > MaxBaseURL {
		return fmt.Errorf("has %d bytes, so that the slip's QR code would not fit", len(s))
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return errors.New("is no such address")
	}
	if strings.ContainsAny(s, "?#") || strings.HasSuffix(s, "/") {
		return errors.New("has a slash at its end, or a ? or #")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("has a character that is not plain ASCII")
	}
	return nil
}

func checkMark(s string) error {
	if s != "" && !strings.HasSuffix(strings.ToLower(s), ".svg") {
		return errors.New("does not end in .svg")
	}
	return characters(0, 200)(s)
}
