package session

// lit is what the lamp has to show now.
func (s State) lit() Lamp {
	switch s.Page {
	case TapCard, Printing:
		return LampOn
	case Take:
		return LampTake
	case Trouble:
		return LampWrong
	case Attract:
		if s.Here { // somebody comes near: here it is
			return LampOn
		}
	}
	return LampOff
}

// signal tells the lamp and the buzzer what has changed.
func (t *turn) signal() {
	lamp := t.lit()
	if lamp == t.lamp && t.buzz == BuzzNone {
		return
	}
	t.lamp = lamp
	t.do(Signal{Lamp: lamp, Buzzer: t.buzz})
}

// presence takes news from the sensor that sees people. Who goes away is asked
// at once whether they are still there; who comes back need not say so.
func (t *turn) presence(e Presence) {
	t.Here = e.Here
	switch {
	case t.Page == Attract || t.Page == Printing:
	case e.Here && t.Warning:
		t.alive()
	case !e.Here && !t.Warning:
		t.Touched, t.Warning = t.Now.Add(-t.idle()), true
	}
}
