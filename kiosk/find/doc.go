// Package find searches a board as people ask: by lay words and old names, by
// pinyin and with slips of the pen, and where a query finds nothing, by the
// nearest query that does. It never does so silently: [kiosk.Results.Rescue]
// says what was changed, and a query that finds what it means is left as it is.
//
// What was typed is taken in half-width letters, parted at commas and the like as at
// spaces, and each word once; hits and rescues name the words in this form.
//
// Words that mean something of a posting's fields (kiosk/asking: 包住, 夜班, 日结) and
// lay words for an occupation are met by the field or by the words of a posting,
// and what a word means comes before what happens to hold it ([kiosk.Query.Means]).
// [kiosk.Item.Hits] says which.
//
// The steps of a rescue are those of [kiosk.RescueSteps], in their order; the
// first that finds something ends it. Each changes one thing:
//
//   - spelling: words that stand in no posting are taken for like ones: for what
//     they are the pinyin, the initials or a misspelling of, or for the words that
//     are written as one, without those that say nothing (想找个包住的厂 asks for 包住
//     and 厂; a text with something in it that nobody knows is not parted). Letters
//     and slips that may be several words alike are taken for all of them, and To
//     names them. Few letters that stand only inside of longer ones are respelled
//     too (ba in PCBA), though the query finds something; a wrong character among
//     two is not, what it may be is offered by Suggest. When the words exist but the
//     filters leave none of them, or nothing has all of them, the later steps go on
//     with them.
//   - distance: the next of [kiosk.DistanceBands] that has something, then no limit.
//   - filter: one of shift, benefit, channel, school, pay, area, in this order:
//     what people give up more easily comes first. Hours without night work are
//     widened to all but night work, and [kiosk.Query.Lawful] always stays.
//   - word: as few words as can be are left out; of the ways to do so one that
//     keeps a word that is no place comes first, then one that leaves out a place,
//     then the one that finds the fewest, which is the most specific. Words that
//     say nothing about the work (找工作) are all left out.
//   - related: a word that names an occupation is taken for its 小类 in the
//     职业分类大典, then for its trade.
//
// A list that was rescued is turned like any other: what is done follows from
// the query without its offset and limit, and from the board.
package find
