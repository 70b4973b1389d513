package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"releasebot/answers/match"
)

// outside is the pair of a question that no pair answers.
const outside = -1

// question is asked of a method; pair is the place of the right one, or outside.
type question struct {
	text string
	pair int
}

// corpus is what a method has to learn and what it is then asked.
type corpus struct {
	name      string
	phrasings int
	pairs     []match.Document
	clean     []question
	mistyped  []question // the same questions; none in a synthetic corpus
}

// line is one line of a file of labelled questions; an empty pair is out of scope.
type line struct {
	Text string `json:"q"`
	Pair string `json:"pair"`
}

// missing explains to people how to get the public sets, which are not ours to hand out.
const missing = `the public sets of questions are not in %s (%w)
hint: name their folder with --data. The sets are
  CLINC150 (Larson et al. 2019, CC BY 3.0), github.com/clinc/oos-eval, data/data_full.json:
    "train" as clinc-train.jsonl; "val", "oos_train" and "oos_val" as clinc-val.jsonl
  Banking77 (Casanueva et al. 2020, CC BY 4.0), github.com/PolyAI-LDN/task-specific-datasets, banking_data/train.csv:
    a stratified seventh as banking-val.jsonl, the rest as banking-train.jsonl
One question a line, shuffled once, as {"q": "where is my card", "pair": "card_arrival"}; the pair is the intent, and ""
where the question is out of scope. The first ten lines of a pair are its ten phrasings`

// readCorpora reads a set's two files and makes its corpora: of ten phrasings a pair, and of all.
func readCorpora(dir, file, name string) ([]corpus, error) {
	train, err := readLines(filepath.Join(dir, file+"-train.jsonl"))
	if err != nil {
		return nil, err
	}
	asked, err := readLines(filepath.Join(dir, file+"-val.jsonl"))
	if err != nil {
		return nil, err
	}
	return []corpus{
		newCorpus(name+" 10", train, asked, 10),
		newCorpus(name+" full", train, asked, math.MaxInt),
	}, nil
}

func readLines(path string) ([]line, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(missing, filepath.Dir(path), err)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []line
	s := bufio.NewScanner(f)
	for s.Scan() {
		var l line
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			return nil, fmt.Errorf(`%s:%d: %w; a line is {"q": "...", "pair": "..."}`, path, len(lines)+1, err)
		}
		lines = append(lines, l)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", path, len(lines)+1, err)
	}
	return lines, nil
}

// newCorpus keeps at most so many phrasings of a pair, the first ones.
func newCorpus(name string, train, asked []line, most int) corpus {
	c := corpus{name: name}
	place := map[string]int{"": outside}
	for _, l := range train {
		d, known := place[l.Pair]
		if d == outside && known {
			continue
		}
		if !known {
			d = len(c.pairs)
			place[l.Pair] = d
			c.pairs = append(c.pairs, match.Document{ID: l.Pair})
		}
		if len(c.pairs[d].Phrasings) < most {
			c.learn(d, l.Text)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, l := range asked {
		d, known := place[l.Pair]
		if !known {
			d = outside
		}
		c.clean = append(c.clean, question{l.Text, d})
		c.mistyped = append(c.mistyped, question{mistype(l.Text, r), d})
	}
	return c
}

func (c *corpus) learn(pair int, text string) {
	p := &c.pairs[pair].Phrasings
	*p = append(*p, match.Phrasing{Lang: "en", Text: text})
	c.phrasings++
}

// mistype makes one random edit in a quarter of the words of four letters or more.
func mistype(text string, r *rand.Rand) string {
	words := strings.Fields(text)
	for i, w := range words {
		letters := []rune(w)
		if len(letters) >= 4 && r.IntN(4) == 0 {
			words[i] = string(edit(letters, r))
		}
	}
	return strings.Join(words, " ")
}

// edit leaves out, puts in, replaces or swaps one letter of two or more.
func edit(letters []rune, r *rand.Rand) []rune {
	at := r.IntN(len(letters) - 1)
	before, after := letters[:at:at], letters[at+1:]
	other := 'a' + r.Int32N(26)
	switch r.IntN(4) {
	case 0:
		return append(before, after...)
	case 1:
		return append(append(before, other, letters[at]), after...)
	case 2:
		return append(append(before, other), after...)
	default:
		return append(append(before, after[0], letters[at]), after[1:]...)
	}
}

// synthetic makes a corpus of a size out of the words of others: each pair is ten phrasings of a real pair, in which half
// of the longer words are exchanged for longer words of other pairs, as often as those are used. It tells how time grows
// with size; it says little of how well pairs are found.
func synthetic(phrasings int, from []match.Document) corpus {
	r := rand.New(rand.NewPCG(2, 2))
	others := longerWords(from)
	order := r.Perm(len(from))
	c := corpus{name: fmt.Sprintf("synthetic %d", phrasings), pairs: make([]match.Document, phrasings/10)}
	for d := range c.pairs {
		real := from[order[d%len(order)]].Phrasings
		first := d / len(order) * 11
		exchanged := map[string]string{}
		for i := range 11 {
			text := exchange(real[(first+i)%len(real)].Text, exchanged, others, r)
			if i < 10 {
				c.learn(d, text)
			} else if d%(1+len(c.pairs)/200) == 0 {
				c.clean = append(c.clean, question{text, d})
			}
		}
	}
	return c
}

// longer is from how many bytes on a word is one that tells pairs apart, rather than "what" or "with".
const longer = 5

func longerWords(pairs []match.Document) []string {
	var words []string
	for _, pair := range pairs {
		for _, p := range pair.Phrasings {
			for w := range strings.FieldsSeq(p.Text) {
				if len(w) >= longer {
					words = append(words, w)
				}
			}
		}
	}
	return words
}

// exchange replaces half of the longer words, the same word always by the same.
func exchange(text string, exchanged map[string]string, others []string, r *rand.Rand) string {
	words := strings.Fields(text)
	for i, w := range words {
		if len(w) < longer {
			continue
		}
		if _, met := exchanged[w]; !met {
			exchanged[w] = w
			if r.IntN(2) == 0 {
				exchanged[w] = others[r.IntN(len(others))]
			}
		}
		words[i] = exchanged[w]
	}
	return strings.Join(words, " ")
}

// sample spreads a choice of at most so many questions of each kind, answerable and outside, over all of them.
func sample(asked []question, most int) []question {
	var kinds [2][]question
	for _, q := range asked {
		kind := 0
		if q.pair == outside {
			kind = 1
		}
		kinds[kind] = append(kinds[kind], q)
	}
	var chosen []question
	for _, all := range kinds {
		n := min(most, len(all))
		for i := range n {
			chosen = append(chosen, all[i*len(all)/n])
		}
	}
	return chosen
}
