// Package usb finds USB devices on Linux and speaks to them without a C
// library: through sysfs (Documentation/ABI/testing/sysfs-bus-usb), usbfs
// (linux/usbdevice_fs.h, USB 2.0 for the endpoints) and hidraw (linux/hidraw.h).
//
// Host finds a device by its vendor and product number, and if need be by its
// serial number or the port it is plugged into, and names the nodes the kernel
// made for it: usbfs, serial ports, hidraw, printers.
//
// A Handle claims an interface and moves bytes through its bulk endpoints. The
// transfers are asynchronous URBs that one goroutine collects with the help of
// Go's poller, so deadlines are exact, and Close frees a waiting transfer. A HID
// sends and receives 64-byte reports.
//
// Nothing here knows what the bytes mean. Buffers that held received bytes are
// zeroed as soon as the bytes have been handed on, since they may be a card's.
package usb
