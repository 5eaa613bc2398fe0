package config

import (
	"errors"
	"net/url"
	"strings"

	"jobhome/sync/wire"
)

// Hub is where postings come from and records go. All empty: the terminal works
// alone, on what is imported by hand.
type Hub struct {
	URL    string // of the interface for terminals; empty: records wait, or go by stick
	Feed   string // where the board comes from: an address or a directory; empty: by stick only, or by hand
	Board  string // the board's name in the feed
	Root   string // path of the root that the terminal trusts first
	DayMB  int    // the most that the feed may take a day; 0: no limit
	Sticks string // directory below which sticks are mounted; empty: none are read
}

// Fitted reports whether the terminal has a hub at all.
func (h Hub) Fitted() bool { return h.Board != "" }

func hubFields(h *Hub) []field {
	return []field{
		{
			table: "hub", key: "board", value: plain(&h.Board, checkBoardName),
			about:   "The name of the board that this terminal shows. Empty: it has no hub, and postings are imported by hand.",
			allowed: "1 to 32 of 0-9, a-z and -, or nothing",
		},
		{
			table: "hub", key: "feed", value: plain(&h.Feed, checkFeed),
			about:   "Where the board comes from. Empty: from sticks only.",
			allowed: "an http:// or https:// address, an absolute path, or nothing",
		},
		{
			table: "hub", key: "url", value: plain(&h.URL, checkHubURL),
			about:   "The hub's address for terminals, to which records go. Empty: they wait, or go by stick.",
			allowed: "an https:// address without a slash at its end, or nothing",
		},
		{
			table: "hub", key: "root", value: plain(&h.Root, characters(0, 200)),
			about:   "The file with the root of trust that the hub's operator gave with the terminal.",
			allowed: "a path, absolute or from the working directory; needed with board",
		},
		{
			table: "hub", key: "day_mb", value: whole(&h.DayMB, 1, 0, 100000),
			about:   "The most that the feed may take a day, where the line is paid by volume. 0: no limit. What was taken down is always fetched.",
			allowed: "0 to 100000 MB",
		},
		{
			table: "hub", key: "sticks", value: plain(&h.Sticks, checkSticks),
			about:   "The directory below which USB sticks are mounted. Empty: none are read.",
			allowed: "an absolute path, or nothing",
		},
	}
}

func checkBoardName(s string) error {
	if s == "" {
		return nil
	}
	if err := wire.CheckBoard(s); err != nil {
		return errors.New("is no name of a board")
	}
	return nil
}

func checkFeed(s string) error {
	if s == "" || strings.HasPrefix(s, "/") {
		return characters(0, 200)(s)
	}
	return checkAddress(s, "http", "https")
}

func checkHubURL(s string) error {
	if s == "" {
		return nil
	}
	return checkAddress(s, "https")
}

func checkSticks(s string) error {
	if s != "" && !strings.HasPrefix(s, "/") {
		return errors.New("is no absolute path")
	}
	return characters(0, 200)(s)
}

func checkAddress(s string, schemes ...string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(s, "/") || len(s) > 200 {
		return errors.New("is no such address")
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme {
			return nil
		}
	}
	return errors.New("is no such address")
}
