package main

import (
	"errors"
	"runtime"
	"slices"
	"time"
)

// result is what one method did with one corpus.
type result struct {
	clean, mistyped quality
	cost            cost
}

// quality is in percent.
type quality struct {
	first   float64 // share of the answerable questions whose right pair comes first: P@1
	auroc   float64 // chance that an answerable question scores over one from outside
	covered float64 // share of the answerable answered rightly where 5 % of the outside ones are answered: cov@5%
}

// cost is what it takes on one core; times are the processor's.
type cost struct {
	query time.Duration // mean of a question
	load  time.Duration
	bytes int64 // in memory after loading
}

// measure loads a method and asks it a corpus's questions, of a slow method a sample of at most so many of each kind.
func measure(m method, c corpus, most int) (r result, err error) {
	if m.slow {
		c.clean, c.mistyped = sample(c.clean, most), sample(c.mistyped, most)
	}
	before := heap()
	start := cpuTime()
	e, err := m.load(c.pairs)
	if err != nil {
		return result{}, err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	r.cost.load = cpuTime() - start
	r.cost.bytes = heap() - before + e.bytes

	var hits []hit
	if hits, r.cost.query, err = ask(e, c.clean, 5); err != nil {
		return result{}, err
	}
	r.clean = judge(hits, c.clean)
	if hits, _, err = ask(e, c.mistyped, 1); err != nil {
		return result{}, err
	}
	r.mistyped = judge(hits, c.mistyped)
	return r, nil
}

// heap returns the bytes in use on Go's heap.
func heap() int64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.GC() // a second time for what sync.Pool kept over the first
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

// block is how many questions are timed together: few enough that some round of them goes undisturbed.
const block = 20

// ask returns the hits and the mean time of a question. Of each block of questions it takes the fastest round, for other
// work on the machine only ever adds to a time. Rounds end early once they took two seconds.
func ask(e engine, asked []question, rounds int) (hits []hit, mean time.Duration, err error) {
	hits = make([]hit, len(asked))
	fastest := make([]time.Duration, (len(asked)+block-1)/block)
	began := cpuTime()
	for round := 0; round < rounds && (round == 0 || cpuTime()-began < 2*time.Second); round++ {
		for b := range fastest {
			first, end := b*block, min((b+1)*block, len(asked))
			took, err := askBlock(e, asked[first:end], hits[first:end])
			if err != nil {
				return nil, 0, err
			}
			if round == 0 || took < fastest[b] {
				fastest[b] = took
			}
		}
	}
	for _, f := range fastest {
		mean += f
	}
	return hits, mean / time.Duration(max(len(asked), 1)), nil
}

func askBlock(e engine, asked []question, hits []hit) (took time.Duration, err error) {
	start := cpuTime()
	for i, q := range asked {
		if hits[i], err = e.find(q.text); err != nil {
			return 0, err
		}
	}
	return cpuTime() - start, nil
}

// judge compares hits with the right pairs. Without questions from outside it knows only who came first.
func judge(hits []hit, asked []question) quality {
	var out []float64
	for i, q := range asked {
		if q.pair == outside {
			out = append(out, hits[i].score)
		}
	}
	slices.Sort(out)
	var in, first, covered, over float64
	for i, q := range asked {
		if q.pair == outside {
			continue
		}
		in++
		if hits[i].pair == q.pair {
			first++
			if len(out) > 0 && hits[i].score > threshold(out) {
				covered++
			}
		}
		over += shareBelow(out, hits[i].score)
	}
	if in == 0 {
		return quality{}
	}
	return quality{100 * first / in, 100 * over / in, 100 * covered / in}
}

// threshold returns the score that at most 5 % of the sorted scores are over.
func threshold(sorted []float64) float64 {
	return sorted[len(sorted)-len(sorted)/20-1]
}

// shareBelow returns the share of the sorted scores that a score is over; equals count half.
func shareBelow(sorted []float64, score float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	below, _ := slices.BinarySearch(sorted, score)
	equal := 0
	for below+equal < len(sorted) && sorted[below+equal] == score {
		equal++
	}
	return (float64(below) + float64(equal)/2) / float64(len(sorted))
}
