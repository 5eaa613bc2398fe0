package scannertest

// requestLen is 7E 00, type, length 1, address, data, CRC.
const requestLen = 9

// answer takes whole requests from s.got and returns what is said to them. s.mu
// is held.
func (s *Scanner) answer() (out []byte) {
	for len(s.got) >= requestLen {
		q := s.got
		if q[0] != 0x7E || q[1] != 0 || q[3] != 1 {
			s.got = s.got[1:]
			continue
		}
		sum := uint16(q[7])<<8 | uint16(q[8])
		if sum != 0xABCD && sum != checksum(q[2:7]) {
			s.got = s.got[1:]
			continue
		}
		s.got = s.got[requestLen:]
		s.requests++
		if s.o.Registers && !s.dead {
			out = append(out, s.reply(q[2], uint16(q[4])<<8|uint16(q[5]), q[6])...)
		}
	}
	return out
}

func (s *Scanner) reply(kind byte, addr uint16, v byte) []byte {
	body := []byte{0, 1, 0}
	switch kind {
	case 0x07:
		body[2] = s.regs[addr]
	case 0x08:
		if !s.stubborn {
			s.regs[addr] = v
		}
	default:
		body[0] = 1
	}
	if s.refuse > 0 {
		s.refuse--
		body[0] = 1
	}
	sum := checksum(body)
	if s.corrupt > 0 {
		s.corrupt--
		sum ^= 0x0400
	}
	return append([]byte{0x02, 0x00}, append(body, byte(sum>>8), byte(sum))...)
}

// checksum is CRC-CCITT, bit by bit as the manual writes it down.
func checksum(b []byte) uint16 {
	var sum uint32
	for _, x := range b {
		for i := 0x80; i != 0; i /= 2 {
			sum *= 2
			if sum&0x10000 != 0 {
				sum ^= 0x11021
			}
			if int(x)&i != 0 {
				sum ^= 0x1021
			}
		}
	}
	return uint16(sum & 0xFFFF)
}
