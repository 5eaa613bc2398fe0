package pn532

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// The commands of this driver and their answers' longest frames worth reading
// at once; a longer answer is asked for again. The answer's code is one more.
const (
	getFirmwareVersion  = 0x02
	samConfiguration    = 0x14
	rfConfiguration     = 0x32
	inListPassiveTarget = 0x4A
	inRelease           = 0x52

	answerSize = 16 // GetFirmwareVersion: 13 bytes
	targetSize = 48 // ten bytes of UID and twenty of ATS
)

const (
	ackTime     = 100 * time.Millisecond // the chip needs 10 ms, a USB adapter 16
	answerTime  = time.Second
	sendsACK    = 2 // times a command is sent that is not acknowledged
	nackTries   = 2 // times a damaged answer is asked for again
	strayFrames = 8 // frames passed over before the line counts as mad
)

// port is a way to the chip. It overwrites a frame's data with the next call.
type port interface {
	wake() error
	send(frame []byte) error
	// recv returns the next frame, or os.ErrDeadlineExceeded. Size is how many
	// bytes a frame may have that is read at once.
	recv(by time.Time, size int) (frame, error)
	drain() error
	wipe()
}

// link speaks commands over a port.
type link struct {
	port
	wary bool // the last command failed: something of it may still come
}

// name is what UM0701-02 calls a command.
func name(code byte) string {
	switch code {
	case getFirmwareVersion:
		return "GetFirmwareVersion"
	case samConfiguration:
		return "SAMConfiguration"
	case rfConfiguration:
		return "RFConfiguration"
	case inListPassiveTarget:
		return "InListPassiveTarget"
	}
	return "InRelease"
}

// soft reports whether err is about one answer and not about the port.
func soft(err error) bool {
	for _, s := range []error{ErrNoACK, ErrSilent, ErrChecksum, ErrExtended, ErrOdd} {
		if errors.Is(err, s) {
			return true
		}
	}
	return false
}

// do sends a command and returns what its answer holds behind the code, valid
// until the next command or wipe.
func (l *link) do(code byte, size int, data ...byte) ([]byte, error) {
	out, err := l.once(code, size, data)
	l.wary = err != nil
	if err == nil {
		return out, nil
	}
	if soft(err) {
		// An ACK from the host ends what the chip may still be doing.
		if e := l.send(ack()); e != nil {
			err = e
		}
	}
	l.wipe()
	return nil, fmt.Errorf("pn532: %s: %w", name(code), err)
}

func (l *link) once(code byte, size int, data []byte) ([]byte, error) {
	if l.wary {
		if err := l.drain(); err != nil {
			return nil, err
		}
	}
	cmd := command(code, data...)
	for try := 1; ; try++ {
		if err := l.send(cmd); err != nil {
			return nil, err
		}
		err := l.acknowledged()
		if err == nil {
			break
		}
		if try == sendsACK || !errors.Is(err, ErrNoACK) {
			return nil, err
		}
		if err := l.drain(); err != nil {
			return nil, err
		}
	}
	return l.answer(code, size)
}

// acknowledged waits for the chip's ACK. Whatever comes before it belongs to an
// earlier command.
func (l *link) acknowledged() error {
	by := time.Now().Add(ackTime)
	for range strayFrames {
		f, err := l.recv(by, ackLen)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return ErrNoACK
		case err != nil:
			return err
		case f.kind == isACK:
			return nil
		case f.kind == isNACK:
			return ErrNoACK // no chip sends it, but it says what it says
		}
	}
	return ErrNoACK
}

// answer waits for the answer to an acknowledged command, and asks for it again
// when it is damaged.
func (l *link) answer(code byte, size int) ([]byte, error) {
	by := time.Now().Add(answerTime)
	damaged := 0
	for range strayFrames {
		f, err := l.recv(by, size)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, ErrSilent
		case err != nil:
			return nil, err
		case f.kind == isFailed:
			return nil, fmt.Errorf("%w: error frame", ErrOdd)
		case f.kind == isAnswer && f.data[0] == code+1:
			return f.data[1:], nil
		case f.kind == isAnswer:
			return nil, fmt.Errorf("%w: answer %02X", ErrOdd, f.data[0])
		case f.kind == isBad && damaged == nackTries:
			return nil, f.err
		case f.kind == isBad:
			damaged++
			if err := l.drain(); err != nil {
				return nil, err
			}
			if err := l.send(nack()); err != nil {
				return nil, err
			}
			size = frameMax // it may have been longer than expected
		}
	}
	return nil, ErrOdd
}
