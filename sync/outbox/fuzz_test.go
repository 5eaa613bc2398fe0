package outbox_test

import (
	"net/http"
	"testing"

	"jobhome/sync/outbox"
	"jobhome/sync/outbox/outboxtest"
	"jobhome/sync/trust"
)

// FuzzAnswer answers a terminal with anything, from the network and on a stick:
// nothing is deleted, put aside or believed.
func FuzzAnswer(f *testing.F) {
	signed, err := trust.Seal(trust.TypeAck, []byte(`{"kiosk":"k-1","incarnation":"i-1","nonce":"n","hub_time":"2026-11-25T12:00:00Z","watermark":3}`),
		trust.NewSigner(outboxtest.Key("hub")))
	if err != nil {
		f.Fatal(err)
	}
	text, err := signed.Write()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(200, text)
	f.Add(200, []byte(`{"payloadType":"application/vnd.jobhome.ack+json","payload":"e30=","signatures":[]}`))
	f.Add(422, []byte("{}"))
	f.Add(413, []byte(nil))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 100 || status > 599 || status > 100 && status < 200 {
			return
		}
		ledger, hears := &outboxtest.Memory{}, &outboxtest.Trust{}
		ledger.Write(3)
		answers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); _, _ = w.Write(body) })
		box, err := outbox.New(outbox.Options{
			Hub: "https://hub.example", Kiosk: "k-1", Incarnation: "i-1", Signer: trust.NewSigner(outboxtest.Key("k-1")),
			Client: &http.Client{Transport: outboxtest.Transport{Handler: answers}},
			Ledger: ledger, Outcomes: ledger, Trust: hears, State: &outboxtest.State{},
		})
		if err != nil {
			t.Fatal(err)
		}
		if box.Round(t.Context()) == nil {
			t.Error("the round went through")
		}
		if p, _ := ledger.Pending(t.Context(), 9); len(p) != 3 || len(ledger.Aside()) != 0 || len(hears.Acks()) != 0 || len(ledger.Heard()) != 0 {
			t.Errorf("%d wait, aside %v, believed %v", len(p), ledger.Aside(), hears.Acks())
		}
	})
}
