package match

import "jobhome/kiosk"

// neighbours are pairs of trades between which people move without learning a
// new craft. It is our own judgement, not part of any classification; a trade
// that is not named has no neighbour.
var neighbours = [...][2]kiosk.Trade{
	{"garment", "textile"},
	{"electronics", "electrician"},
	{"electrician", "repair"},
	{"machinery", "welding"},
	{"machinery", "repair"},
	{"construction", "welding"},
	{"shop", "sales"},
	{"shop", "restaurant"},
	{"restaurant", "cook"},
	{"food", "cook"},
	{"care", "childcare"},
	{"care", "cleaning"},
	{"care", "medical"},
	{"childcare", "teacher"},
	{"cleaning", "property"},
	{"security", "property"},
	{"courier", "driver"},
	{"courier", "warehouse"},
	{"office", "finance"},
	{"office", "it"},
}

func neighbouring(a, b kiosk.Trade) bool {
	for _, n := range neighbours {
		if n == [2]kiosk.Trade{a, b} || n == [2]kiosk.Trade{b, a} {
			return true
		}
	}
	return false
}
