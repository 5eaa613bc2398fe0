// Package match ranks the postings of a board for one resident and says why
// each one has its place.
//
// It is a pure function of its input: no clock, no I/O, nothing remembered.
// What it may compare is bounded by its input. Sex, ethnicity, household and
// address do not exist in [Ask]; they are not allowed as criteria by 《就业促进法》
// 第三条 and 人社部发〔2019〕17号. Of a card only the age counts, and only where
// the law speaks about the age at which anybody may work: 《劳动法》第十五条,
// 第五十八条 and 第六十四条, 《禁止使用童工规定》第二条. From eighteen on, age
// changes nothing.
//
// [Rank] is the definition, and scores every posting. [Table] is a board made
// ready once, which finds the same page without looking at most of it; README.md
// has the figures.
//
// # How the points are given
//
// Every factor that the resident answered gives a reason with points, and the
// points of a posting's reasons sum to its score. A question that was skipped
// adds nothing, but distance and pay are then told as plain facts: met, without
// points. (A wish that was asked and met always has points.) A posting that does not say something is not treated as if it
// had said no: it gets a few points and the fit Unknown. The points are whole
// numbers in points.go, few enough to be read at a glance.
//
// # What is hard and what is not
//
//   - An expired posting is left out, and so is everything for a resident
//     below the working age ([Ask.Barred]).
//   - Residents of sixteen and seventeen (未成年工) see no posting that is
//     worked only at night or in turns that name the night. Turns that do not
//     say so stay, marked Partly: the employer has to be asked first.
//   - The distance is strict. A posting farther away than was asked stays at
//     the end of the ranking, so that the screen can offer to look farther, but
//     it is never above one that lies within, whatever else it offers.
//   - So are papers, within it: whoever says what certificates they hold sees a
//     posting that asks for another one below all that they may begin, with what
//     is lacking and a course that gives it, if one is known.
//   - Schooling is not hidden. A posting that asks for more than the resident
//     has is put low and says so ("要求高中"). Workshops often write 高中 and
//     take a good hand with 初中, and a person who knows the place may want to
//     ask; but nobody should walk there believing that it is no matter.
package match
