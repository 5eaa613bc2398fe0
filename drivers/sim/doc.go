// Package sim is the terminal's devices made of software, at byte level: a
// resident-ID-card reader that speaks SAM_V frames (the serial protocol of the
// GA 467 security module) and a receipt printer that interprets ESC/POS.
//
// A simulator knows nothing of the drivers it is used with. It reads and
// answers bytes on whatever carries them: a pseudo terminal (OpenPTY), so that
// a program opens it as a real serial device file, or an in-process wire
// (Pipe). So the driver that ships is the driver that runs in every test and in
// the demonstration.
//
// The people on the simulated cards do not exist; see People.
package sim
