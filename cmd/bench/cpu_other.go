//go:build !unix

package main

import "time"

var started = time.Now()

// cpuTime returns the time since the start, which stands in for the time of the processor on an otherwise idle machine.
func cpuTime() time.Duration { return time.Since(started) }
