package slip

import (
	"fmt"
	"strings"

	"jobhome/kiosk"
)

// MaxPayload is the greatest length of a slip's QR payload in bytes: what a version 4
// symbol holds at error correction level M (ISO/IEC 18004), 33 modules a side.
const MaxPayload = 62

// QRPayload is the address that a slip's QR code points to, <base>/p/<posting>?r=<code>.
// It names the posting and the slip, and no person. It fails if a part is missing or
// has characters that do not belong in an address, or if it is longer than MaxPayload.
func QRPayload(base, postingID string, code kiosk.Code) (string, error) {
	if err := checkPart("referral code", string(code), ""); err != nil {
		return "", err
	}
	return address(base, postingID, "?r="+string(code))
}

// address is the page of a posting, followed by query.
func address(base, postingID, query string) (string, error) {
	base = strings.TrimRight(base, "/")
	if err := checkPart("base address", base, ":/."); err != nil {
		return "", err
	}
	if err := checkPart("posting id", postingID, ""); err != nil {
		return "", err
	}
	s := base + "/p/" + postingID + query
	if over := len(s) - MaxPayload; over > 0 {
		return "", fmt.Errorf("slip: QR address has %d bytes, more than %d: for this posting the base address may have %d",
			len(s), MaxPayload, len(base)-over)
	}
	return s, nil
}

func checkPart(name, value, extra string) error {
	if value == "" {
		return fmt.Errorf("slip: QR address: %s is missing", name)
	}
	for _, c := range value {
		ok := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.ContainsRune("-_"+extra, c)
		if !ok {
			return fmt.Errorf("slip: QR address: %s has the character %q", name, c)
		}
	}
	return nil
}

// ParseQR is the other way round: the posting that a QR code of this site names,
// and the referral code if it is that of a slip. It reports false for any other
// text, of which nothing is to be kept.
func ParseQR(base, text string) (posting string, code kiosk.Code, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), strings.TrimRight(base, "/")+"/p/")
	if !ok {
		return "", "", false
	}
	posting, query, _ := strings.Cut(rest, "?")
	if checkPart("posting id", posting, "") != nil || len(posting) > kiosk.MaxPostingID {
		return "", "", false
	}
	if query == "" {
		return posting, "", true
	}
	r, ok := strings.CutPrefix(query, "r=")
	if !ok {
		return "", "", false
	}
	if code, err := kiosk.ParseCode(r); err == nil {
		return posting, code, true
	}
	return "", "", false
}
