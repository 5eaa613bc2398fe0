package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"jobhome/sync/record"
)

// What may be wrong with a stick, for errors.Is.
var (
	ErrFull     = errors.New("there is no room left on the stick")
	ErrReadOnly = errors.New("the stick cannot be written to")
	ErrGone     = errors.New("the stick is gone, or cannot be read")
)

// Stick says what was done with a stick. It holds what was done before an error.
type Stick struct {
	Files   int // batches laid down, or acks read
	Records int // that lie on the stick, or that the hub has confirmed
	Old     int // acks to batches that nobody waits for any more
	Foreign int // acks that are not the hub's word to this terminal
}

// mostStick is most records of one file. A stick is not asked whether it was too
// much, so a file is no larger than what a hub takes by network.
const mostStick = 500

// WriteTo lays everything that waits on a stick, in
// up/<kiosk>/<incarnation>-<first>-<last>.json, each file whole or not there. The
// same records may go by network meanwhile. What lay there and was confirmed since
// is removed. A file <incarnation>-0-0.json says how the terminal is when nothing
// waits. Of a full stick the report says how much of it was laid down. A link that
// leads out of the directory is not followed.
func (b *Outbox) WriteTo(ctx context.Context, dir string) (Stick, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var report Stick
	up, err := openIn(dir, path.Join("up", b.o.Kiosk), true)
	if err != nil {
		return report, stickError("write to", err)
	}
	defer func() { _ = up.Close() }()
	list, err := b.o.Ledger.Pending(ctx, 1<<20)
	if err != nil {
		return report, fmt.Errorf("outbox: %w", err)
	}
	if err := b.clear(up, list); err != nil {
		return report, err
	}
	for first := true; first || len(list) > 0; first = false {
		n := fill(list)
		if err := b.lay(ctx, up, list[:n], !first); err != nil {
			return report, err
		}
		report.Files++
		report.Records += n
		list = list[n:]
	}
	return report, stickError("write to", syncDir(up))
}

// openIn opens a folder of a stick, which is made where that is wanted. Nothing
// that lies on the stick leads out of it.
func openIn(dir, name string, make bool) (*os.Root, error) {
	stick, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = stick.Close() }()
	if make {
		if err := stick.MkdirAll(name, 0o755); err != nil {
			return nil, err
		}
	}
	return stick.OpenRoot(name)
}

// fill is how many records go into the next file.
func fill(list []record.Record) int {
	n, weight := 0, 0
	for n < min(len(list), mostStick) && (n == 0 || weight+len(list[n].Sealed) <= mostBytes) {
		weight += len(list[n].Sealed)
		n++
	}
	return n
}

// lay writes one batch. It is remembered before it lies on the stick: an ack to it
// must be known whatever happens.
func (b *Outbox) lay(ctx context.Context, up *os.Root, list []record.Record, bare bool) error {
	s, err := b.prepare(ctx, list, bare)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	b.state.Sticks = append(b.state.Sticks, s.laid)
	b.state.Sticks = b.state.Sticks[max(0, len(b.state.Sticks)-mostLaid):]
	if err := b.save(); err != nil {
		return fmt.Errorf("outbox: remember what lies on the stick: %w", err)
	}
	name := fmt.Sprintf("%s-%d-%d.json", b.o.Incarnation, s.First, s.Last)
	return stickError("write to", replace(up, name, s.text))
}

// clear removes the batches of this ledger that nothing waits of any more, and
// what a pulled-out stick left half written.
func (b *Outbox) clear(up *os.Root, waiting []record.Record) error {
	entries, err := fs.ReadDir(up.FS(), ".")
	if err != nil {
		return stickError("read", err)
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), b.o.Incarnation+"-")
		if !ours {
			continue
		}
		_, text, _ := strings.Cut(strings.TrimSuffix(rest, ".json"), "-")
		last, err := strconv.ParseUint(text, 10, 64)
		if err == nil && len(waiting) > 0 && last >= waiting[0].Seq {
			continue
		}
		if err := up.Remove(e.Name()); err != nil {
			return stickError("write to", err)
		}
	}
	return nil
}

