package outboxtest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"jobhome/sync/record"
	"jobhome/sync/trust"
)

// Fault is one way in which the hub fails.
type Fault int

// The faults. Those before DropAck happen before anything is written down.
const (
	NoFault     Fault = iota
	DropRequest       // the line breaks before the hub has read it
	Busy              // 503, again in two minutes
	Limited           // 429, without saying when
	Sick              // 500
	BadWay            // 400 to everything, as a proxy says it
	LogIn             // 302 to a log-in page
	Page              // 200 with a page that is no ack
	DropAck           // written down, and the answer is lost
	Half              // written down, and half of the answer is lost
	Huge              // written down, and an answer without end
	Repeat            // the request comes twice
	Unsigned          // an ack that nobody signed
	WrongKey          // an ack signed by somebody else
	AsBatch           // an ack signed as if it were a batch
	OtherKiosk        // the ack of another terminal
	OtherLedger       // the ack of another incarnation
	StaleNonce        // the ack of another batch
	Yesterday         // an ack of the day before the floor
	Faults            // how many there are
)

// before fails before anything is written, and reports whether it did.
func (f Fault) before(w http.ResponseWriter, r *http.Request) bool {
	switch f {
	case DropRequest:
		panic(http.ErrAbortHandler)
	case Busy:
		w.Header().Set("Retry-After", "120")
		http.Error(w, "busy", http.StatusServiceUnavailable)
	case Limited:
		http.Error(w, "slower", http.StatusTooManyRequests)
	case Sick:
		http.Error(w, "sick", http.StatusInternalServerError)
	case BadWay:
		http.Error(w, "bad request", http.StatusBadRequest)
	case LogIn:
		http.Redirect(w, r, "/login", http.StatusFound)
	case Page:
		_, _ = w.Write([]byte("<html>welcome</html>"))
	default:
		return false
	}
	return true
}

// sign is the answer, as the fault has it.
func (f Fault) sign(batch *record.Batch, ack record.Ack) ([]byte, error) {
	name, kind := "hub", trust.TypeAck
	switch f {
	case DropAck:
		panic(http.ErrAbortHandler)
	case Huge:
		return []byte(strings.Repeat(" ", 2<<20)), nil
	case WrongKey:
		name = "somebody"
	case AsBatch:
		kind = trust.TypeBatch
	case OtherKiosk:
		ack.Kiosk += "x"
	case OtherLedger:
		ack.Incarnation += "x"
	case StaleNonce:
		ack.Nonce = "stale"
	case Yesterday:
		ack.HubTime = ack.HubTime.Add(-24 * time.Hour)
	}
	payload, err := json.Marshal(ack)
	if err != nil {
		return nil, err
	}
	e, err := trust.Seal(kind, payload, trust.NewSigner(Key(name)))
	if f == Unsigned {
		e.Signatures = []trust.Signature{}
	}
	if err != nil {
		return nil, err
	}
	text, err := e.Write()
	if f == Half {
		text = text[:len(text)/2]
	}
	return text, err
}
