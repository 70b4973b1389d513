package sandbox

import (
	"sync/atomic"
	"time"
)

// Clock is the time of day, moved. Use its Now in [Options]. The zero Clock tells the real time.
type Clock struct {
	offset  atomic.Int64
	stopped atomic.Pointer[time.Time]
}

// Now returns the real time, or that at which the clock was stopped, plus all moves.
func (c *Clock) Now() time.Time {
	now := time.Now()
	if stopped := c.stopped.Load(); stopped != nil {
		now = *stopped
	}
	return now.Add(time.Duration(c.offset.Load()))
}

// Stop has the clock stand still but for moves.
func (c *Clock) Stop() {
	now := time.Now()
	c.stopped.Store(&now)
}

// Move moves the clock on, or back.
func (c *Clock) Move(d time.Duration) { c.offset.Add(int64(d)) }
