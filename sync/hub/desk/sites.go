package desk

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/skip2/go-qrcode"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// place is a site with its terminals.
type place struct {
	fleet.Site
	Terminals []terminal
}

// terminal is one with how it is in one word.
type terminal struct {
	fleet.Terminal
	Health string
}

// health tells how a terminal is: silent ones may stand in the dark, those behind
// are alive and show an old board.
func health(t fleet.Terminal) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked"
	case t.Seen.IsZero():
		return "waiting"
	case t.Stale:
		return "silent"
	case t.Lag > mostLag:
		return "behind"
	}
	return "alive"
}

// mostLag is how many versions a board may be behind before somebody must look.
const mostLag = 2

// healths are how a terminal can be, the worst first.
var healths = []string{"silent", "behind", "waiting", "alive", "revoked"}

type sitesPage struct {
	Places   []place
	Counts   map[string]int
	Healths  []string
	Health   string // only sites that have such a terminal
	MayEnrol bool
	Site     fleet.Site // the form's
	Lat, Lon string
	Tiers    []kiosk.Tier
	Wrong    string
}

// places are the sites that the account is for, those in trouble first.
func (c *call) places() ([]place, error) {
	sites, err := c.Sites.Sites(c.r.Context(), c.session.Account.Area)
	if err != nil {
		return nil, err
	}
	all, err := c.Sites.Terminals(c.r.Context(), c.session.Account.Area)
	if err != nil {
		return nil, err
	}
	var places []place
	at := map[string]int{}
	for _, s := range sites {
		if c.session.Account.Covers(s.Area, s.ID) {
			at[s.ID] = len(places)
			places = append(places, place{Site: s})
		}
	}
	for _, t := range all {
		if i, ok := at[t.Site.ID]; ok {
			places[i].Terminals = append(places[i].Terminals, terminal{t, health(t)})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return a.worst() - b.worst() })
	return places, nil
}

func (p *place) worst() int {
	worst := len(healths)
	for _, t := range p.Terminals {
		if i := slices.Index(healths, t.Health); i >= 0 {
			worst = min(worst, i)
		}
	}
	return worst
}

func (c *call) sites() error {
	return c.sitesPage(sitesPage{Site: fleet.Site{Area: c.session.Account.Area}})
}

func (c *call) sitesPage(p sitesPage) error {
	all, err := c.places()
	if err != nil {
		return err
	}
	p.Counts, p.Healths, p.Health = map[string]int{}, healths, c.r.URL.Query().Get("health")
	for _, s := range all {
		fits := p.Health == ""
		for _, t := range s.Terminals {
			p.Counts[t.Health]++
			fits = fits || t.Health == p.Health
		}
		if fits {
			p.Places = append(p.Places, s)
		}
	}
	p.MayEnrol, p.Tiers = c.session.Account.May(people.Enrol), kiosk.Tiers()
	return c.page("sites.html", "nav.sites", p)
}

// addSite makes a site, within the account's area.
func (c *call) addSite() error {
	p := sitesPage{
		Site: fleet.Site{
			ID: strings.TrimSpace(c.form("id")), Name: strings.TrimSpace(c.form("name")), Tier: kiosk.Tier(c.form("tier")),
			Area: kiosk.Area(strings.TrimSpace(c.form("area"))), Phone: strings.TrimSpace(c.form("phone")),
			Board: strings.TrimSpace(c.form("board")),
		},
		Lat: strings.TrimSpace(c.form("lat")), Lon: strings.TrimSpace(c.form("lon")),
	}
	var err1, err2 error
	if p.Lat != "" || p.Lon != "" {
		p.Site.Location.Lat, err1 = strconv.ParseFloat(p.Lat, 64)
		p.Site.Location.Lon, err2 = strconv.ParseFloat(p.Lon, 64)
	}
	switch {
	case !goodID(p.Site.ID):
		p.Wrong = c.t("site.id.wrong")
	case !goodID(p.Site.Board):
		p.Wrong = c.t("site.board.wrong")
	case p.Site.Name == "" || len(p.Site.Name) > 120:
		p.Wrong = c.t("site.name.wrong")
	case !slices.Contains(kiosk.Tiers(), p.Site.Tier):
		p.Wrong = c.t("site.tier.wrong")
	case p.Site.Area.Check() != nil || !c.session.Account.Covers(p.Site.Area, ""):
		p.Wrong = c.t("imports.area.wrong", areaName(c.session.Account.Area))
	case err1 != nil || err2 != nil || p.Site.Location.Check() != nil:
		p.Wrong = c.t("site.place.wrong")
	}
	if p.Wrong != "" {
		c.status = http.StatusUnprocessableEntity
		return c.sitesPage(p)
	}
	all, err := c.Sites.Sites(c.r.Context(), "")
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(s fleet.Site) bool { return s.ID == p.Site.ID }) {
		// Perhaps one of another area: it must not be written over.
		c.status, p.Wrong = http.StatusConflict, c.t("site.taken")
		return c.sitesPage(p)
	}
	err = c.act(people.Entry{Action: "site.add", Subject: p.Site.ID, Note: p.Site.Name}, func() error {
		return c.Sites.PutSite(c.r.Context(), p.Site)
	})
	if err != nil {
		return c.formPage(err, func(wrong string) error {
			p.Wrong = wrong
			return c.sitesPage(p)
		})
	}
	return c.redirect("/desk/sites/"+p.Site.ID, "site")
}

