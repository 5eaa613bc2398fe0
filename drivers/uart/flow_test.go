package uart_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/physic"
	puart "periph.io/x/conn/v3/uart"

	"jobhome/drivers/uart"
)

func TestCarries(t *testing.T) {
	raster := []byte("\x1dv0\x00\x01\x00\x03\x00\x10\x11\x13")
	other := puart.MakeXOnXOffFlow(0x02, 0x03)
	for _, c := range []struct {
		flow puart.Flow
		data []byte
		want string
	}{
		{0, raster, ""},
		{puart.NoFlow, raster, ""},
		{puart.RTSCTS, raster, ""},
		{puart.XOnXOff, raster, "byte 9 of 11 is 11h"},
		{puart.MakeXOnXOffFlow(0x11, 0x13), raster[10:], "byte 0 of 1 is 13h"},
		{puart.XOnXOff, []byte("text\n\x12"), ""},
		{puart.XOnXOff, nil, ""},
		{other, raster[9:], ""},
		{other, raster, "is 03h"},
	} {
		err := uart.Opts{Flow: c.flow}.Carries(c.data)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%v, % X: %v", c.flow, c.data, err)
		case c.want != "" && (!errors.Is(err, uart.ErrFlowByte) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "flow=rtscts")):
			t.Errorf("%v, % X: %v, want %q", c.flow, c.data, err, c.want)
		}
	}
}

// Not one byte of a refused write is sent, and the line works on.
func TestRasterIsRefusedUnderXonXoff(t *testing.T) {
	pty, p := openPTY(t, uart.Opts{Flow: puart.XOnXOff})
	if tio := termios(t, pty.Path()); tio.Iflag&(unix.IXON|unix.IXOFF) != unix.IXON|unix.IXOFF {
		t.Fatalf("iflag %o", tio.Iflag)
	}
	p.SetWriteDeadline(time.Now().Add(far))
	write := func(s string) (int, error) { return p.Write([]byte(s)) }
	if n, err := write("picture \x13"); n != 0 || !errors.Is(err, uart.ErrFlowByte) || !strings.Contains(err.Error(), pty.Path()) {
		t.Fatalf("Write = %d, %v", n, err)
	}
	if err := p.Tx([]byte{0x11}, nil); !errors.Is(err, uart.ErrFlowByte) {
		t.Errorf("Tx: %v", err)
	}
	if n, err := write("text"); n != 4 || err != nil {
		t.Fatalf("Write = %d, %v", n, err)
	}
	got := make([]byte, 4)
	if _, err := io.ReadFull(pty, got); err != nil || string(got) != "text" {
		t.Fatalf("the line carried %q, %v", got, err)
	}
	// Without XON/XOFF the same bytes are data.
	if _, err := p.Connect(115200*physic.Hertz, puart.One, puart.NoParity, puart.RTSCTS, 8); err != nil {
		t.Fatal(err)
	}
	if tio := termios(t, pty.Path()); tio.Iflag&unix.IXON != 0 || tio.Cflag&unix.CRTSCTS == 0 {
		t.Errorf("iflag %o cflag %o, want RTS/CTS", tio.Iflag, tio.Cflag)
	}
	// A pseudo terminal has no CTS wire; the line is set free again for the write.
	if _, err := p.Connect(115200*physic.Hertz, puart.One, puart.NoParity, puart.NoFlow, 8); err != nil {
		t.Fatal(err)
	}
	if _, err := write("\x11\x13ab"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(pty, got); err != nil || string(got) != "\x11\x13ab" {
		t.Errorf("the line carried %q, %v", got, err)
	}
}
