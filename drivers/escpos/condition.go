package escpos

// Condition is a Status as the one thing about a printer that people have to know.
type Condition string

// The conditions, the most pressing first.
const (
	ConditionUnknown      Condition = "unknown"        // has not said enough; never to be shown as ready
	ConditionCoverOpen    Condition = "cover-open"     // close it
	ConditionPaperOut     Condition = "paper-out"      // put paper in
	ConditionCutter       Condition = "cutter"         // paper or a slip is stuck at the cutter
	ConditionOverheated   Condition = "overheated"     // wait
	ConditionOffline      Condition = "offline"        // takes no data, without a reason named above
	ConditionSlipNotTaken Condition = "slip-not-taken" // prints, and somebody left a slip
	ConditionPaperLow     Condition = "paper-low"      // prints, and needs paper soon
	ConditionReady        Condition = "ready"
)

// Condition names the one thing to tell people. A fault comes before what is only
// a remark, and among faults the one that somebody has to deal with first: with
// the cover up the paper sensor sees no paper, so the cover is named before the
// paper, and a cutter is not freed in a printer that lacks paper. Heat passes by
// itself. What is left is a printer that is off line and does not say why. A
// status that has no fault and yet is not ready is unknown.
func (s Status) Condition() Condition {
	switch {
	case s.Unknown():
		return ConditionUnknown
	case s.CoverOpen:
		return ConditionCoverOpen
	case s.PaperOut:
		return ConditionPaperOut
	case s.Cutter, s.Jam:
		return ConditionCutter
	case s.Overheated && !s.Unrecoverable:
		return ConditionOverheated
	case s.Fault():
		return ConditionOffline
	case !s.Ready():
		return ConditionUnknown
	case s.SlipNotTaken:
		return ConditionSlipNotTaken
	case s.PaperLow:
		return ConditionPaperLow
	}
	return ConditionReady
}
