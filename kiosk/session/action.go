package session

// Action is what a touch means. The screen puts it on what can be touched; the
// touch sends it back with its argument.
type Action string

// The actions. Those with an argument name it.
const (
	DoStart    Action = "start"    // leave the attract page
	DoHome     Action = "home"     // to the home page
	DoBack     Action = "back"     // to the page before
	DoEnd      Action = "end"      // end the session
	DoStay     Action = "stay"     // I am still here
	DoHelp     Action = "help"     // 找人帮我
	DoStaff    Action = "staff"    // from the help to the staff's PIN
	DoLarge    Action = "large"    // large type on or off
	DoContrast Action = "contrast" // high contrast on or off
	DoLang     Action = "lang"     // the other language

	DoTile     Action = "tile"      // arg: nearby, today, match, trades, search, policy
	DoCard     Action = "card"      // to the consent page
	DoConsent  Action = "consent"   // agree: arm the reader
	DoNoCard   Action = "no-card"   // go on without
	DoTrade    Action = "trade"     // arg: a trade to browse
	DoAnswer   Action = "answer"    // arg: an answer to the question shown
	DoNext     Action = "next"      // answered; the next question
	DoSkip     Action = "skip"      // the next question without an answer
	DoKey      Action = "key"       // arg: a character typed
	DoDelete   Action = "delete"    // the last character
	DoClear    Action = "clear"     // the whole text
	DoKeys     Action = "keys"      // the other keyboard
	DoMoreKeys Action = "more-keys" // further characters
	DoSuggest  Action = "suggest"   // arg: a suggested word
	DoFind     Action = "find"      // list what has the text

	DoPage    Action = "page"     // arg: prev or next
	DoSort    Action = "sort"     // arg: a kiosk.Sort
	DoFilters Action = "filters"  // to the filter page
	DoFilter  Action = "filter"   // arg: group=value
	DoUnfilt  Action = "unfilter" // no filters
	DoShow    Action = "show"     // back to the list
	DoFarther Action = "farther"  // the next distance
	DoLike    Action = "like"     // those that are folded with the posting looked at
	DoSimilar Action = "similar"  // work like that of the posting looked at
	DoOther   Action = "other"    // to what else can be done about a posting
	DoSince   Action = "since"    // what is new since the slip that was shown

	DoPosting   Action = "posting"    // arg: a posting's id
	DoPrint     Action = "print"      // to the confirmation
	DoLargeSlip Action = "large-slip" // the slip in large type or not
	DoConfirm   Action = "confirm"    // issue and print
	DoScan      Action = "scan"       // no slip, the code on the screen is enough
	DoRetry     Action = "retry"      // print the same referral again
	DoRate      Action = "rate"       // arg: a kiosk.Rating
	DoMore      Action = "more"       // look at other postings
	DoDone      Action = "done"       // finished

	DoCallBack Action = "call-back" // to the page for a phone number
	DoSend     Action = "send"      // agree, and be called back
	DoReport   Action = "report"    // to what is wrong with the posting
	DoComplain Action = "complain"  // arg: a kiosk.Complaint

	DoUnlock       Action = "unlock"        // the PIN is typed
	DoTest         Action = "test"          // arg: a Part
	DoTestSlip     Action = "test-slip"     // print a slip that says it is a test
	DoPaperChanged Action = "paper-changed" // a new roll is in the printer
)
