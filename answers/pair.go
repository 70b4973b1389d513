package answers

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxID is what Telegram's 64 bytes of callback data leave for an id.
const maxID = 60

func (d *draft) readPair(r *reader, release *Release, n *yaml.Node) {
	f := r.fields(n, "id", "topic", "question", "phrasings", "answer", "quotes", "sources", "related")
	if f == nil {
		return
	}
	p := &Pair{ID: d.id(r, n, f), Release: release, Position: r.position(n)}
	if !d.claim(r, f["id"], p.ID, item{pair: p}) {
		return
	}
	p.Topic = d.readTopic(r, n, f["topic"])
	p.Question = d.text(r, n, f, "question")
	p.Answer = d.text(r, n, f, "answer")
	p.Phrasings = d.readPhrasings(r, p.ID, p.Question, f)
	p.Quotes = d.readQuotes(r, release, n, f["quotes"])
	p.Sources = d.readSources(r, release, f["sources"])
	d.mention(r, f["related"], p.ID, func(other *Pair) { p.Related = append(p.Related, other) })
	d.checkLanguages(r, n, map[string]Text{"question": p.Question, "answer": p.Answer})
	d.checkScreen(r, n, f, p)
	p.Revision = revision(p)
	release.Pairs = append(release.Pairs, p)
}

func (d *draft) readGap(r *reader, release *Release, n *yaml.Node) {
	f := r.fields(n, "id", "question", "phrasings", "nearest")
	if f == nil {
		return
	}
	g := &Gap{ID: d.id(r, n, f), Release: release, Position: r.position(n)}
	if !d.claim(r, f["id"], g.ID, item{}) {
		return
	}
	g.Question = d.text(r, n, f, "question")
	g.Phrasings = d.readPhrasings(r, g.ID, g.Question, f)
	d.mention(r, f["nearest"], g.ID, func(p *Pair) { g.Nearest = append(g.Nearest, p) })
	d.checkLanguages(r, n, map[string]Text{"question": g.Question})
	d.checkButton(r, f["question"], g.Question)
	release.Gaps = append(release.Gaps, g)
}

// id is the id among a pair's, gap's or topic's fields.
func (d *draft) id(r *reader, owner *yaml.Node, f map[string]*yaml.Node) string {
	id := r.required(owner, f, "id")
	if id == "" {
		return ""
	}
	r.checkID(r.position(f["id"]), id)
	return id
}

func (r *reader) checkID(at Position, id string) {
	switch {
	case strings.ContainsFunc(id, unicode.IsSpace):
		r.note(at, false, "put - in place of the spaces", "%q cannot be an id", id)
	case len(id) > maxID:
		r.note(at, false, fmt.Sprintf("it has %d bytes; take %d at most", len(id), maxID), "%q cannot be an id", id)
	case strings.ContainsFunc(id, notInLinks):
		r.note(at, true, "take letters a-z, digits, - and _ only", "the id %q has no link to share, for Telegram's links cannot hold it", id)
	}
}

func notInLinks(r rune) bool {
	return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
}

// claim makes an id the item's, unless another has it.
func (d *draft) claim(r *reader, n *yaml.Node, id string, claimer item) bool {
	if id == "" {
		return true
	}
	if first, taken := d.items[id]; taken {
		r.fail(n, fmt.Sprintf("it is that of %s:%d; give each pair and gap an id of its own", first.at.File, first.at.Line), "the id %q stands twice", id)
		return false
	}
	claimer.at = r.position(n)
	d.items[id] = claimer
	return true
}

func (d *draft) readTopic(r *reader, owner, n *yaml.Node) *Topic {
	id := r.scalar(n)
	if n == nil && len(d.topics) > 0 {
		if len(d.topics) > 1 {
			r.warn(owner, "add `topic: ...`", "no topic, so it stands under %q", d.topics[0].ID)
		}
		return d.topics[0]
	}
	topic := d.topic(id)
	if topic == nil && n != nil && n.Kind == yaml.ScalarNode {
		ids := make([]string, len(d.topics))
		for i, t := range d.topics {
			ids[i] = t.ID
		}
		r.fail(n, oneOf(id, ids), "library.yaml has no topic %q", id)
	}
	return topic
}

