package sandbox

import (
	"sync/atomic"
	"time"
)

// Clock is the time of day, moved. Use its Now in [Options]. The zero Clock tells the real time.
type Clock struct{ offset atomic.Int64 }

// Now returns the real time plus all moves.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// Move moves the clock on, or back.
func (c *Clock) Move(d time.Duration) { c.offset.Add(int64(d)) }
