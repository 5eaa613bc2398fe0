package session

import "jobhome/kiosk"

// Effect is something the app has to do.
type Effect interface{ effect() }

type (
	// Search asks the board for a page. The answer is Found with the same Seq.
	Search struct {
		Seq   int
		Query kiosk.Query
	}
	// Rank asks for the best postings for a profile. The answer is Found.
	Rank struct {
		Seq      int
		Profile  kiosk.Profile
		Resident kiosk.Resident
		Except   string // an id that is left out
		Offset   int
		Limit    int
	}
	// Suggest asks what the board has for the text so far. The answer is Suggested.
	Suggest struct {
		Seq    int
		Text   string
		Lawful kiosk.Shifts // see kiosk.Query
	}
	// Open asks for a whole posting. The answer is Opened.
	Open struct{ ID string }
	// Draft asks for a picture of the slip as it would be printed, without a
	// code. The answer is Drafted.
	Draft struct {
		Seq        int
		Posting    kiosk.Posting
		MaskedName string
		Metres     float64
		Large      bool
	}
	// ArmReader lets the reader look for a card, which it may only do after consent.
	ArmReader struct{}
	// DisarmReader ends that. The removal of a card that was read is still told.
	DisarmReader struct{}
	// Issue writes a referral down. The answer is Written.
	Issue struct{ Posting string }
	// Print prints the slip of a referral that is written down. The answer is
	// PrintEnded.
	Print struct {
		Code       kiosk.Code
		Posting    kiosk.Posting
		MaskedName string
		Metres     float64
		Large      bool
	}
	// Rate writes a satisfaction down.
	Rate struct {
		Code   kiosk.Code
		Rating kiosk.Rating
	}
	// RequestCall writes down, sealed, that somebody who has agreed wants to be called
	// about a posting. The answer is Noted.
	RequestCall struct{ Posting, Phone string }
	// Complain writes down that somebody says that a posting is bad.
	Complain struct {
		Posting string
		Why     kiosk.Complaint
	}
	// Forget wipes everything of the last person that the app may still hold.
	Forget struct{}
)

func (Search) effect()       {}
func (Rank) effect()         {}
func (Suggest) effect()      {}
func (Open) effect()         {}
func (Draft) effect()        {}
func (ArmReader) effect()    {}
func (DisarmReader) effect() {}
func (Issue) effect()        {}
func (Print) effect()        {}
func (Rate) effect()         {}
func (RequestCall) effect()  {}
func (Complain) effect()     {}
func (Forget) effect()       {}
