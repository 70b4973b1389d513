package match

import "slices"

// groups joins the members of each group of Words to one stem.
type groups struct {
	sequences map[int32][]sequence // by first stem, longest first
}

type sequence struct {
	stems []int32
	as    int32
}

func newGroups(x *Index, words Words) groups {
	g := groups{map[int32][]sequence{}}
	langs := make([]string, 0, len(words))
	for lang := range words {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	for _, lang := range langs {
		for _, group := range words[lang] {
			g.add(x, lang, group)
		}
	}
	return g
}

// add makes every member count as the first. A member under "all" is stemmed in every
// language.
func (g groups) add(x *Index, lang string, group []string) {
	as := unknown
	langs := []string{lang}
	if lang == "all" {
		langs = x.langs
	}
	for _, member := range group {
		for _, l := range langs {
			var stems []int32
			for _, w := range fold(member) {
				stems = append(stems, feature(x, x.stems, stem(w, l)))
			}
			if len(stems) == 0 {
				continue
			}
			if as == unknown {
				as = feature(x, x.stems, "="+member)
			}
			first := stems[0]
			g.sequences[first] = append(g.sequences[first], sequence{stems, as})
			slices.SortStableFunc(g.sequences[first], func(a, b sequence) int { return len(b.stems) - len(a.stems) })
		}
	}
}

// join replaces in place the stems that are a member of a group.
func (g groups) join(stems []int32) []int32 {
	if len(g.sequences) == 0 {
		return stems
	}
	out := stems[:0]
	for len(stems) > 0 {
		as, n := stems[0], 1
		for _, s := range g.sequences[stems[0]] {
			if len(s.stems) <= len(stems) && slices.Equal(s.stems, stems[:len(s.stems)]) {
				as, n = s.as, len(s.stems)
				break
			}
		}
		out = append(out, as)
		stems = stems[n:]
	}
	return out
}
