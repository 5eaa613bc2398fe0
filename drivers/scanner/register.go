package scanner

import "bytes"

// Requests and replies of the register protocol ("zone bits"). A request is 7E
// 00, type, length, address, data; a reply 02 00, type, length, data. Both end
// with a CRC-CCITT (0x1021, initial value 0) over everything after the first
// two bytes, high byte first. The CRC of the manual's examples is 02DA for 08
// 01 00 02 01 and 3331 for the reply 00 01 00.
const (
	typeRead  = 0x07
	typeWrite = 0x08
	typeDone  = 0x00 // the only reply type that means success

	replyHead = 4 // bytes before the data of a reply
	replyMax  = replyHead + 255 + 2
)

// Registers and their bits. Every other bit is left as it is.
const (
	regMode  = 0x0000
	modeBits = 0x03 // 00 by hand, 01 by command, 10 continuous, 11 induction

	regOutput = 0x0060
	tailBit   = 0x01 // ends every code with the tail, which is CR unless changed
)

// appendRead appends the request for one register.
func appendRead(dst []byte, addr uint16) []byte {
	return appendRequest(dst, typeRead, addr, 1)
}

// appendWrite appends the request that sets one register.
func appendWrite(dst []byte, addr uint16, v byte) []byte {
	return appendRequest(dst, typeWrite, addr, v)
}

func appendRequest(dst []byte, kind byte, addr uint16, v byte) []byte {
	body := []byte{kind, 1, byte(addr >> 8), byte(addr), v}
	sum := crc(body)
	dst = append(dst, 0x7E, 0x00)
	dst = append(dst, body...)
	return append(dst, byte(sum>>8), byte(sum))
}

// parseReply finds the first whole reply in b. Bytes before it, a code that was
// read at the same moment, are passed over.
func parseReply(b []byte) (kind byte, data []byte, ok bool) {
	for {
		i := bytes.Index(b, []byte{0x02, 0x00})
		if i < 0 {
			return 0, nil, false
		}
		b = b[i:]
		if len(b) >= replyHead {
			end := replyHead + int(b[3])
			if len(b) >= end+2 && crc(b[2:end]) == uint16(b[end])<<8|uint16(b[end+1]) {
				return b[2], b[replyHead:end], true
			}
		}
		b = b[1:]
	}
}

func crc(b []byte) (sum uint16) {
	for _, x := range b {
		sum ^= uint16(x) << 8
		for range 8 {
			if sum&0x8000 != 0 {
				sum = sum<<1 ^ 0x1021
			} else {
				sum <<= 1
			}
		}
	}
	return sum
}
