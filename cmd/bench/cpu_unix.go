//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpuTime returns the time processors have worked for this process. Unlike a clock, it does not count the time that other
// processes took.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it fails for wrong arguments alone
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
