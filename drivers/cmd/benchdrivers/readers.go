package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/sim"
)

const (
	pollEvery  = 300 * time.Millisecond // the driver's own pause between two looks
	benches    = 2                      // readers that share the placements on a line
	exactCards = 200                    // placements on a line with the exact clock
	cardLimit  = 15 * time.Second       // a card that takes longer will not be read
)

// bauds are the speeds a module can be set to, without 38400, which is between.
func bauds() []int { return []int{9600, 19200, 57600, 115200} }

// measureReaders is the reader's part.
func measureReaders(ctx context.Context, o options, c clock) ([]table, error) {
	exact, real := map[int]figures{}, map[int]figures{}
	note("laying down %d cards on each of %d lines, with an exact clock", exactCards, len(bauds()))
	for _, baud := range bauds() {
		err := c.exact(func(ctx context.Context) (err error) {
			exact[baud], err = readCards(ctx, baud, exactCards, uint64(baud))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%d baud: %w", baud, err)
		}
	}
	if o.real {
		note("laying down %d cards on each of %d lines in real time", o.placements, len(bauds()))
		var err error
		if real, err = readReal(ctx, o); err != nil {
			return nil, err
		}
	}
	t, err := readerTable(exact, real)
	return []table{t}, err
}

// readReal uses all readers at the same time: they wait nearly always.
func readReal(ctx context.Context, o options) (map[int]figures, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		took = map[int]figures{}
	)
	for _, baud := range bauds() {
		for i := range benches {
			n := o.placements / benches
			if i < o.placements%benches {
				n++
			}
			wg.Go(func() {
				f, err := readCards(ctx, baud, n, uint64(baud+i))
				if err != nil {
					cancel(fmt.Errorf("%d baud: %w", baud, err))
				}
				mu.Lock()
				defer mu.Unlock()
				took[baud] = append(took[baud], f...)
			})
		}
	}
	wg.Wait()
	return took, context.Cause(ctx)
}

func readerTable(exact, real map[int]figures) (table, error) {
	n, err := cardBytes()
	if err != nil {
		return table{}, err
	}
	t := table{
		title: fmt.Sprintf("Card laid down → read, %d cards at random moments on each line. Bound: the %d bytes of find, select and read on the line, both ways. One poll: %d ms.",
			exactCards, n, pollEvery.Milliseconds()),
		head: []string{"line", "bound", "median", "worst", "worst − bound", "≤ one poll", "in real time: median", "worst", "cards"},
	}
	for _, baud := range bauds() {
		f, r := exact[baud], real[baud]
		bound := ms(wireTime(n, baud/bitsPerByte))
		over := f.max() - bound
		t.add(fmt.Sprintf("%d baud", baud), millis(bound), millis(f.median()), millis(f.max()), millis(over),
			yesNo(over <= ms(pollEvery)), inReal(r, figures.median), inReal(r, figures.max), fmt.Sprint(len(r)))
	}
	return t, nil
}

func inReal(f figures, which func(figures) float64) string {
	if len(f) == 0 {
		return "–"
	}
	return millis(which(f))
}

// readCards lays n cards down, each at a random moment, and returns how many ms
// it took until each was read.
func readCards(ctx context.Context, baud, n int, seed uint64) (figures, error) {
	ctx, cancel := context.WithCancel(ctx)
	reader := sim.NewReader(sim.ReaderOpts{})
	dev := idcard.New(func() (idcard.Wire, error) {
		host, device := newLine(baud / bitsPerByte)
		go func() { _ = reader.Serve(device) }() // ends when the driver closes the line
		return host, nil
	}, idcard.Opts{Baud: baud, Poll: pollEvery})
	events := make(chan idcard.Event, 16)
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = dev.Run(ctx, func(e idcard.Event) { // its error is that of ctx
			select {
			case events <- e:
			case <-ctx.Done():
			}
		})
	})
	defer wg.Wait()
	defer cancel()
	if _, err := await(ctx, events, idcard.Ready); err != nil {
		return nil, err
	}
	dev.Arm()
	dice := rand.New(rand.NewPCG(seed, 1))
	people := sim.People()
	var took figures
	for i := range n {
		// Any phase of the poll, and beyond the first look after arming.
		time.Sleep(500*time.Millisecond + time.Duration(dice.Int64N(int64(2*pollEvery))))
		begin := time.Now()
		reader.Place(people[i%len(people)])
		e, err := await(ctx, events, idcard.Read)
		if err != nil {
			return took, err
		}
		took = append(took, ms(e.At.Sub(begin)))
		reader.Lift()
		if _, err := await(ctx, events, idcard.Removed); err != nil {
			return took, err
		}
	}
	return took, nil
}

// await waits for an event of one kind, and takes a failure for one.
func await(ctx context.Context, events <-chan idcard.Event, kind idcard.Kind) (idcard.Event, error) {
	limit := time.NewTimer(cardLimit)
	defer limit.Stop()
	for {
		select {
		case e := <-events:
			if e.Card != nil {
				e.Card.Wipe()
			}
			switch e.Kind {
			case kind:
				return e, nil
			case idcard.Failed, idcard.NotResident, idcard.Down:
				return e, fmt.Errorf("wait for %v: %v: %w", kind, e.Kind, e.Err)
			}
		case <-limit.C:
			return idcard.Event{}, fmt.Errorf("wait for %v: nothing in %v", kind, cardLimit)
		case <-ctx.Done():
			return idcard.Event{}, errors.Join(fmt.Errorf("wait for %v", kind), context.Cause(ctx))
		}
	}
}
