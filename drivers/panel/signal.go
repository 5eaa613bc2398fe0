package panel

import "time"

// LampMode is how the lamp shines.
type LampMode uint8

// The modes.
const (
	LampOff  LampMode = iota
	LampOn            // steady
	LampSlow          // 1 s on, 1 s off: take your slip
	LampFast          // 0.2 s on, 0.2 s off: trouble
)

// Sound is what the buzzer says.
type Sound uint8

// The sounds.
const (
	Short  Sound = iota + 1 // 80 ms
	Long                    // 600 ms
	Double                  // twice 80 ms
)

// beat is a level of an output and how long it lasts.
type beat struct {
	on   bool
	long time.Duration
}

// refresh is how often an output that does not change is driven anew.
const refresh = 10 * time.Second

// beats are repeated until the mode changes. The fast ones are 2.5 flashes a
// second; up to three are harmless to photosensitive people (WCAG 2.2, 2.3.1).
func (m LampMode) beats() []beat {
	switch m {
	case LampOn:
		return []beat{{true, refresh}}
	case LampSlow:
		return []beat{{true, time.Second}, {false, time.Second}}
	case LampFast:
		return []beat{{true, 200 * time.Millisecond}, {false, 200 * time.Millisecond}}
	}
	return []beat{{false, refresh}}
}

// beats are played once. They end with a silence, so that two sounds stay two.
func (s Sound) beats() []beat {
	const short = 80 * time.Millisecond
	switch s {
	case Short:
		return []beat{{true, short}, {false, short}}
	case Long:
		return []beat{{true, 600 * time.Millisecond}, {false, short}}
	case Double:
		return []beat{{true, short}, {false, short}, {true, short}, {false, short}}
	}
	return nil
}
