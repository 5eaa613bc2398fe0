package app

import "context"

// Beat returns nil when the loop has taken something up and was done with all
// before it; the error is that of ctx. Any goroutine may call it.
func (a *App) Beat(ctx context.Context) error {
	answer := make(chan struct{})
	select {
	case a.beats <- answer:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-answer:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
