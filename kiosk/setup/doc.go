// Package setup is the pure state machine of a terminal's first boot: a terminal
// that knows nothing yet asks for its site's profile, says in plain words what it
// was brought, and takes it when somebody says that it is right. [Step] has no
// clock, no I/O and no goroutine, as in package session, whose actions it shares.
//
// What always holds, and is fuzzed: nothing is taken that was not shown and said
// yes to; typing is offered only after the PIN; what was typed is not kept after it
// was handed on; every page has a way out.
package setup
