package qemu

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
)

// The numbers of the NBD protocol, as far as they are spoken here.
const (
	nbdMagic     = 0x4e42444d41474943 // NBDMAGIC
	optMagic     = 0x49484156454f5054 // IHAVEOPT
	replyMagic   = 0x3e889045565a9
	requestMagic = 0x25609513
	answerMagic  = 0x67446698

	fixedNewstyle = 1
	optExportName = 1
	optAbort      = 2
	optInfo       = 6
	optGo         = 7
	repAck        = 1
	repInfo       = 3
	repUnsup      = 0x80000001

	cmdRead       = 0
	cmdWrite      = 1
	cmdDisconnect = 2
	cmdFlush      = 3
	cmdTrim       = 4

	flagHas, flagFlush, flagFUA, flagTrim = 1, 4, 8, 32
	cmdFlagFUA                            = 1
)

// Serve answers one connection of an NBD client with the disk, until it ends.
func (d *Disk) Serve(c net.Conn) error {
	defer func() { _ = c.Close() }()
	if err := d.greet(c); err != nil {
		return err
	}
	for {
		if err := d.request(c); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
	}
}

func (d *Disk) flags() uint16 { return flagHas | flagFlush | flagFUA | flagTrim }

// greet settles what is served: there is one disk, whatever its name.
func (d *Disk) greet(c net.Conn) error {
	hello := binary.BigEndian.AppendUint64(nil, nbdMagic)
	hello = binary.BigEndian.AppendUint64(hello, optMagic)
	hello = binary.BigEndian.AppendUint16(hello, fixedNewstyle)
	if _, err := c.Write(hello); err != nil {
		return err
	}
	if _, err := io.ReadFull(c, make([]byte, 4)); err != nil {
		return err
	}
	for {
		head := make([]byte, 16)
		if _, err := io.ReadFull(c, head); err != nil {
			return err
		}
		option, size := binary.BigEndian.Uint32(head[8:]), binary.BigEndian.Uint32(head[12:])
		if binary.BigEndian.Uint64(head) != optMagic || size > 1<<16 {
			return errors.New("nbd: no option")
		}
		if _, err := io.ReadFull(c, make([]byte, size)); err != nil {
			return err
		}
		switch option {
		case optExportName:
			answer := binary.BigEndian.AppendUint64(nil, uint64(d.size))
			answer = binary.BigEndian.AppendUint16(answer, d.flags())
			_, err := c.Write(append(answer, make([]byte, 124)...))
			return err
		case optInfo, optGo:
			info := binary.BigEndian.AppendUint16(nil, 0) // NBD_INFO_EXPORT
			info = binary.BigEndian.AppendUint64(info, uint64(d.size))
			info = binary.BigEndian.AppendUint16(info, d.flags())
			if err := reply(c, option, repInfo, info); err != nil {
				return err
			}
			if err := reply(c, option, repAck, nil); err != nil || option == optGo {
				return err
			}
		case optAbort:
			return io.EOF
		default:
			if err := reply(c, option, repUnsup, nil); err != nil {
				return err
			}
		}
	}
}

func reply(c net.Conn, option, kind uint32, data []byte) error {
	b := binary.BigEndian.AppendUint64(nil, replyMagic)
	b = binary.BigEndian.AppendUint32(b, option)
	b = binary.BigEndian.AppendUint32(b, kind)
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	_, err := c.Write(append(b, data...))
	return err
}

func (d *Disk) request(c net.Conn) error {
	head := make([]byte, 28)
	if _, err := io.ReadFull(c, head); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(head) != requestMagic {
		return errors.New("nbd: no request")
	}
	flags, command := binary.BigEndian.Uint16(head[4:]), binary.BigEndian.Uint16(head[6:])
	offset, size := int64(binary.BigEndian.Uint64(head[16:])), int(binary.BigEndian.Uint32(head[24:]))
	var data []byte
	if command == cmdRead || command == cmdWrite {
		if size > 64<<20 {
			return fmt.Errorf("nbd: %d bytes at once", size)
		}
		data = make([]byte, size)
	}
	var err error
	switch command {
	case cmdRead:
		_, err = d.ReadAt(data, offset)
	case cmdWrite:
		if _, err = io.ReadFull(c, data); err != nil {
			return err
		}
		_, err = d.WriteAt(data, offset)
		if flags&cmdFlagFUA != 0 {
			d.Flush()
		}
		data = nil
	case cmdFlush:
		d.Flush()
	case cmdTrim: // reads as before, which is allowed
	case cmdDisconnect:
		return io.EOF
	default:
		err = fmt.Errorf("nbd: command %d", command)
	}
	code := uint32(0)
	if err != nil {
		code, data = 5, nil // EIO
	}
	answer := binary.BigEndian.AppendUint32(nil, answerMagic)
	answer = binary.BigEndian.AppendUint32(answer, code)
	answer = append(answer, head[8:16]...)
	_, err = c.Write(append(answer, data...))
	return err
}
