package main

import (
	"time"

	"jobhome/drivers/idcard/samv"
)

// bitsPerByte on a serial line: 8N1.
const bitsPerByte = 10

// wireTime is how long n bytes take on a line.
func wireTime(n, bytesPerSecond int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(bytesPerSecond)
}

// paperTime is how long a head at full speed takes to print so much paper.
func paperTime(mm float64, speedMMs int) time.Duration {
	return time.Duration(mm / float64(speedMMs) * float64(time.Second))
}

// slipBound is the least time in which a slip can be out: line and head work at
// the same time, the slower one all the time, and then comes the cut.
func slipBound(wire, paper, cut time.Duration) time.Duration { return max(wire, paper) + cut }

// cardBytes is what goes over the line for one card (find, select, read): each
// request and the answer of a module that is content.
func cardBytes() (n int, err error) {
	steps := []struct {
		command samv.Command
		status  samv.Status
		data    int
	}{
		{samv.Find, samv.Found, 4},
		{samv.Select, samv.OK, 8},
		{samv.Read, samv.OK, 4 + samv.TextLen + samv.PhotoLen},
	}
	for _, s := range steps {
		request, err := samv.AppendRequest(nil, s.command)
		if err != nil {
			return 0, err
		}
		n += len(request) + len(samv.AppendReply(nil, s.status, make([]byte, s.data)))
	}
	return n, nil
}
