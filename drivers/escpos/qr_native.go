package escpos

import "fmt"

// QRDialect is a family of QR commands. A printer of one prints the bytes of another
// as text.
type QRDialect string

// The dialects. Masung's are not among them: they differ from model to model and
// begin with 13, which is XOFF.
const (
	// QRGSk is GS ( k functions 167 to 181 (Epson ESC/POS Command Reference).
	QRGSk QRDialect = "gs-k"
	// QRMY628 is GS k 97 v r nL nH d1...dk, with the module set by GS w: version 1 to
	// 17, level 1 to 4, module 2 to 6 dots (manuals of MY-628 and MY-638; the ranges
	// are those of public code for them).
	QRMY628 QRDialect = "my628"
	// QRPOS5802 is ESC Z m n k dL dH d1...dk: version 0 for any, level 0 to 3, module
	// 1 to 8 dots ("58mm Printer Programmer Manual" of POS-5802LD and HOIN; the level's
	// numbers are those of public code for them).
	QRPOS5802 QRDialect = "pos5802"
)

// largest returns the largest module of a dialect in dots, 0 for an unknown one.
func (d QRDialect) largest() int {
	switch d {
	case QRGSk:
		return 16
	case QRMY628:
		return 6
	case QRPOS5802:
		return 8
	}
	return 0
}

func (q NativeQR) check() error {
	most := q.Dialect.largest()
	switch {
	case most == 0 && q.Dialect != "":
		return fmt.Errorf("qr.dialect: %q is not known", q.Dialect)
	case q.MaxModule == 0:
		return nil
	case most == 0:
		return fmt.Errorf("qr.max_module: %d dots without a qr.dialect", q.MaxModule)
	case q.MaxModule < minModule || q.MaxModule > most:
		return fmt.Errorf("qr.max_module: %d dots, the dialect %s wants %d to %d, or 0 for none",
			q.MaxModule, q.Dialect, minModule, most)
	}
	return nil
}

// can reports whether the printer draws a symbol of n modules itself. Only ASCII is
// left to it: printers read other bytes in character codes of their own.
func (q NativeQR) can(payload string, n int) bool {
	if q.MaxModule == 0 || !plainASCII(payload) {
		return false
	}
	return q.Dialect != QRMY628 || symbolVersion(n) <= 17
}

func symbolVersion(modules int) int { return (modules - 17) / 4 }

// append writes the commands for a symbol of level M, at the beginning of a line.
func (q NativeQR) append(out []byte, payload string, f qrFit) []byte {
	n := len(payload)
	switch q.Dialect {
	case QRMY628:
		out = append(out, 0x1D, 'w', byte(f.module))
		// The version is told, as not every manual lets the printer choose it.
		out = append(out, 0x1D, 'k', 'a', byte(symbolVersion(f.m.n)), 2, byte(n), byte(n>>8))
		return append(out, payload...)
	case QRPOS5802:
		out = append(out, 0x1B, 'Z', 0, 1, byte(f.module), byte(n), byte(n>>8))
		return append(out, payload...)
	}
	return appendGSk(out, payload, f.module)
}

// appendGSk writes functions 167, 169, 180 and 181: module size, level M, store, print.
// Model 2, function 165, is what ESC @ has set.
func appendGSk(out []byte, payload string, module int) []byte {
	n := len(payload) + 3
	out = append(out, 0x1D, '(', 'k', 3, 0, '1', 'C', byte(module))
	out = append(out, 0x1D, '(', 'k', 3, 0, '1', 'E', '1')
	out = append(out, 0x1D, '(', 'k', byte(n), byte(n>>8), '1', 'P', '0')
	out = append(out, payload...)
	return append(out, 0x1D, '(', 'k', 3, 0, '1', 'Q', '0')
}
