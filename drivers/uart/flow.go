package uart

import (
	"errors"
	"fmt"

	puart "periph.io/x/conn/v3/uart"
)

// ErrFlowByte means that a byte cannot go over a line under XON/XOFF, because it
// is one of the two that stop and start such a line.
var ErrFlowByte = errors.New("a byte that XON/XOFF takes for itself")

// Carries reports whether data can go over a line set like this. Under
// puart.XOnXOff the two characters of the flow control, 11h and 13h unless others
// were chosen, are no data; every picture and QR code for a printer has them
// sooner or later. The error wraps ErrFlowByte and says where the first one is and
// what to do. A job that is written in pieces is asked about as a whole, before the
// first piece has left.
//
// The other direction needs no care with a receipt printer: none of its status
// bytes is 11h or 13h. What arrives of the two, the kernel takes.
func (o Opts) Carries(data []byte) error {
	if flowKind(o.Flow) != puart.XOnXOff {
		return nil
	}
	xon, xoff := flowBytes(o.Flow)
	for i, b := range data {
		if b == xon || b == xoff {
			return fmt.Errorf("byte %d of %d is %02Xh: %w (wire RTS/CTS and set flow=rtscts, or take flow=none)", i, len(data), b, ErrFlowByte)
		}
	}
	return nil
}

// flowBytes are the characters that start and stop the line.
func flowBytes(f puart.Flow) (xon, xoff byte) {
	xon, xoff = byte(f>>8), byte(f)
	if xon == 0 && xoff == 0 {
		xon, xoff = 0x11, 0x13 // DC1 and DC3, the usual pair
	}
	return xon, xoff
}
