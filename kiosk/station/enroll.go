package station

import (
	"context"
	"errors"
	"fmt"

	"jobhome/drivers/pn532"
)

// ErrNoBadgeReader tells that the settings name no badge reader.
var ErrNoBadgeReader = errors.New("the settings name no badge reader")

// Enroll waits for a badge on the reader and makes its line for the settings.
// Run must not be running. The badge's number goes no further.
func (s *Station) Enroll(ctx context.Context, label string) (string, error) {
	if s.badge == nil {
		return "", ErrNoBadgeReader
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var line string
	var err error
	done := false
	runErr := s.badge.Run(ctx, func(e pn532.Event) {
		switch e.Kind {
		case pn532.Down:
			err = fmt.Errorf("badge reader: %w", e.Err)
		case pn532.Tapped:
			line, err = s.badges.Enroll(label, e.UID)
		default:
			return
		}
		done = true
		stop()
	})
	if !done {
		return "", runErr
	}
	return line, err
}