// ReadAcks takes the acks from down/<kiosk>/ of a stick. Those that were taken are
// removed where the stick can be written to. What is not the hub's word to this
// terminal is counted and left; a stick is never trusted.
func (b *Outbox) ReadAcks(ctx context.Context, dir string) (Stick, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var report Stick
	if _, err := os.Stat(dir); err != nil {
		return report, stickError("look at", err)
	}
	down, err := openIn(dir, path.Join("down", b.o.Kiosk), false)
	if errors.Is(err, fs.ErrNotExist) {
		return report, nil
	} else if err != nil {
		return report, stickError("read", err)
	}
	defer func() { _ = down.Close() }()
	entries, err := fs.ReadDir(down.FS(), ".")
	if err != nil {
		return report, stickError("read", err)
	}
	var acks []laidAck
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "ack-") || !strings.HasSuffix(e.Name(), ".json") || !e.Type().IsRegular() {
			continue
		}
		a, err := b.readLaid(down, e.Name())
		switch {
		case errors.Is(err, ErrAck):
			report.Foreign++
		case err != nil:
			return report, err
		default:
			acks = append(acks, a)
		}
	}
	// The first records first, for what comes behind records that still wait is
	// not deleted. The files may have come to the hub in another order, so that
	// its highest watermark stands in another ack.
	slices.SortStableFunc(acks, func(a, b laidAck) int { return cmp.Compare(a.Last, b.Last) })
	var watermark uint64
	for _, a := range acks {
		if a.Nonce != "" && a.fits(a.ack) == nil {
			watermark = max(watermark, a.ack.Watermark)
		}
	}
	for _, a := range acks {
		a.ack.Watermark = watermark
		if err := b.take(ctx, down, a, &report); err != nil {
			return report, err
		}
	}
	return report, nil
}

// laidAck is an ack on a stick, and the batch that it answers.
type laidAck struct {
	laid        // its Nonce is empty: nobody waits for it
	name string // of the file
	ack  record.Ack
}

// readLaid reads one ack.
func (b *Outbox) readLaid(down *os.Root, name string) (laidAck, error) {
	info, err := down.Stat(name)
	if err != nil {
		return laidAck{}, stickError("read", err)
	}
	if info.Size() > mostAck {
		return laidAck{}, ErrAck
	}
	text, err := down.ReadFile(name)
	if err != nil {
		return laidAck{}, stickError("read", err)
	}
	ack, err := b.readAck(text)
	a := laidAck{name: name, ack: ack}
	for _, l := range b.state.Sticks {
		if l.Nonce == ack.Nonce {
			a.laid = l
		}
	}
	return a, err
}

// take does what one ack says.
func (b *Outbox) take(ctx context.Context, down *os.Root, a laidAck, report *Stick) error {
	switch {
	case a.Nonce == "":
		report.Old++
		return nil
	case a.fits(a.ack) != nil:
		report.Foreign++
		return nil
	}
	done, err := b.apply(ctx, sent{laid: a.laid}, a.ack)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	report.Files++
	report.Records += done
	b.state.Sticks = slices.DeleteFunc(b.state.Sticks, func(l laid) bool { return l.Nonce == a.Nonce })
	if err := b.save(); err != nil {
		return fmt.Errorf("outbox: remember what was read: %w", err)
	}
	b.report.Lock()
	b.report.Heard = time.Now()
	b.report.Unlock()
	if err := down.Remove(a.name); err != nil {
		b.o.Log.Info("outbox: an ack stays on the stick", "err", err)
	}
	return nil
}

// replace writes a file that is whole or not there.
func replace(in *os.Root, name string, text []byte) error {
	temp := name + ".new"
	_ = in.Remove(temp) // whatever lies there, such as a pipe, is not written into
	f, err := in.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = in.Rename(temp, name)
	}
	if err != nil {
		_ = in.Remove(temp) // or the full stick stays full
	}
	return err
}

// syncDir makes new names last. FAT under some kernels cannot be asked to.
func syncDir(dir *os.Root) error {
	d, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// stickError says in a word what is wrong with a stick.
func stickError(doing string, err error) error {
	var what error
	switch {
	case err == nil:
		return nil
	case is(err, syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG):
		what = ErrFull
	case is(err, syscall.EROFS, syscall.EACCES, syscall.EPERM):
		what = ErrReadOnly
	default:
		what = ErrGone
	}
	return fmt.Errorf("outbox: %s the stick: %w: %w", doing, what, err)
}

func is(err error, any ...syscall.Errno) bool {
	return slices.ContainsFunc(any, func(e syscall.Errno) bool { return errors.Is(err, e) })
}