// text is a field that says one thing in several languages, the fall-back at least.
func (d *draft) text(r *reader, owner *yaml.Node, f map[string]*yaml.Node, name string) Text {
	n := f[name]
	text := Text{}
	d.byLanguage(r, n, func(lang string, value *yaml.Node) {
		if said := r.scalar(value); said != "" {
			text[lang] = said
		}
	})
	if len(d.languages) == 0 || n != nil && n.Kind != yaml.MappingNode {
		return text
	}
	if at := n; text[d.languages[0]] == "" {
		if at == nil {
			at = owner
		}
		r.fail(at, fmt.Sprintf("add `%s: {%s: ...}`, since %[2]s is the first of the languages in library.yaml", name, d.languages[0]), "no %s in %s", name, d.languages[0])
	}
	return text
}

func (d *draft) byLanguage(r *reader, n *yaml.Node, each func(lang string, value *yaml.Node)) {
	if n != nil && n.Kind != yaml.MappingNode && len(d.languages) > 0 {
		r.fail(n, fmt.Sprintf("write `%s: ...` on a line of its own below, and so each language", d.languages[0]), "expected a text for each language, found one for all")
		return
	}
	r.entries(n, func(key, value *yaml.Node) {
		if len(d.languages) > 0 && !slices.Contains(d.languages, key.Value) {
			r.fail(key, oneOf(key.Value, d.languages)+"; languages are listed in library.yaml", "unknown language %q", key.Value)
			return
		}
		each(key.Value, value)
	})
}

// readPhrasings are the other ways to ask; the question itself is noted as one.
func (d *draft) readPhrasings(r *reader, id string, question Text, f map[string]*yaml.Node) map[string][]string {
	for _, lang := range d.languages {
		if text := question[lang]; text != "" {
			d.phrasings = append(d.phrasings, phrasing{id, lang, text, r.position(valueOf(f["question"], lang))})
		}
	}
	phrasings := map[string][]string{}
	d.byLanguage(r, f["phrasings"], func(lang string, value *yaml.Node) {
		for _, n := range r.list(value) {
			if text := fold(r.scalar(n)); text != "" {
				phrasings[lang] = append(phrasings[lang], text)
				d.phrasings = append(d.phrasings, phrasing{id, lang, text, r.position(n)})
			}
		}
	})
	return phrasings
}

func (d *draft) readQuotes(r *reader, release *Release, owner, n *yaml.Node) []Quote {
	var quotes []Quote
	items := r.list(n)
	for _, item := range items {
		at, quote := item, Quote{}
		if item.Kind == yaml.MappingNode {
			f := r.fields(item, "text", "speaker")
			if f["text"] == nil {
				r.fail(item, "add `text: ...`", "text is missing")
				continue
			}
			at, quote.Speaker = f["text"], r.scalar(f["speaker"])
			if f["speaker"] != nil && quote.Speaker == "" {
				r.fail(f["speaker"], "name who says it, or remove the key", "speaker is empty")
			}
		}
		quote.Text = fold(r.scalar(at))
		if at.Kind == yaml.ScalarNode && d.locate(r, release, at, &quote) {
			quotes = append(quotes, quote)
		}
	}
	if len(items) == 0 && (n == nil || n.Kind == yaml.SequenceNode) {
		r.fail(owner, "add `quotes:` with the sentence of the release that says it", "no quote")
	}
	return quotes
}

// locate finds a quote in its release, which must have it word for word.
func (d *draft) locate(r *reader, release *Release, at *yaml.Node, quote *Quote) bool {
	if quote.Text == "" {
		r.fail(at, "copy a passage of the release", "the quote is empty")
		return false
	}
	paragraph, ok := release.find(quote.Text)
	if !ok {
		if len(release.Paragraphs) > 0 { // else that is the problem, and reported
			r.fail(at, release.correction(quote.Text), "the quote is not in the release")
		}
		return false
	}
	quote.Paragraph, quote.URL = paragraph, release.link(quote.Text)
	return true
}

func (d *draft) readSources(r *reader, release *Release, n *yaml.Node) []Source {
	var sources []Source
	for _, item := range r.list(n) {
		id := r.scalar(item)
		i := slices.IndexFunc(release.Sources, func(s Source) bool { return s.ID == id })
		if i < 0 {
			ids := make([]string, len(release.Sources))
			for i, s := range release.Sources {
				ids[i] = s.ID
			}
			r.fail(item, oneOf(id, ids)+"; sources stand in release.md", "the release has no source %q", id)
			continue
		}
		sources = append(sources, release.Sources[i])
	}
	return sources
}

// mention notes the pairs that a list names.
func (d *draft) mention(r *reader, n *yaml.Node, own string, take func(*Pair)) {
	for _, item := range r.list(n) {
		switch id := r.scalar(item); id {
		case "":
		case own:
			r.fail(item, "name another", "%q names itself", id)
		default:
			d.mentions = append(d.mentions, mention{id, r.position(item), take})
		}
	}
}
