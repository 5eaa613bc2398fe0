package desk

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"jobhome/sync/enrol"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/sheet"
)

// sheetPage is the form of a new terminal, or what it is set up with: one page of
// A4 to be printed.
type sheetPage struct {
	place
	Form                       sheet.Wishes
	Terminal                   string
	Readers, Printers, Scanner []sheet.Preset
	Rotations                  []string
	Wrong                      string

	Code *fleet.Code // of a sheet that was made; nil: the form
	QR   template.HTML
	Hub  string
	Seal string // what is typed where nothing can be scanned
}

func (c *call) newSheet(p place) sheetPage {
	return sheetPage{
		place: p, Readers: sheet.Readers(), Printers: sheet.Printers(), Scanner: sheet.Scanners(),
		Rotations: []string{"0", "90", "180", "270"}, Terminal: strings.TrimSpace(c.r.FormValue("terminal")),
	}
}

// sheetForm asks what a new terminal is to be told.
func (c *call) sheetForm() error {
	s, err := c.findPlace(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := c.newSheet(s)
	p.Form = sheet.Wishes{Scanner: p.Scanner[0].Address, Printer: p.Printers[0].Address, Reader: p.Readers[0].Address}
	return c.page("sheet.html", "sheet.title", p)
}

// makeSheet gives out a code and shows the sheet with it, once. Everything is
// checked before, so that no code is given out for nothing.
func (c *call) makeSheet() error {
	s, err := c.findPlace(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := c.newSheet(s)
	p.Form = sheet.Wishes{
		Reader: c.form("reader"), Printer: c.form("printer"), Scanner: c.form("scanner"), Panel: c.form("panel") != "",
		Rotation: c.form("rotation"), SSID: c.form("ssid"), Passphrase: c.form("passphrase"), Hidden: c.form("hidden") != "",
		Address: strings.TrimSpace(c.form("address")), Gateway: strings.TrimSpace(c.form("gateway")), DNS: strings.TrimSpace(c.form("dns")),
		PIN: strings.TrimSpace(c.form("pin")),
	}
	taken, err := c.takenElsewhere(p.Terminal, s.ID)
	if err != nil {
		return err
	}
	hub, err := c.Hub()
	if err != nil {
		return err
	}
	switch wrong := sheet.Check(hub, s.Site, p.Form); {
	case p.Terminal != "" && !goodID(p.Terminal):
		p.Wrong = c.t("site.id.wrong")
	case taken:
		p.Wrong = c.t("enrol.taken")
	case wrong != nil:
		p.Wrong = c.wrongSheet(wrong)
	}
	if p.Wrong != "" {
		c.status = http.StatusUnprocessableEntity
		return c.page("sheet.html", "sheet.title", p)
	}
	d := fleet.Draft{Site: s.ID, Terminal: p.Terminal, By: c.session.Account.Name}
	err = c.act(people.Entry{Action: "terminal.sheet", Subject: s.ID, Note: p.Terminal}, func() error {
		code, err := c.Sites.NewCode(c.r.Context(), d)
		p.Code = &code
		return err
	})
	if err != nil {
		return err
	}
	made, err := sheet.Make(hub, s.Site, *p.Code, p.Form)
	if err != nil {
		return err
	}
	text, err := made.Text()
	if err != nil {
		return err
	}
	p.Hub, p.Form.PIN = strings.TrimPrefix(hub.URL, "https://"), ""
	if p.Seal, err = enrol.Seal(p.Code.Pin); err != nil {
		return err
	}
	if p.QR, err = qr(text); err != nil {
		return err
	}
	return c.page("sheet.html", "sheet.title", p)
}

// takenElsewhere reports whether a terminal of that name is another site's: a new
// key would shut that one out.
func (c *call) takenElsewhere(id, site string) (bool, error) {
	all, err := c.Sites.Terminals(c.r.Context(), "")
	return slices.ContainsFunc(all, func(t fleet.Terminal) bool { return id != "" && t.ID == id && t.Site.ID != site }), err
}

// wrongSheet says which line of the form is wrong.
func (c *call) wrongSheet(err error) string {
	var w *sheet.Wrong
	if !errors.As(err, &w) {
		return err.Error()
	}
	key := "sheet.wrong." + strings.NewReplacer(".", "-", "_", "-").Replace(w.Key)
	if !hasWord(key) {
		return c.t("sheet.wrong.other", w.Key)
	}
	return c.t(key)
}