// goodID reports whether s can name a site in addresses and files.
func goodID(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 40
}

type sitePage struct {
	place
	MayEnrol bool
	Code     *fleet.Code
	QR       template.HTML
	Wrong    string
}

func (c *call) findPlace(id string) (place, error) {
	all, err := c.places()
	if err != nil {
		return place{}, err
	}
	for _, p := range all {
		if p.ID == id {
			return p, nil
		}
	}
	return place{}, postings.ErrUnknown
}

func (c *call) site() error {
	p, err := c.findPlace(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.page("site.html", "site.title", sitePage{place: p, MayEnrol: c.session.Account.May(people.Enrol)})
}

// enrol shows a code that lets one terminal in, once.
func (c *call) enrol() error {
	s, err := c.findPlace(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := sitePage{place: s, MayEnrol: true}
	d := fleet.Draft{Site: s.ID, Terminal: strings.TrimSpace(c.form("terminal")), By: c.session.Account.Name}
	if d.Terminal != "" && !goodID(d.Terminal) {
		c.status, p.Wrong = http.StatusUnprocessableEntity, c.t("site.id.wrong")
		return c.page("site.html", "site.title", p)
	}
	taken, err := c.takenElsewhere(d.Terminal, s.ID)
	if err != nil {
		return err
	}
	if taken {
		c.status, p.Wrong = http.StatusConflict, c.t("enrol.taken")
		return c.page("site.html", "site.title", p)
	}
	err = c.act(people.Entry{Action: "terminal.code", Subject: s.ID, Note: d.Terminal}, func() error {
		code, err := c.Sites.NewCode(c.r.Context(), d)
		p.Code = &code
		return err
	})
	if err != nil {
		return err
	}
	if p.QR, err = qr(enrolText(p.Code)); err != nil {
		return err
	}
	return c.page("site.html", "site.title", p)
}

// enrolText is what the QR code of an enrolment says: the code, the terminal's name
// and the pin of the authority, which the terminal checks the hub against.
func enrolText(c *fleet.Code) string {
	return "jobhome-enrol:" + c.Code + "?" + url.Values{"terminal": {c.Terminal}, "pin": {c.Pin}}.Encode()
}

// qr draws a QR code without a file: one path of black modules.
func qr(text string) (template.HTML, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", fmt.Errorf("draw QR code: %w", err)
	}
	dots := code.Bitmap() // with its quiet zone
	var path strings.Builder
	for y, row := range dots {
		for x, black := range row {
			if black {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return template.HTML(fmt.Sprintf(`<svg class="qr" role="img" aria-label="QR" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<rect width="100%%" height="100%%" fill="#fff"/><path fill="#000" d="%s"/></svg>`, len(dots), len(dots), path.String())), nil
}

// shutOut revokes the certificate of a terminal that is lost.
func (c *call) shutOut() error {
	all, err := c.places()
	if err != nil {
		return err
	}
	why := short(strings.TrimSpace(c.form("why")), 300)
	for _, s := range all {
		i := slices.IndexFunc(s.Terminals, func(t terminal) bool { return t.ID == c.r.PathValue("id") })
		if i < 0 {
			continue
		}
		if why == "" {
			c.status = http.StatusUnprocessableEntity
			return c.page("site.html", "site.title", sitePage{place: s, MayEnrol: true, Wrong: c.t("trouble.reason")})
		}
		id := s.Terminals[i].ID
		err := c.act(people.Entry{Action: "terminal.revoke", Subject: id, Note: why}, func() error {
			return c.Sites.Revoke(c.r.Context(), id, c.session.Account.Name)
		})
		if err != nil {
			return err
		}
		return c.redirect("/desk/sites/"+s.ID, "shut")
	}
	return postings.ErrUnknown
}
