package main

import (
	"testing"
	"testing/synctest"
)

// On a line that is faster than the head nothing may be lost: the head never
// waits for the driver.
func TestFastLineIsCutAtTheBound(t *testing.T) {
	for _, p := range papers() {
		t.Run(p.title, func(t *testing.T) {
			w, err := newWorks(p, nil)
			if err != nil {
				t.Fatal(err)
			}
			s := &side{w: w, own: true}
			if s.last, err = w.encode(w.encoder, 0); err != nil {
				t.Fatal(err)
			}
			if s.reading, err = readSlip(w, s.last, 0); err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				const rate = 800_000
				took, err := pressOne(t.Context(), s, rate)
				if err != nil {
					t.Fatal(err)
				}
				if bound := s.bound(len(s.last), rate); ms(took) > 1.02*bound || ms(took) < bound {
					t.Errorf("cut after %.0f ms, bound %.0f ms", ms(took), bound)
				}
			})
		})
	}
}

// A card is never read faster than its bytes go over the line, and later by no
// more than a poll and the look that found nothing.
func TestCardIsReadWithinOnePoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const baud, look = 19200, 25 * bitsPerByte * 1000.0 / 19200
		took, err := readCards(t.Context(), baud, 20, 1)
		if err != nil {
			t.Fatal(err)
		}
		n, err := cardBytes()
		if err != nil {
			t.Fatal(err)
		}
		bound := ms(wireTime(n, baud/bitsPerByte))
		for _, f := range took {
			if f < bound || f > bound+ms(pollEvery)+look+20 {
				t.Errorf("read after %.0f ms, bound %.0f ms", f, bound)
			}
		}
	})
}
