package samusb_test

import (
	"errors"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samusb"
	"jobhome/drivers/usb"
)

// A program opens a reader by its USB id like this. The function is called anew
// for every session, so a reader that was plugged in again is found under its
// new number.
func ExampleNewSplit() {
	open := func() (idcard.Wire, error) {
		q, _, err := usb.ParseURL("usb:0400:C35A")
		if err != nil {
			return nil, err
		}
		d, err := usb.Host{}.One(q)
		if err != nil {
			return nil, err
		}
		h, err := usb.Open(d)
		if err != nil {
			return nil, err
		}
		var p samusb.Pipes
		errs := [5]error{h.Claim(0)}
		p.HeadOut, errs[1] = h.Out(samusb.HeadOut)
		p.RestOut, errs[2] = h.Out(samusb.RestOut)
		p.HeadIn, errs[3] = h.In(samusb.HeadIn)
		p.RestIn, errs[4] = h.In(samusb.RestIn)
		p.Closer = h
		if err := errors.Join(errs[:]...); err != nil {
			h.Close()
			return nil, err
		}
		return samusb.NewSplit(p), nil
	}
	reader := idcard.New(open, idcard.Opts{})
	reader.Arm()
}
