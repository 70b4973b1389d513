package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
)

// matching compares the matcher with other ways to find the pair for a question: full-text search (bleve, SQLite FTS5) and fuzzy matching
// (sahilm/fuzzy). All are measured on the same public questions, clean and mistyped: how often they are right, and what they cost.
func matching(out, progress io.Writer, o options) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	banking, err := readCorpora(o.data, "banking", "Banking77")
	if err != nil {
		return err
	}
	clinc, err := readCorpora(o.data, "clinc", "CLINC150")
	if err != nil {
		return err
	}
	public := slices.Concat(banking, clinc)
	real := slices.Concat(banking[1].pairs, clinc[1].pairs)
	all := append(slices.Clone(public), synthetic(770, real), synthetic(10_000, real))
	if o.large {
		all = append(all, synthetic(100_000, real))
	}
	results, err := compare(all, o.sample, progress)
	if err != nil {
		return err
	}
	fmt.Fprint(out, qualityTable(public, results), "\n", costTable(all, results), "\n", notes(o.sample))
	return nil
}

// compare returns the results by method and corpus.
func compare(corpora []corpus, most int, progress io.Writer) ([][]result, error) {
	results := make([][]result, len(methods))
	for i, m := range methods {
		for _, c := range corpora {
			fmt.Fprintf(progress, "%s: %s\n", m.name, c.name)
			r, err := measure(m, c, most)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			results[i] = append(results[i], r)
		}
	}
	return results, nil
}

// qualityTable has the first corpora, which are those of real questions.
func qualityTable(corpora []corpus, results [][]result) string {
	head := []string{"clean / mistyped, %"}
	for _, c := range corpora {
		head = append(head, c.name+" P@1")
		if hasOutside(c) {
			head = append(head, "AUROC", "cov@5%")
		}
	}
	rows := [][]string{head}
	for i, m := range methods {
		row := []string{label(m)}
		for j, c := range corpora {
			clean, mistyped := results[i][j].clean, results[i][j].mistyped
			row = append(row, both(clean.first, mistyped.first))
			if hasOutside(c) {
				row = append(row, both(clean.auroc, mistyped.auroc), both(clean.covered, mistyped.covered))
			}
		}
		rows = append(rows, row)
	}
	return table(rows)
}

func hasOutside(c corpus) bool {
	return slices.ContainsFunc(c.clean, func(q question) bool { return q.pair == outside })
}

func both(clean, mistyped float64) string { return fmt.Sprintf("%.1f / %.1f", clean, mistyped) }

func costTable(corpora []corpus, results [][]result) string {
	head := []string{"µs a question / s to load / MB"}
	ratio := []string{"µs, ours / bleve's faster"}
	for j, c := range corpora {
		head = append(head, fmt.Sprintf("%s (%d)", c.name, c.phrasings))
		bleve := min(results[1][j].cost.query, results[2][j].cost.query)
		ratio = append(ratio, fmt.Sprintf("%.2f", float64(results[0][j].cost.query)/float64(bleve)))
	}
	rows := [][]string{head}
	for i, m := range methods {
		row := []string{label(m)}
		for j := range corpora {
			c := results[i][j].cost
			row = append(row, fmt.Sprintf("%.0f / %.2f / %.1f", float64(c.query.Nanoseconds())/1e3, c.load.Seconds(), float64(c.bytes)/1e6))
		}
		rows = append(rows, row)
	}
	return table(append(rows, ratio))
}

func label(m method) string {
	if m.slow {
		return m.name + " ¹"
	}
	return m.name
}

func notes(most int) string {
	return fmt.Sprintf(`¹ Asked a sample of at most %d answerable questions and %d from outside; the others are asked all.

Times are the processor's, on one core; of every twenty questions the fastest of up to five rounds. In brackets: the number of phrasings. Mistyped: one random edit in a quarter of the words of four letters or more.
cov@5%%: answerable questions answered rightly at the threshold that lets 5 %% of those from outside be answered.
`, most, most)
}
