package session

// The actions of a factory reset.
const (
	DoReset Action = "reset" // from the staff page to the question
	DoKeep  Action = "keep"  // back to the staff page: nothing is wiped
	DoWipe  Action = "wipe"  // wipe everything
)

// LeftBehind answers CountLeft.
type LeftBehind struct {
	At
	N   int   // records, referrals among them, that the hub does not have
	Err error // they could not be counted
}

// ResetFailed answers FactoryReset when it could not be asked for; else the
// terminal restarts.
type ResetFailed struct{ At }

type (
	// CountLeft asks how much would be lost. The answer is LeftBehind.
	CountLeft struct{}
	// FactoryReset has everything wiped that the terminal keeps.
	FactoryReset struct{}
)

func (CountLeft) effect()    {}
func (FactoryReset) effect() {}

// ResetState is the question whether everything is to be wiped.
type ResetState struct {
	Counted bool // Left is known
	Unknown bool // it could not be counted
	Left    int
	Wiping  bool
	Broken  bool // it could not be asked for
}

// CanReset reports whether the staff page offers a factory reset: whoever is there
// has given the PIN, which an installer who has just set the terminal up has not.
func (s State) CanReset() bool { return s.Options.CanReset && s.Visit.Staff.pinned }

// MayWipe reports whether everything may be wiped now: it is known what would be
// lost, and where a service key is fitted it is turned at this moment.
func (s State) MayWipe() bool {
	r := s.Visit.Staff.Reset
	return s.Page == StaffReset && s.CanReset() && (r.Counted || r.Unknown) && !r.Wiping && (!s.Options.KeyFitted || s.KeyOn)
}

func (t *turn) touchReset(e Touch) {
	r := &t.Visit.Staff.Reset
	switch {
	case r.Wiping:
	case e.Do == DoKeep:
		*r = ResetState{}
		t.Page, t.Before, t.Offset = Staff, nil, 0
	case e.Do == DoWipe && t.MayWipe():
		r.Wiping, r.Broken = true, false
		t.do(FactoryReset{})
	}
}

// askReset asks the second question, for which it is counted what would be lost.
func (t *turn) askReset() {
	if !t.CanReset() {
		return
	}
	t.Page, t.Before, t.Offset = StaffReset, nil, 0
	t.Visit.Staff.Reset = ResetState{}
	t.do(CountLeft{})
}

// reset takes the answers.
func (t *turn) reset(e Event) {
	if t.Page != StaffReset {
		return
	}
	r := &t.Visit.Staff.Reset
	switch e := e.(type) {
	case LeftBehind:
		r.Counted, r.Unknown, r.Left = e.Err == nil, e.Err != nil, max(0, e.N)
	case ResetFailed:
		r.Wiping, r.Broken = false, true
	}
}
