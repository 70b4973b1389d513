package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

const (
	starts  = 9
	resting = 5 * time.Second
	loaded  = 10 * time.Second
)

// starting measures the time from the start of a process to its first getUpdates, and its resident memory.
func starting(out, progress io.Writer, o options) error {
	rows := [][]string{{"", "start to first poll", "MiB at rest", "under load", "at most"}}
	for _, c := range candidates(o) {
		fmt.Fprintln(progress, "start:", c.name)
		took, err := startTime(c)
		if err != nil {
			return err
		}
		rest, load, most, err := memory(c)
		if err != nil {
			return err
		}
		rows = append(rows, []string{
			c.name, fmt.Sprintf("%.2f s", took.Seconds()), fmt.Sprintf("%.0f", rest), fmt.Sprintf("%.0f", load), fmt.Sprintf("%.0f", most),
		})
	}
	fmt.Fprint(out, table(rows))
	return nil
}

// startTime is the median of several starts, the first of which makes the database.
func startTime(c candidate) (time.Duration, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	var took []time.Duration
	for range starts {
		one, err := startOnce(c, dir)
		if err != nil {
			return 0, err
		}
		took = append(took, one)
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

func startOnce(c candidate, dir string) (time.Duration, error) {
	t, err := openTelegram(0, nil)
	if err != nil {
		return 0, err
	}
	defer t.Close()
	p, err := c.start(dir, t)
	if err != nil {
		return 0, err
	}
	polled := <-t.polled
	return polled.Sub(p.started), p.stop()
}

// memory is what a bot takes up before anybody has written, while everybody writes, and the most that it ever did, in MiB.
func memory(c candidate) (rest, load, most float64, err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return 0, 0, 0, err
	}
	defer os.RemoveAll(dir)
	people, err := askers()
	if err != nil {
		return 0, 0, 0, err
	}
	t, err := openTelegram(0, people)
	if err != nil {
		return 0, 0, 0, err
	}
	defer t.Close()
	p, err := c.start(dir, t)
	if err != nil {
		return 0, 0, 0, err
	}
	<-t.polled
	time.Sleep(resting)
	rest, restErr := p.mebibytes("VmRSS")
	t.speak()
	time.Sleep(loaded)
	load, loadErr := p.mebibytes("VmRSS")
	most, mostErr := p.mebibytes("VmHWM")
	return rest, load, most, errors.Join(restErr, loadErr, mostErr, p.stop())
}
