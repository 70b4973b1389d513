package main

import (
	"encoding/json"
	"math"

	"releasebot/answers"
	"releasebot/answers/match"
)

// The JSON of `ask --json`. Other programs read it: fields are added, never renamed or removed.
type (
	replyJSON struct {
		Question    string           `json:"question"`
		Lang        string           `json:"lang"`
		Kind        answers.Kind     `json:"kind"`
		Confidence  float64          `json:"confidence"`
		Pair        any              `json:"pair,omitempty"` // pairJSON for an answer, gapJSON for a gap
		Suggestions []suggestionJSON `json:"suggestions,omitempty"`
		*explanationJSON
	}
	explanationJSON struct {
		Reading readingJSON  `json:"reading"`
		Ranking []rankedJSON `json:"ranking"`
	}
	pairJSON struct {
		ID       string       `json:"id"`
		Release  string       `json:"release"`
		Revision string       `json:"revision"`
		Question string       `json:"question"`
		Answer   string       `json:"answer"`
		Quotes   []quoteJSON  `json:"quotes"`
		Sources  []sourceJSON `json:"sources"`
	}
	gapJSON struct {
		ID       string `json:"id"`
		Question string `json:"question"`
	}
	quoteJSON struct {
		Text      string `json:"text"`
		Speaker   string `json:"speaker"`
		Paragraph int    `json:"paragraph"`
		URL       string `json:"url"`
	}
	sourceJSON struct {
		Title string `json:"title"`
		URL   string `json:"url"`
	}
	suggestionJSON struct {
		ID         string      `json:"id"`
		Question   string      `json:"question"`
		Confidence float64     `json:"confidence"`
		Quotes     []quoteJSON `json:"quotes"`
	}
	readingJSON struct {
		Text        string           `json:"text"`
		Lang        string           `json:"lang"`
		How         string           `json:"how"`
		Corrections []correctionJSON `json:"corrections,omitempty"`
	}
	correctionJSON struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	rankedJSON struct {
		ID         string       `json:"id"`
		Confidence float64      `json:"confidence"`
		Why        []reasonJSON `json:"why"`
	}
	reasonJSON struct {
		Name  string  `json:"name"`
		Value float64 `json:"value"`
	}
)

// encode writes a value as a line of JSON.
func (t *terminal) encode(value any) error {
	encoder := json.NewEncoder(t.out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func (a *asker) replyJSON(r answers.Reply) replyJSON {
	reply := replyJSON{Question: r.Question, Lang: r.Lang, Kind: r.Kind, Confidence: rounded(r.Confidence)}
	switch {
	case r.Pair != nil:
		reply.Pair = a.pairJSON(r.Pair, r.Lang)
	case r.Gap != nil:
		reply.Pair = gapJSON{r.Gap.ID, a.in(r.Gap.Question, r.Lang)}
	}
	for _, s := range r.Suggestions {
		reply.Suggestions = append(reply.Suggestions, suggestionJSON{
			s.Pair.ID, a.in(s.Pair.Question, r.Lang), rounded(s.Confidence), quotesJSON(s.Pair.Quotes),
		})
	}
	if a.explain {
		reply.explanationJSON = explain(r)
	}
	return reply
}

// in is a text in the language of the reply, or the one that the library falls back to.
func (a *asker) in(text answers.Text, lang string) string {
	words, _ := text.In(lang, a.library.Languages[0])
	return words
}

func (a *asker) pairJSON(p *answers.Pair, lang string) pairJSON {
	pair := pairJSON{
		ID: p.ID, Release: p.Release.ID, Revision: p.Revision,
		Question: a.in(p.Question, lang), Answer: a.in(p.Answer, lang), Quotes: quotesJSON(p.Quotes),
	}
	for _, s := range sourcesOf(p) {
		pair.Sources = append(pair.Sources, sourceJSON{s.Title, s.URL})
	}
	return pair
}

// sourcesOf are the release itself and the pages that bear the answer out.
func sourcesOf(p *answers.Pair) []answers.Source {
	r := p.Release
	own := answers.Source{ID: r.ID, Title: r.Title, Publisher: r.Publisher, URL: r.URL, Date: r.Date}
	return append([]answers.Source{own}, p.Sources...)
}

func quotesJSON(quotes []answers.Quote) []quoteJSON {
	list := make([]quoteJSON, len(quotes))
	for i, q := range quotes {
		list[i] = quoteJSON(q)
	}
	return list
}

func explain(r answers.Reply) *explanationJSON {
	e := &explanationJSON{Reading: readingJSON{Text: r.Reading.Text, Lang: r.Reading.Lang, How: r.Reading.How}, Ranking: []rankedJSON{}}
	for _, c := range r.Reading.Corrections {
		e.Reading.Corrections = append(e.Reading.Corrections, correctionJSON(c))
	}
	for _, ranked := range r.Ranking {
		e.Ranking = append(e.Ranking, rankedJSON{ranked.ID, rounded(ranked.Confidence), reasonsJSON(ranked.Why)})
	}
	return e
}

func reasonsJSON(why []match.Reason) []reasonJSON {
	list := make([]reasonJSON, len(why))
	for i, reason := range why {
		list[i] = reasonJSON{reason.Name, rounded(reason.Value)}
	}
	return list
}

// rounded keeps four decimals: enough to tell any two confidences apart that matter.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }
