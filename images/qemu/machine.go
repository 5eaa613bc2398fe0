package qemu

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// Options say what a machine is like.
type Options struct {
	Arch     string // amd64 or arm64
	Disk     *Disk
	Firmware string // UEFI, or U-Boot, as -bios; "" with a kernel
	Kernel   string // started without firmware, with Initrd and Args
	Initrd   string
	Args     string
	MemoryMB int
	CPUs     int
	Width    int // of the screen in pixels
	Height   int
	Serial   []string // names of serial devices on USB, in the order of their ports, from 2 on
	Network  bool     // to this machine's own services at 10.0.2.2
	Dir      string   // for sockets and the log
}

// Machine is a running machine.
type Machine struct {
	Dir     string
	cmd     *exec.Cmd
	ended   chan struct{}
	mon     *monitor
	console *record
	nbd     net.Listener
	serial  map[string]string
	disk    *Disk
}

// Start switches a machine on.
func Start(ctx context.Context, o Options) (*Machine, error) {
	m := &Machine{Dir: o.Dir, ended: make(chan struct{}), console: new(record), serial: map[string]string{}, disk: o.Disk}
	args, err := m.args(o)
	if err != nil {
		return nil, err
	}
	program := map[string]string{"amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}[o.Arch]
	log, err := os.OpenFile(filepath.Join(o.Dir, "qemu.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	m.cmd = exec.CommandContext(ctx, program, args...)
	m.cmd.Stderr = log
	m.cmd.Stdout = m.console
	if err := m.cmd.Start(); err != nil {
		return nil, errors.Join(err, m.nbd.Close())
	}
	go func() {
		_ = m.cmd.Wait()
		_ = m.nbd.Close()
		close(m.ended)
	}()
	if m.mon, err = dialMonitor(filepath.Join(o.Dir, "qmp"), m.ended); err != nil {
		m.Kill()
		return nil, fmt.Errorf("%w (see %s)", err, log.Name())
	}
	return m, nil
}

func (m *Machine) args(o Options) ([]string, error) {
	socket := filepath.Join(o.Dir, "disk")
	_ = os.Remove(socket)
	var err error
	if m.nbd, err = net.Listen("unix", socket); err != nil {
		return nil, err
	}
	go func() {
		for {
			c, err := m.nbd.Accept()
			if err != nil {
				return
			}
			go func() { _ = o.Disk.Serve(c) }()
		}
	}()
	a := []string{"-M", "q35", "-cpu", "Haswell-v4"}
	if o.Arch == "arm64" {
		a = []string{"-M", "virt,gic-version=3", "-cpu", "cortex-a72"}
	}
	a = append(a,
		"-accel", "tcg,thread=multi", "-m", strconv.Itoa(o.MemoryMB), "-smp", strconv.Itoa(o.CPUs), "-nodefaults", "-no-user-config", "-display", "none",
		"-device", fmt.Sprintf("virtio-vga,xres=%d,yres=%d", o.Width, o.Height),
		"-drive", "if=none,id=disk,format=raw,cache=writeback,file.driver=nbd,file.server.type=unix,file.server.path="+socket,
		"-device", "virtio-blk-pci,drive=disk,bootindex=0",
		"-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
		"-qmp", "unix:"+filepath.Join(o.Dir, "qmp")+",server=on,wait=off",
		"-device", "qemu-xhci,id=usb", "-device", "usb-tablet,bus=usb.0,port=1", "-device", "virtio-rng-pci",
	)
	if o.Arch == "arm64" {
		a = replace(a, fmt.Sprintf("virtio-vga,xres=%d,yres=%d", o.Width, o.Height), fmt.Sprintf("virtio-gpu-pci,xres=%d,yres=%d", o.Width, o.Height))
	} else {
		a = append(a, "-device", "i6300esb", "-action", "watchdog=reset")
	}
	if o.Firmware != "" {
		a = append(a, "-bios", o.Firmware)
	} else {
		a = append(a, "-kernel", o.Kernel, "-initrd", o.Initrd, "-append", o.Args)
	}
	if o.Network {
		a = append(a, "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net")
	}
	for i, name := range o.Serial {
		path := filepath.Join(o.Dir, name)
		_ = os.Remove(path)
		m.serial[name] = path
		a = append(a, "-chardev", "socket,id="+name+",server=on,wait=off,path="+path, "-device", fmt.Sprintf("usb-serial,bus=usb.0,port=%d,chardev=%s", i+2, name))
	}
	return a, nil
}

func replace(args []string, old, with string) []string {
	for i := range args {
		if args[i] == old {
			args[i] = with
		}
	}
	return args
}

// Plug connects to a serial device: what is served on it is what the machine
// has there.
func (m *Machine) Plug(name string) (net.Conn, error) { return net.Dial("unix", m.serial[name]) }

// Kill takes the power away. What the disk then forgets is Disk.Cut's.
func (m *Machine) Kill() {
	_ = m.cmd.Process.Kill()
	<-m.ended
}

// Ended is closed when the machine is off.
func (m *Machine) Ended() <-chan struct{} { return m.ended }

// Console is all that the machine wrote to its first serial port.
func (m *Machine) Console() string { return m.console.String() }

// record is a growing text.
type record struct {
	mu   sync.Mutex
	text []byte
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = append(r.text, p...)
	return len(p), nil
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.text)
}

// pause is between two looks at something that changes by itself.
const pause = 200 * time.Millisecond
