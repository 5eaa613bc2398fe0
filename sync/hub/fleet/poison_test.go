package fleet

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"jobhome/sync/record"
	"jobhome/sync/seal"
)

func TestPoisonGetsAVerdictAndBlocksNothing(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		good := code(t)
		moved := k.referral(code(t)) // sealed as 1, sent as 2
		moved.Seq++
		k.seq++
		foreign, _ := seal.NewKey()
		other := k.sealed(record.Bad, fields{})
		other.Key = foreign.Key().ID()
		changed := k.referral(code(t))
		changed.Sealed[len(changed.Sealed)-1] ^= 1
		plain := func(kind, text string) record.Record {
			k.seq++
			return record.Record{Seq: k.seq, Kind: kind, Sealed: []byte(text), At: noon}
		}
		long := plain(record.Survey, `{"v":1}`)
		long.Sealed = bytes.Repeat([]byte("x"), mostSealed+1)
		first := record.Record{Seq: 1, Kind: void, Sealed: []byte(`{"v":1,"why":"http-422"}`), At: noon}
		steps := []struct {
			r    record.Record
			want string
		}{
			{first, ""},
			{moved, cannotOpen},
			{other, unknownKey},
			{changed, cannotOpen},
			{long, badRecord},
			{plain(record.CallBack, `{"v":1,"posting":"p","site":"s","phone":"13800138000","consent":"c","at":"2026-11-25T12:00:00Z"}`), notSealed},
			{plain("wish", `{"v":1}`), unknownKind},
			{k.sealed(record.Referral, fields{"v": 1, "code": "2222222223", "posting": "p", "at": noon}), badPayload},
			{k.sealed(record.Referral, fields{"v": 1, "code": code(t), "at": noon}), badPayload},
			{k.sealed(record.Referral, fields{"v": 1, "code": code(t), "posting": "p\x00", "at": noon}), badPayload},
			{k.sealed(record.State, fields{"v": 1, "code": code(t), "state": "lost", "at": noon}), badPayload},
			{k.sealed(record.Rating, fields{"v": 1, "code": code(t), "rating": "great", "at": noon}), badPayload},
			{k.sealed(record.Bad, fields{"v": 1, "posting": "p-1", "why": "dull", "at": noon}), badPayload},
			{k.sealed(record.CallBack, fields{"v": 1, "posting": "p-1", "site": "s", "phone": "110", "consent": "c", "at": noon}), badPayload},
			{k.sealed(record.Survey, []int{1}), badPayload},
			{k.sealed(record.Survey, fields{"v": 1, "text": strings.Repeat("x", 17<<10)}), badPayload},
			{plain(record.Rating, "\xff"), badPayload},
			{plain(record.Survey, "{\"v\":1,\"q\":\"\xff\"}"), badPayload},
			{k.referral(good), ""},
		}
		var all []record.Record
		for _, s := range steps {
			all = append(all, s.r)
		}
		for _, again := range []record.VerdictState{record.Accepted, record.Duplicate} {
			ack := k.send(k.batch(all...))
			if ack.Watermark != uint64(len(steps)) || len(ack.Verdicts) != len(steps) {
				t.Fatalf("watermark %d, %d verdicts", ack.Watermark, len(ack.Verdicts))
			}
			for i, v := range ack.Verdicts {
				want := again
				if steps[i].want != "" {
					want = record.Rejected
				}
				if v.State != want || v.Code != steps[i].want {
					t.Errorf("record %d: %+v, want %s %s", i+1, v, want, steps[i].want)
				}
			}
		}
		if r := h.find(good); r.Posting != "p-1" {
			t.Errorf("the good one: %+v", r)
		}
		if n := h.count("fleet_referral") + h.count("fleet_callback") + h.count("fleet_survey") + h.count("fleet_complaint"); n != 1 {
			t.Errorf("%d effects", n)
		}
		list, err := h.Terminals(t.Context(), "")
		if err != nil || list[0].Rejected != int64(len(steps)-2) {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// One record that is no JSON of a record does not take its batch with it.
func TestRecordThatCannotBeRead(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		good := code(t)
		text, _ := json.Marshal(k.batch(k.referral(good), k.referral(code(t))))
		text = bytes.Replace(text, []byte(`"seq":2,"kind":"referral"`), []byte(`"seq":2,"kind":7`), 1)
		e, err := h.Accept(t.Context(), From{}, k.signText(text))
		if err != nil {
			t.Fatal(err)
		}
		ack := h.read(e)
		if ack.Watermark != 2 || ack.Verdicts[1].Code != badRecord || ack.Verdicts[0].State != record.Accepted {
			t.Errorf("ack %+v", ack)
		}
		h.find(good)
	})
}

func FuzzBatch(f *testing.F) {
	f.Add([]byte(`{"kiosk":"a","incarnation":"b","records":[{"seq":1,"kind":"state","sealed":"e30=","at":"2026-11-25T12:00:00Z"}],"known":["7K3M9QXD4F"]}`))
	f.Add([]byte(`{"incarnation":"b","records":[{"seq":2},{"seq":1}]}`))
	f.Add([]byte(`{"incarnation":"b","records":[{"seq":1,"SEQ":2}],"status":{"at":"x"}}`))
	key, err := seal.NewKey()
	if err != nil {
		f.Fatal(err)
	}
	fl := &Fleet{o: Opts{Ring: seal.Ring{key.Key().ID(): key}}}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := readBatch(text)
		if err != nil {
			return
		}
		if len(b.seqs) != len(b.Records) {
			t.Fatalf("%d numbers of %d records", len(b.seqs), len(b.Records))
		}
		items := fl.readAll(b, 0, noon)
		for i, it := range items {
			switch {
			case it.seq != b.seqs[i] || i > 0 && it.seq <= items[i-1].seq || it.seq < 1:
				t.Fatalf("number %d of %v", it.seq, b.seqs)
			case it.at <= 0 || it.at > noon.UnixMilli():
				t.Fatalf("time %d", it.at)
			case it.why == "" && it.kind == record.CallBack:
				t.Fatal("a request was taken that was not sealed")
			case it.payload.Phone != "":
				t.Fatal("a number is kept in memory")
			case !plain(it.kind+it.payload.Posting+it.answers, 1<<20):
				t.Fatal("a text that a database cannot hold")
			}
		}
		if s, ok := b.status(); ok && s.At.IsZero() {
			t.Fatal("a status without a time")
		}
	})
}
