// Package scanner drives one 2D code scanner of the GM65/GM66 class (Hangzhou
// Grow, "GM65 Bar Code Reader Module User Manual" V1.3) on a serial line: UART
// at 9600 8N1, or USB as a virtual serial port (CDC). A scanner set to be a
// keyboard is not driven: it types into whatever has the focus, and loses
// Chinese on the way.
//
// A scanner only speaks. What it has read arrives as bytes that end with CR, LF
// or a silence. It cannot be asked how it is, and a byte sent to an unknown
// model may mean anything there, so Ready says no more than that the line is
// open; only with Opts.Configure, for a model that is known to have the GM65's
// registers, does it also say that the scanner answered.
//
// # Privacy
//
// People hold the wrong code to the window: the payment code of a phone, an
// electronic social security card. Text exists only while the event is handed
// over and is overwritten afterwards. Payment codes are not handed over at all.
// To know a code held still again, the driver keeps a keyed hash of it for a
// few seconds. No error and no event of another kind contains anything of it.
package scanner
