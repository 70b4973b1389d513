package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// deliveryBenchmarks are those of bot/delivery, where they can reach what they measure, and how often each is to do it.
var deliveryBenchmarks = []struct{ name, times string }{
	{"Pace", "600x"}, {"Send", "5000x"}, {"AMillionSubscribers", "5000x"}, {"Answer", "1000x"},
}

// deliveries runs them. What they say of PostgreSQL needs RELEASEBOT_TEST_POSTGRES.
func deliveries(out, progress io.Writer, _ options) error {
	rows := [][]string{{"delivery", "figures"}}
	for _, b := range deliveryBenchmarks {
		fmt.Fprintln(progress, "delivery:", b.name)
		cmd := exec.Command("go", "test", "-run", "^$", "-bench", "^Benchmark"+b.name+"$", "-benchtime", b.times, ".")
		cmd.Dir, cmd.Stderr = "../../bot/delivery", os.Stderr
		printed, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", b.name, err, printed)
		}
		rows = append(rows, figures(printed)...)
	}
	fmt.Fprint(out, table(rows))
	return nil
}

// figures are the lines of Go's benchmarks: a name, how often, and pairs of a value and its unit. The time that one took in all is left out, for the
// others say what matters.
func figures(printed []byte) (rows [][]string) {
	for s := bufio.NewScanner(bytes.NewReader(printed)); s.Scan(); {
		fields := strings.Fields(s.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		var values []string
		for i := 2; i+1 < len(fields); i += 2 {
			if value, unit := fields[i], fields[i+1]; unit != "ns/op" {
				values = append(values, value+" "+unit)
			}
		}
		rows = append(rows, []string{strings.TrimPrefix(fields[0], "Benchmark"), strings.Join(values, ", ")})
	}
	return rows
}
