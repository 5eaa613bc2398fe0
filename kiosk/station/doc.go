// Package station is the terminal's devices together: it opens those that the
// settings name, watches them, turns what they say into the session's events,
// tests them, and knows how each one is.
//
// Every device has a part in session.Part and a file here. A device that is not
// in the settings is not fitted, which is no fault; one that is, and does not
// answer, is a fault that has a name and a sentence in the catalogue. What a
// driver says of a person ends here: a card becomes a masked name and a birth
// date, a badge a label, a scanned code a posting or nothing.
package station
