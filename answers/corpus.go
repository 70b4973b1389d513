package answers

import "slices"

// corpus is the words of releases, numbered, so that pasted text can be compared with them quickly.
type corpus struct {
	ids      map[string]int32 // a word's number
	holders  [][]int          // the passages that have a word, by its number
	passages []passage
}

// passage is a release's title or one of its paragraphs.
type passage struct {
	release   *Release
	paragraph int // 0 is the title
	text      string
	words     []word
	ids       []int32
	edges     []bool // whether a sentence begins at a word; one more than words, the last true
}

func newCorpus(releases []*Release) *corpus {
	c := &corpus{ids: map[string]int32{}}
	for _, r := range releases {
		c.add(r, 0, r.Title)
		for i, text := range r.Paragraphs {
			c.add(r, i+1, text)
		}
	}
	return c
}

func (c *corpus) add(r *Release, paragraph int, text string) {
	p := passage{release: r, paragraph: paragraph, text: text, words: split(text)}
	p.edges = edges(text, countWords)
	for _, w := range p.words {
		id, ok := c.ids[w.folded]
		if !ok {
			id = int32(len(c.holders))
			c.ids[w.folded] = id
			c.holders = append(c.holders, nil)
		}
		p.ids = append(p.ids, id)
		if here := c.holders[id]; len(here) == 0 || here[len(here)-1] != len(c.passages) {
			c.holders[id] = append(here, len(c.passages))
		}
	}
	c.passages = append(c.passages, p)
}

// edges tells at which of a text's words a sentence begins; and one more than there are words, for the end.
func edges(text string, count func(string) int) []bool {
	found := []bool{}
	for _, sentence := range sentences(text) {
		if n := count(sentence); n > 0 {
			found = append(found, true)
			found = append(found, make([]bool, n-1)...)
		}
	}
	return append(found, true)
}

func countWords(text string) int { return len(split(text)) }

func (p *passage) edge(i int) bool { return p.edges[i] }

// said is the release's own text from one word to another.
func (p *passage) said(from, to int) string {
	if from >= to {
		return ""
	}
	return p.text[p.words[from].from:p.words[to-1].to]
}

// unknownWord is the number of a word that no release has. It equals no word's, not even its own kind's.
const unknownWord = -1

func (c *corpus) number(words []word) []int32 {
	ids := make([]int32, len(words))
	for i, w := range words {
		id, ok := c.ids[w.folded]
		if !ok {
			id = unknownWord
		}
		ids[i] = id
	}
	return ids
}

// find is the first passage that has the words in this order with nothing between, and where; nil if none has.
func (c *corpus) find(ids []int32) (p *passage, from int) {
	if len(ids) == 0 || slices.Contains(ids, unknownWord) {
		return nil, 0
	}
	for _, i := range c.holders[ids[0]] {
		if from := indexWords(c.passages[i].ids, ids, 0); from >= 0 {
			return &c.passages[i], from
		}
	}
	return nil, 0
}

// indexWords is where words stand in text at or after start, -1 if they do not.
func indexWords(text, words []int32, start int) int {
	for i := start; i+len(words) <= len(text); i++ {
		if slices.Equal(text[i:i+len(words)], words) {
			return i
		}
	}
	return -1
}

// nearest is the passage that takes the fewest changes to yield the words; nil if it takes as many as half of them, or if it is
// no whole sentence and so little is the same that it is no evidence: "Umarov told the Security Council" changes no sentence that
// ends with its last words.
func (c *corpus) nearest(ids []int32) (best *passage, how alignment) {
	for _, i := range c.candidates(ids) {
		p := &c.passages[i]
		a := align(ids, p.ids, p.edge)
		if 2*a.cost <= max(len(ids), a.to-a.from) && (a.telling(ids, p.ids) || p.edge(a.from) && p.edge(a.to)) && (best == nil || a.cost < how.cost) {
			best, how = p, a
		}
	}
	return best, how
}

// candidates are the passages that have at least half of the words: no other can be near enough.
func (c *corpus) candidates(ids []int32) []int {
	shared := map[int]int{}
	for _, id := range ids {
		if id != unknownWord {
			for _, i := range c.holders[id] {
				shared[i]++
			}
		}
	}
	var found []int
	for i, n := range shared {
		if 2*n >= len(ids) && 2*len(c.passages[i].ids) >= len(ids) {
			found = append(found, i)
		}
	}
	slices.Sort(found)
	return found
}
