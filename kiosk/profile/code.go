package profile

import (
	"bytes"
	"compress/flate"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"unicode/utf8"
)

// MostCode is the most characters of a code: what a shown or printed QR code
// still holds at error correction M so that a counter scanner reads it from a
// hand's breadth.
const MostCode = 1200

const (
	scheme  = "jobhome-site:"
	version = "1"
	// most is the greatest size of a profile as a file, in bytes.
	most = 16 << 10
)

// letters are those of base 32 (RFC 4648), which QR codes hold at 5.5 bits each
// and which survive every keyboard, Caps Lock and line break.
var letters = base32.StdEncoding.WithPadding(base32.NoPadding)

// dictionary is what codes of version 1 are packed against. It must never
// change: a printed code would not be read any more.
const dictionary = `"town""village""county""city""zone""college""province"` +
	`[devices]
reader="usb:0400:c35a""hid:10c4:0007""sim:"printer="uart:/dev/serial/by-id/usb-usblp:04b8:0202?profile=epson-tm"usblp:/dev/usb/lp0?profile=generic80"?baud=115200&flow=rtscts&profile=generic58"tcp:192.168.1.:9100?profile=auto"
scanner="uart:1a86:7523?baud=9600"badge="i2c:1"
[panel]
presence="GPIO17"lamp="GPIO27"buzzer="GPIO22"service_key="!GPIO23:up"door="!GPIO24:up"reader_power="GPIO25"
[service]
pin="pbkdf2-sha256:200000:[screen]
width_mm=height_mm=large=true
rotation="90""180""270"
[theme]
name="就业服务中心人力资源零工市场"ground="#ink="#action="#on_action="#accent="#tiles=["nearby","today","match","trades","search","policy"]
[network]
address="192.168.0./24"gateway="10.0.0.1"dns="223.5.5.5 119.29.29.29 114.114.114.114"time_servers="ntp.aliyun.com"timezone="Asia/Urumqi"
[wifi]
ssid="passphrase="hidden=true
[terminal]
id="-1"
[site]
id="name="省市县区街道乡镇村社区开发区大学学院就业之家"
tier="town"
area="36"lat=29.lon=115.staff_phone="07base_url="https://jobs.gov.cn"
[hub]
board="36"feed="https://feed"url="https://hub.:8443"day_mb=root="1:
[enrol]
code="pin="="
`

// IsCode reports whether the text is meant to be a code.
func IsCode(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme)
}

// pack writes a file as a code.
func pack(file []byte) (string, error) {
	var b bytes.Buffer
	b.Write(make([]byte, 4))
	w, err := flate.NewWriterDict(&b, flate.BestCompression, []byte(dictionary))
	if err != nil {
		return "", fmt.Errorf("profile: %w", err)
	}
	_, err = w.Write(file)
	if err := errors.Join(err, w.Close()); err != nil {
		return "", fmt.Errorf("profile: %w", err)
	}
	binary.BigEndian.PutUint32(b.Bytes(), crc32.ChecksumIEEE(b.Bytes()[4:]))
	code := scheme + version + "?" + letters.EncodeToString(b.Bytes())
	if len(code) > MostCode {
		return "", fmt.Errorf("profile: the code would have %d characters, more than %d; leave out what can stay as it usually is", len(code), MostCode)
	}
	return code, nil
}

// unpack reads a code. Blanks and line breaks in it, and the case of its
// letters, do not matter.
func unpack(text string) (string, error) {
	text = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	v, body, _ := strings.Cut(text[min(len(scheme), len(text)):], "?")
	if v != version && v != "" && strings.Trim(v, "0123456789") == "" && body != "" {
		return "", ErrVersion
	}
	if len(text) > MostCode {
		return "", fmt.Errorf("%w: %d characters", ErrForeign, len(text))
	}
	packed, err := letters.DecodeString(body)
	if err != nil || v != version || len(packed) < 5 || crc32.ChecksumIEEE(packed[4:]) != binary.BigEndian.Uint32(packed) {
		return "", ErrHalf
	}
	file, err := io.ReadAll(io.LimitReader(flate.NewReaderDict(bytes.NewReader(packed[4:]), []byte(dictionary)), most+1))
	if err != nil || len(file) > most || !utf8.Valid(file) {
		return "", ErrHalf
	}
	return string(file), nil
}

// plainText is the text of a file that somebody may have written with Windows
// Notepad: a byte order mark and CR LF are taken, other encodings refused.
func plainText(name string, data []byte) (string, error) {
	if len(data) > most {
		return "", fmt.Errorf("profile: %s has %d bytes, more than %d: %w", name, len(data), most, ErrForeign)
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) || bytes.IndexByte(data, 0) >= 0 {
		return "", fmt.Errorf("profile: %s: it is UTF-16 or no text: %w", name, ErrEncoding)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return "", fmt.Errorf("profile: %s is empty: %w", name, ErrForeign)
	}
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return "", fmt.Errorf("profile: %s:%d: the line is in another encoding, perhaps GBK (ANSI): %w", name, i+1, ErrEncoding)
		}
		comment := bytes.HasPrefix(bytes.TrimSpace(line), []byte("#"))
		if bytes.ContainsAny(line, "“”＝［］") && !comment && !bytes.ContainsRune(line, '"') {
			return "", fmt.Errorf("profile: %s:%d: the line has the full-width signs “ ” ＝ ［ or ］; type \" = [ ] with the input method off", name, i+1)
		}
	}
	return string(data), nil
}
