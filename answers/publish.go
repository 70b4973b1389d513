package answers

import (
	"slices"
	"sync"
	"time"

	"releasebot/answers/match"
)

// publish makes the library of what is public at now. The draft cannot be used afterwards: the library takes over what it read.
func (d *draft) publish(now time.Time) *Library {
	l := &Library{
		Office: d.office, Languages: d.languages, version: d.version(),
		pairs: map[string]*Pair{}, gaps: map[string]*Gap{},
	}
	for _, r := range d.releases {
		if r.Embargo.After(now) {
			if l.expires.IsZero() || r.Embargo.Before(l.expires) {
				l.expires = r.Embargo
			}
			continue
		}
		l.Releases = append(l.Releases, r)
	}
	for _, r := range l.Releases {
		l.add(r, now)
	}
	for _, t := range d.topics {
		if len(t.Pairs) > 0 {
			l.Topics = append(l.Topics, t)
		}
	}
	documents := l.documents()
	l.index = sync.OnceValue(func() *match.Index { return match.New(documents, d.words) })
	go l.index()
	l.corpus = newCorpus(l.Releases)
	return l
}

// add puts a release's pairs and gaps in their places, without what they say of releases under embargo.
func (l *Library) add(r *Release, now time.Time) {
	secret := func(p *Pair) bool { return p.Release.Embargo.After(now) }
	for _, p := range r.Pairs {
		p.Related = slices.DeleteFunc(p.Related, secret)
		p.Topic.Pairs = append(p.Topic.Pairs, p)
		l.pairs[p.ID] = p
		l.entries = append(l.entries, entry{pair: p})
	}
	for _, g := range r.Gaps {
		g.Nearest = slices.DeleteFunc(g.Nearest, secret)
		l.gaps[g.ID] = g
		l.entries = append(l.entries, entry{gap: g})
	}
}

// documents are the pairs and gaps as the index wants them, in the order of entries.
func (l *Library) documents() []match.Document {
	documents := make([]match.Document, len(l.entries))
	for i, e := range l.entries {
		if e.gap != nil {
			documents[i] = match.Document{ID: e.gap.ID, Phrasings: l.ways(e.gap.Question, e.gap.Phrasings)}
			continue
		}
		documents[i] = match.Document{ID: e.pair.ID, Phrasings: l.ways(e.pair.Question, e.pair.Phrasings), Context: e.pair.context(l.Languages)}
		for _, way := range documents[i].Phrasings {
			l.known = append(l.known, known{e.pair, way.Lang, way.Text})
		}
	}
	return documents
}

// ways are all ways to ask a question, the question itself first.
func (l *Library) ways(question Text, phrasings map[string][]string) []match.Phrasing {
	var ways []match.Phrasing
	for _, lang := range l.Languages {
		if question[lang] != "" {
			ways = append(ways, match.Phrasing{Lang: lang, Text: question[lang]})
		}
	}
	for _, lang := range l.Languages {
		for _, text := range phrasings[lang] {
			ways = append(ways, match.Phrasing{Lang: lang, Text: text})
		}
	}
	return ways
}

// context is what a pair says.
func (p *Pair) context(languages []string) []string {
	var said []string
	for _, lang := range languages {
		if p.Answer[lang] != "" {
			said = append(said, p.Answer[lang])
		}
	}
	for _, quote := range p.Quotes {
		said = append(said, quote.Text)
	}
	return said
}
