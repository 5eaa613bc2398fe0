package kiosk

// Tier is the kind of place a terminal stands in: the five administrative
// tiers and the two special ones of the "5+2" employment homes.
type Tier string

// The tiers.
const (
	TierProvince Tier = "province"
	TierCity     Tier = "city"
	TierCounty   Tier = "county"
	TierTown     Tier = "town" // 街道、乡镇
	TierVillage  Tier = "village"
	TierZone     Tier = "zone" // 开发区
	TierCollege  Tier = "college"
)

// Tiers lists all tiers.
func Tiers() []Tier {
	return []Tier{TierProvince, TierCity, TierCounty, TierTown, TierVillage, TierZone, TierCollege}
}

// Site is the employment home that a terminal stands in.
type Site struct {
	ID         string
	Name       string // e.g. "茶山街道就业之家"
	Tier       Tier
	Area       Area
	Location   Point
	StaffPhone string
	BaseURL    string // of the posting pages that slips point to, no slash at its end
}
