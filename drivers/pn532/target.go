package pn532

import "fmt"

// target is one badge, as InListPassiveTarget describes it (UM0701-02):
// number, SENS_RES, SEL_RES, length of NFCID1, NFCID1, and for ISO 14443-4
// badges the ATS, which is not used.
type target struct {
	uid  [10]byte
	n    int
	atqa [2]byte
	sak  byte
}

// random reports a UID that the badge invents anew each time (ISO 14443-3).
func (t *target) random() bool { return t.n == 4 && t.uid[0] == 0x08 }

func (t *target) wipe() { *t = target{} }

// parseTarget reads an answer that holds one target or none.
func parseTarget(data []byte) (t target, found bool, err error) {
	const head = 6 // up to and with the length of NFCID1
	switch {
	case len(data) >= 1 && data[0] == 0:
		return target{}, false, nil
	case len(data) < head || data[0] != 1:
		return target{}, false, fmt.Errorf("pn532: target of %d bytes: %w", len(data), ErrOdd)
	}
	n := int(data[5])
	if n != 4 && n != 7 && n != 10 || len(data) < head+n {
		return target{}, false, fmt.Errorf("pn532: UID of %d bytes in %d: %w", n, len(data), ErrOdd)
	}
	t.atqa, t.sak, t.n = [2]byte(data[2:4]), data[4], n
	copy(t.uid[:], data[head:head+n])
	return t, true, nil
}
