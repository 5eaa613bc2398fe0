package main

import (
	"context"
	"fmt"
	"time"

	"jobhome/drivers/sim"
)

// measurePrint counts from lifting the finger off 打印 to the first byte of the
// slip at the printer. Between the two the referral is written to the disk.
func measurePrint(ctx context.Context, b *bench) error {
	in := toConfirm()
	out := []leg{
		{name: "print", prefix: say("confirm.print"), then: say("take.title")},
		{name: "take → attract", prefix: say("take.done"), then: say("attract.title")},
	}
	if err := b.learn(ctx, in, out); err != nil {
		return err
	}
	p, err := b.startKiosk(ctx, b.bridge)
	if err != nil {
		return err
	}
	defer p.stop()
	note("printing %d slips", b.prints)
	watch, err := b.watch(ctx, 0)
	if err != nil {
		return err
	}
	defer watch.Close()
	t := touches{large: b.width * b.height / 3}
	var took, size figures
	for i := range b.prints + 2 { // two for warming up
		for _, l := range in {
			if err := t.touch(ctx, watch, l, false); err != nil {
				return err
			}
		}
		d, s, err := b.printed(ctx, out[0])
		if err != nil {
			return err
		}
		if i >= 2 {
			took, size = append(took, ms(d)), append(size, float64(len(s.Bytes)))
		}
		if err := rest(ctx, 500*time.Millisecond); err != nil { // the page to take it
			return err
		}
		if err := t.touch(ctx, watch, out[1], false); err != nil {
			return err
		}
	}
	note("a slip as the terminal prints it, with the site's mark: %.0f bytes", size.median())
	b.table.add(row{
		what: "confirm-touch → first byte at the printer", ours: took.tail("ms"),
		peer: "aim as the bound, 50 ms", ratio: fmt.Sprintf("p95 %.2f", took.at(0.95)/50),
		aim: "≤ 50 ms", reached: took.at(0.95) <= 50,
	})
	return nil
}

// printed touches 打印 and waits for the slip.
func (b *bench) printed(ctx context.Context, confirm leg) (time.Duration, sim.Slip, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for len(b.wire.slips) > 0 {
		<-b.wire.slips
	}
	b.wire.arm()
	up, err := b.hand.touch(ctx, confirm.at)
	if err != nil {
		return 0, sim.Slip{}, err
	}
	select {
	case s := <-b.wire.slips:
		if s.Text == "" {
			return 0, s, fmt.Errorf("the slip is empty")
		}
		return b.wire.first().Sub(up), s, nil
	case <-ctx.Done():
		return 0, sim.Slip{}, fmt.Errorf("no slip came out: %w", ctx.Err())
	}
}
