// Package usblp drives a receipt printer on a USB printer port of Linux,
// /dev/usb/lp0: the wire of drivers/printer, after the USB Printing Support
// class (USB Device Class Definition for Printing Devices 1.1), linux/lp.h and
// the kernel's usblp driver.
//
// A Port is read and written without blocking, through Go's poller, so its
// deadlines are exact and Close frees a waiting call. It can be opened by its
// node, or by vendor and product number, which stay the same wherever the
// printer is plugged in.
//
// A printer that has only interface 7/1/1 can be written to and says nothing:
// Read waits for its deadline. What every printer has is the port status of the
// class (paper, selected, no error). Many clones always say that all is well,
// so it may worsen what is known of a printer and never better it.
package usblp
