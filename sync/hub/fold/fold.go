// Package fold finds postings that are the same work offered by several sources:
// the same employer by its credit code or normalised name, the same head words of
// the title, the same place, and pay that is compatible. A hub shows one of them
// and lists the sources of all.
//
// [Groups] never compares every posting with every other: postings meet in blocks
// of one employer, title, county and channel, and inside a block are swept in the
// order of their pay. Whole groups are compatible, not only neighbours: all pay
// ranges of a group have a figure in common, and no two of its places contradict
// each other. The result does not depend on the order of the postings.
package fold

import (
	"cmp"
	"slices"
	"strings"

	"jobhome/kiosk"
)

// Group is one offer of work that several sources have.
type Group struct {
	Members []int          // places in the slice that was given, the one to show first
	Sources []kiosk.Source // of the members, each once, in their order
}

// Groups returns the offers that at least two sources have, in the order of the
// first member's place. It takes n log n steps.
func Groups(all []kiosk.Posting) []Group {
	employers := employersOf(all)
	blocks := map[blockKey][]int{}
	for i := range all {
		k, ok := keyOf(&all[i], employers[i])
		if ok {
			blocks[k] = append(blocks[k], i)
		}
	}
	var groups []Group
	for _, members := range blocks {
		if sourcesIn(all, members) < 2 {
			continue
		}
		for _, place := range byPlace(all, members) {
			for _, g := range byPay(all, place) {
				if sourcesIn(all, g) > 1 {
					groups = append(groups, groupOf(all, g))
				}
			}
		}
	}
	slices.SortFunc(groups, func(a, b Group) int { return a.Members[0] - b.Members[0] })
	return groups
}

// blockKey is what postings of one group have alike.
type blockKey struct {
	employer int
	title    string
	county   kiosk.Area
	channel  kiosk.Channel
}

// keyOf returns the block that a posting belongs to; ok is false where it says
// too little to be told from others.
func keyOf(p *kiosk.Posting, employer int) (k blockKey, ok bool) {
	k = blockKey{employer: employer, title: Title(p.Title), county: p.Area[:min(6, len(p.Area))], channel: p.Channel}
	return k, employer >= 0 && k.title != "" && k.county != ""
}

// sourcesIn counts the different sources of postings; those without one count as
// one.
func sourcesIn(all []kiosk.Posting, members []int) int {
	names := map[string]bool{}
	for _, i := range members {
		names[all[i].Source.Name] = true
	}
	return len(names)
}

// byPlace splits a block by town. What names only the county goes with the town
// where there is one, and stays by itself where there are several.
func byPlace(all []kiosk.Posting, members []int) [][]int {
	towns := map[kiosk.Area][]int{}
	for _, i := range members {
		t := all[i].Area.Town()
		towns[t] = append(towns[t], i)
	}
	coarse := towns[""]
	delete(towns, "")
	if len(towns) == 1 {
		for t := range towns {
			towns[t] = append(towns[t], coarse...)
		}
	} else if len(coarse) > 0 {
		towns[""] = coarse
	}
	var parts [][]int
	for _, m := range towns {
		parts = append(parts, m)
	}
	return parts
}

// byPay splits postings into sets of which all pay ranges have a figure in
// common, sweeping them by their lower end. What gives no comparable pay goes with
// the others where they are one set, and stays by itself where they are several.
func byPay(all []kiosk.Posting, members []int) [][]int {
	type offer struct {
		i      int
		lo, hi kiosk.Fen
	}
	var paid []offer
	var unknown []int
	for _, i := range members {
		lo, hi, ok := all[i].Pay.Monthly()
		if !ok {
			unknown = append(unknown, i)
			continue
		}
		paid = append(paid, offer{i, lo, hi})
	}
	slices.SortFunc(paid, func(a, b offer) int { return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi)) })
	var sets [][]int
	var top kiosk.Fen // the upper end that the open set has in common
	for _, o := range paid {
		if len(sets) == 0 || o.lo > top {
			sets, top = append(sets, nil), o.hi
		}
		last := len(sets) - 1
		sets[last] = append(sets[last], o.i)
		top = min(top, o.hi)
	}
	switch {
	case len(unknown) == 0:
	case len(sets) == 1:
		sets[0] = append(sets[0], unknown...)
	default:
		sets = append(sets, unknown)
	}
	return sets
}

// groupOf puts the members in order, the one that says most first, and lists
// their sources.
func groupOf(all []kiosk.Posting, members []int) Group {
	slices.SortFunc(members, func(a, b int) int { return better(&all[a], &all[b]) })
	g := Group{Members: members}
	for _, i := range members {
		if s := all[i].Source; !slices.Contains(g.Sources, s) {
			g.Sources = append(g.Sources, s)
		}
	}
	return g
}

// better orders the postings of a group: by how much they say, then the fresher
// one, then by what they are, so that the order of the slice plays no part.
func better(a, b *kiosk.Posting) int {
	return cmp.Or(
		cmp.Compare(said(b), said(a)),
		b.Published.Compare(a.Published),
		strings.Compare(a.Source.Name, b.Source.Name),
		strings.Compare(a.Source.Ref, b.Source.Ref),
		strings.Compare(a.ID, b.ID),
		strings.Compare(a.Title, b.Title),
		strings.Compare(a.Description, b.Description),
		strings.Compare(a.Employer.Name, b.Employer.Name),
		cmp.Compare(a.Pay.Min, b.Pay.Min),
		cmp.Compare(a.Pay.Max, b.Pay.Max),
	)
}

// said counts the things that a posting says and many do not.
func said(p *kiosk.Posting) int {
	n := 0
	for _, has := range []bool{
		p.Employer.CreditCode != "", p.Address != "", p.Location.Known(), len(p.Area) > 6, p.Pay.Max > 0, p.Hours != "",
		p.Requirements != "", p.Description != "", p.Contact.Phone != "", p.Headcount > 0, p.Benefits != 0, p.Shifts != 0,
	} {
		if has {
			n++
		}
	}
	return n
}
