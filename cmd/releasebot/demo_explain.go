package main

import (
	"cmp"

	"releasebot/answers"
	"releasebot/bot/sandbox/web"
)

// examples are the first questions of the first topics, in each language.
func (d *demo) examples() map[string][]string {
	const most = 3
	library := d.library.Load()
	examples := map[string][]string{}
	for _, topic := range library.Topics[:min(most, len(library.Topics))] {
		for _, lang := range library.Languages {
			if q := topic.Pairs[0].Question[lang]; q != "" {
				examples[lang] = append(examples[lang], q)
			}
		}
	}
	return examples
}

// explain asks the library as the bot does, and shows how it came to its answer.
func (d *demo) explain(question string) web.Explanation {
	library := d.library.Load()
	r := library.Ask(question, "")
	e := web.Explanation{
		Question: question, Read: r.Reading.Text, How: r.Reading.How, Lang: r.Reading.Lang, Corrections: []web.Correction{},
		Kind: string(r.Kind), Confidence: r.Confidence,
		Answer: library.Thresholds().Answer, Suggest: library.Thresholds().Suggest,
	}
	for _, c := range r.Reading.Corrections {
		e.Corrections = append(e.Corrections, web.Correction(c))
	}
	for _, ranked := range r.Ranking {
		e.Ranking = append(e.Ranking, d.ranked(library, ranked, cmp.Or(r.Lang, library.Languages[0])))
	}
	return e
}

func (d *demo) ranked(library *answers.Library, r answers.Ranked, lang string) web.Ranked {
	view := web.Ranked{ID: r.ID, Confidence: r.Confidence, Why: []web.Reason{}}
	for _, reason := range r.Why {
		view.Why = append(view.Why, web.Reason(reason))
	}
	var question answers.Text
	var at answers.Position
	if p := library.Pair(r.ID); p != nil {
		question, at = p.Question, p.Position
	} else if g := library.Gap(r.ID); g != nil {
		question, at, view.Gap = g.Question, g.Position, true
	}
	view.Question, _ = question.In(lang, library.Languages[0])
	view.File, view.Line = d.source.path(at.File), at.Line
	return view
}
