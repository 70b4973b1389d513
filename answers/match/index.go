package match

import (
	"slices"
	"strings"
	"sync"
)

// Index finds documents. It never changes after New and is safe for concurrent use.
type Index struct {
	langs           []string
	cyrillic, latin bool             // whether any word is in those letters
	words           map[string]int32 // folded word to its place in known
	known           []word
	stems           map[string]int32 // features, by what they are of
	pairs           map[[2]int32]int32
	grams           map[string]int32
	groups          groups
	spell           speller

	docs    int
	idf     []float32 // by feature
	foreign float32   // the idf of a feature no phrasing has
	rows    packed    // by feature
	holders [][]int32 // the documents whose phrasings or context have a stem, by stem: these are the first features

	thresholds Thresholds
	scratch    sync.Pool
}

// word is a word of some phrasing or context.
type word struct {
	text  string
	uses  []int32 // in phrasings, by language
	lang  string  // the language that uses it most
	stem  int32
	grams []int32
}

func (w word) used() (n int32) {
	for _, u := range w.uses {
		n += u
	}
	return n
}

// New learns to tell the documents apart. It gives the same index for the same arguments.
func New(docs []Document, words Words) *Index {
	x := &Index{
		words: map[string]int32{},
		stems: map[string]int32{},
		pairs: map[[2]int32]int32{},
		grams: map[string]int32{},
		docs:  len(docs),
	}
	x.scratch.New = func() any { return newScratch(x.docs) }
	phrasings := x.learnPhrasings(docs)
	contexts := x.learnContexts(docs)
	x.known = slices.Clone(x.known) // without the room to grow
	x.learnStems()
	x.groups = newGroups(x, words)
	x.learnGrams()
	texts := x.texts(phrasings)
	x.learnFeatures(texts)
	x.learnHolders(texts, contexts)
	x.spell = newSpeller(x.known)
	x.train(texts)
	x.thresholds = x.hide(texts)
	x.pack()
	return x
}

// learnPhrasings returns the words of each phrasing, by document.
func (x *Index) learnPhrasings(docs []Document) [][][]int32 {
	folded := make([][][]string, len(docs))
	each(len(docs), func(d int) {
		for _, p := range docs[d].Phrasings {
			folded[d] = append(folded[d], fold(p.Text))
		}
	})
	phrasings := make([][][]int32, len(docs))
	for d, doc := range docs {
		for i, p := range doc.Phrasings {
			phrasings[d] = append(phrasings[d], x.learnWords(folded[d][i]))
			x.lang(p.Lang)
		}
	}
	x.countUses(docs, phrasings)
	return phrasings
}

// countUses counts how often each language's phrasings use each word.
func (x *Index) countUses(docs []Document, phrasings [][][]int32) {
	n := len(x.langs)
	uses := make([]int32, n*len(x.known))
	for d, doc := range docs {
		for i, p := range doc.Phrasings {
			lang := x.lang(p.Lang)
			for _, id := range phrasings[d][i] {
				uses[int(id)*n+lang]++
			}
		}
	}
	for i := range x.known {
		w := &x.known[i]
		w.uses = uses[i*n:][:n:n]
		w.lang = x.langs[mostUsed(w.uses)]
	}
}

// learnContexts returns the words of each document's context. A word that only contexts have
// is of the language its text seems to be in.
func (x *Index) learnContexts(docs []Document) [][]int32 {
	contexts := make([][]int32, len(docs))
	for d, doc := range docs {
		for _, c := range doc.Context {
			folded := fold(c)
			lang := x.detect(c, folded)
			before := len(x.known)
			contexts[d] = append(contexts[d], x.learnWords(folded)...)
			for i := before; i < len(x.known); i++ {
				x.known[i].lang = lang
			}
		}
	}
	return contexts
}

func (x *Index) learnWords(folded []string) []int32 {
	ids := make([]int32, len(folded))
	for i, f := range folded {
		id, ok := x.words[f]
		if !ok {
			id = int32(len(x.known))
			x.words[f] = id
			x.known = append(x.known, word{text: f})
			x.cyrillic = x.cyrillic || strings.ContainsFunc(f, isCyrillic)
			x.latin = x.latin || strings.ContainsFunc(f, isLatin)
		}
		ids[i] = id
	}
	return ids
}

func (x *Index) lang(name string) int {
	for i, l := range x.langs {
		if l == name {
			return i
		}
	}
	x.langs = append(x.langs, name)
	return len(x.langs) - 1
}

func mostUsed(uses []int32) (lang int) {
	for l, n := range uses {
		if n > uses[lang] {
			lang = l
		}
	}
	return lang
}

// learnStems finds the stem of each word.
func (x *Index) learnStems() {
	stems := make([]string, len(x.known))
	each(len(x.known), func(i int) { stems[i] = stem(x.known[i].text, x.known[i].lang) })
	for i, s := range stems {
		x.known[i].stem = feature(x, x.stems, s)
	}
}

// learnGrams finds the letter sequences of each word.
func (x *Index) learnGrams() {
	lists := make([][]int32, len(x.known))
	for i, w := range x.known {
		for g := range grams(w.text) {
			lists[i] = append(lists[i], feature(x, x.grams, g))
		}
	}
	packLists(lists)
	for i, list := range lists {
		x.known[i].grams = list
	}
}

// feature returns the number of a feature, a new one if need be.
func feature[K comparable](x *Index, numbers map[K]int32, key K) int32 {
	id, ok := numbers[key]
	if !ok {
		id = int32(len(x.idf))
		numbers[key] = id
		x.idf = append(x.idf, 0)
	}
	return id
}

// texts takes the phrasings apart.
func (x *Index) texts(phrasings [][][]int32) [][]text {
	texts := make([][]text, len(phrasings))
	for d := range phrasings {
		for _, words := range phrasings[d] {
			t := text{grams: make([]int32, 0, gramsAWord*len(words))}
			for _, w := range words {
				t.grams = append(t.grams, x.known[w].grams...)
			}
			t.stems = x.joinedStems(words)
			texts[d] = append(texts[d], t)
		}
	}
	return texts
}

func (x *Index) joinedStems(words []int32) []int32 {
	stems := make([]int32, len(words))
	for i, w := range words {
		stems[i] = x.known[w].stem
	}
	return x.groups.join(stems)
}

// learnHolders notes which documents have which stems.
func (x *Index) learnHolders(texts [][]text, contexts [][]int32) {
	x.holders = make([][]int32, len(x.stems))
	for d := range texts {
		for _, t := range texts[d] {
			x.hold(int32(d), t.stems)
		}
		x.hold(int32(d), x.joinedStems(contexts[d]))
	}
}

func (x *Index) hold(doc int32, stems []int32) {
	for _, s := range stems {
		h := &x.holders[s]
		if n := len(*h); n == 0 || (*h)[n-1] != doc {
			*h = append(*h, doc)
		}
	}
}
