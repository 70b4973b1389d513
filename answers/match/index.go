package match

import "sync"

// Index finds documents. It never changes after New and is safe for concurrent use.
type Index struct {
	langs  []string
	words  map[string]int32 // folded word to its place in known
	known  []word
	stems  map[string]int32 // features, by what they are of
	pairs  map[[2]int32]int32
	grams  map[string]int32
	groups groups
	spell  speller

	docs    int
	idf     []float32 // by feature
	missing float32   // the idf of a feature no phrasing has
	rows    []row
	holders [][]int32 // the documents that hold a stem, in phrasings or context, by feature

	thresholds Thresholds
	scratch    sync.Pool
}

// word is a word of some phrasing or context.
type word struct {
	text  string
	uses  []int32 // in phrasings, by language
	lang  int     // the language that uses it most
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
	x.scratch.New = func() any { return newScratch(len(docs)) }
	texts := x.learnWords(docs)
	x.groups = newGroups(x, words)
	examples := x.learnFeatures(texts)
	x.learnContext(docs, texts)
	x.spell = newSpeller(x.known)
	x.train(examples)
	x.thresholds = x.hide(examples)
	return x
}

// learnWords returns the words of every phrasing, by document.
func (x *Index) learnWords(docs []Document) [][][]int32 {
	texts := make([][][]int32, len(docs))
	for d, doc := range docs {
		for _, p := range doc.Phrasings {
			lang := x.lang(p.Lang)
			texts[d] = append(texts[d], x.learnText(p.Text, lang))
		}
	}
	for i := range x.known {
		w := &x.known[i]
		w.lang = mostUsed(w.uses)
		x.finish(w)
	}
	return texts
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

func (x *Index) learnText(text string, lang int) []int32 {
	var ids []int32
	for _, f := range fold(text) {
		id := x.learnWord(f)
		uses := &x.known[id].uses
		for len(*uses) <= lang {
			*uses = append(*uses, 0)
		}
		(*uses)[lang]++
		ids = append(ids, id)
	}
	return ids
}

func (x *Index) learnWord(folded string) int32 {
	id, ok := x.words[folded]
	if !ok {
		id = int32(len(x.known))
		x.words[folded] = id
		x.known = append(x.known, word{text: folded})
	}
	return id
}

func mostUsed(uses []int32) (lang int) {
	for l, n := range uses {
		if n > uses[lang] {
			lang = l
		}
	}
	return lang
}

// finish finds a word's features.
func (x *Index) finish(w *word) {
	w.stem = feature(x, x.stems, stem(w.text, x.langs[w.lang]))
	for g := range grams(w.text) {
		w.grams = append(w.grams, feature(x, x.grams, g))
	}
}

// feature returns the number of a feature, a new one if need be.
func feature[K comparable](x *Index, m map[K]int32, key K) int32 {
	id, ok := m[key]
	if !ok {
		id = int32(len(x.idf))
		m[key] = id
		x.idf = append(x.idf, 0)
	}
	return id
}

// learnContext notes which documents hold which stems.
func (x *Index) learnContext(docs []Document, texts [][][]int32) {
	held := map[[2]int32]bool{}
	hold := func(doc int, words []int32) {
		for _, s := range x.groups.join(x.stemsOf(words)) {
			key := [2]int32{s, int32(doc)}
			if held[key] {
				continue
			}
			held[key] = true
			for len(x.holders) <= int(s) {
				x.holders = append(x.holders, nil)
			}
			x.holders[s] = append(x.holders[s], int32(doc))
		}
	}
	for d, doc := range docs {
		for _, words := range texts[d] {
			hold(d, words)
		}
		for _, text := range doc.Context {
			hold(d, x.contextWords(text))
		}
	}
}

// contextWords are the words of a text in whatever language it seems to be.
func (x *Index) contextWords(text string) []int32 {
	folded := fold(text)
	lang := x.detect(text, folded)
	ids := make([]int32, len(folded))
	for i, f := range folded {
		id := x.learnWord(f)
		if w := &x.known[id]; w.grams == nil {
			w.lang = max(lang, 0)
			if len(x.langs) > 0 {
				x.finish(w)
			}
		}
		ids[i] = id
	}
	return ids
}

func (x *Index) stemsOf(words []int32) []int32 {
	stems := make([]int32, len(words))
	for i, w := range words {
		stems[i] = x.known[w].stem
	}
	return stems
}
