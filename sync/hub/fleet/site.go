package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/wire"
)

// Site is an employment home that has terminals, and the board that they show.
type Site struct {
	ID       string
	Name     string
	Tier     kiosk.Tier
	Area     kiosk.Area
	Location kiosk.Point
	Phone    string
	Board    string
}

// Check returns what is wrong with the site, or nil.
func (s *Site) Check() error {
	var errs []error
	if s.ID == "" || len(s.ID) > 32 || strings.Trim(s.ID, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
		errs = append(errs, fmt.Errorf("%.40q is no id of a site: 1 to 32 of letters, digits and -", s.ID))
	}
	if s.Name == "" || !plain(s.Name, 100) || !plain(s.Phone, 40) {
		errs = append(errs, errors.New("the site has no name, or its name or phone is too long"))
	}
	if !slices.Contains(kiosk.Tiers(), s.Tier) {
		errs = append(errs, fmt.Errorf("%.40q is no tier", s.Tier))
	}
	return errors.Join(append(errs, s.Area.Check(), s.Location.Check(), wire.CheckBoard(s.Board))...)
}

// plain reports whether both databases can hold the text, and its length in bytes
// is at most that.
func plain(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.Contains(s, "\x00")
}

// PutSite writes a site, new or anew.
func (f *Fleet) PutSite(ctx context.Context, s Site) error {
	if err := s.Check(); err != nil {
		return fmt.Errorf("fleet: site: %w: %w", ErrInvalid, err)
	}
	return f.update(ctx, "site", func(tx *hubdb.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO fleet_site (id, name, tier, area, lat, lon, phone, board) VALUES (?,?,?,?,?,?,?,?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, tier = excluded.tier, area = excluded.area,
			lat = excluded.lat, lon = excluded.lon, phone = excluded.phone, board = excluded.board`,
			s.ID, s.Name, string(s.Tier), string(s.Area), s.Location.Lat, s.Location.Lon, s.Phone, s.Board)
		return err
	})
}

const selectSite = `SELECT id, name, tier, area, lat, lon, phone, board FROM fleet_site`

func (s *Site) fields() []any {
	return []any{&s.ID, &s.Name, &s.Tier, &s.Area, &s.Location.Lat, &s.Location.Lon, &s.Phone, &s.Board}
}

// Sites are those in an area, in the order of their areas.
func (f *Fleet) Sites(ctx context.Context, in kiosk.Area) ([]Site, error) {
	var list []Site
	like, err := within(in)
	if err != nil {
		return nil, fmt.Errorf("fleet: sites: %w", err)
	}
	err = f.view(ctx, "sites", func(tx *hubdb.Tx) error {
		list = nil
		return tx.Each(ctx, func(scan func(...any) error) error {
			var s Site
			err := scan(s.fields()...)
			list = append(list, s)
			return err
		}, selectSite+` WHERE area LIKE ? ORDER BY area, id`, like)
	})
	return list, err
}
