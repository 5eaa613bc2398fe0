// Package uitest finds, touches and photographs a GTK window as a person
// would, from outside the process, by the accessibility bus (AT-SPI 2) and the
// X server's test extensions.
//
// A Desk is a private screen: an Xvfb server, a session bus and the
// accessibility bus, with a home directory of their own. A program started
// with Desk.Env appears on it. Desk.App finds the program by name; App.Wait
// looks for a button or a label by the words on it; App.TouchNamed presses it
// with real pointer events; Desk.Screenshot takes the picture; a Stopwatch
// measures the time from lifting the finger to the new picture.
//
// The package knows nothing of the program it looks at and imports no toolkit.
// It takes no *testing.T, so a test and a scripted walk-in use it alike. A
// Desk and its App serve one goroutine at a time, as there is one finger.
//
// Sources: the AT-SPI 2 D-Bus interfaces (org.a11y.atspi.Accessible,
// Component, Text; the XML files of at-spi2-core), the X Window System
// Protocol, the XTEST Extension Protocol 2.2 and the DAMAGE Extension
// Protocol 1.1.
package uitest
