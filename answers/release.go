package answers

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// release reads a release.md: front matter between two lines `---`, then the text, its paragraphs apart.
func (d *draft) release(id, file string, data []byte) *Release {
	release := &Release{ID: id, Position: Position{File: file, Line: 1, Column: 1}}
	r := &reader{file: file, above: 1, problems: &d.problems}
	if !utf8.Valid(data) {
		line := 1 + bytes.Count(validPrefix(data), []byte("\n"))
		r.note(Position{File: file, Line: line}, false, "save the file as UTF-8", "not UTF-8")
		return release
	}
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(string(data), "\uFEFF"), "\r\n", "\n"), "\n")
	matter, body, ok := frontMatter(lines)
	if !ok {
		r.note(release.Position, false, "begin with a line `---`, then title, publisher, lang, date and url, then another line `---`", "no front matter")
		return release
	}
	d.matter(r, release, r.parse([]byte(strings.Join(matter, "\n")), "write title, publisher, lang, date and url between the lines `---`"))
	release.Paragraphs, release.lines = paragraphs(body, len(lines)-len(body))
	if len(release.Paragraphs) == 0 {
		r.note(Position{File: file, Line: len(lines)}, false, "write the release's text below the front matter", "the release has no text")
	}
	return release
}

func validPrefix(data []byte) []byte {
	for i := 0; i < len(data); {
		letter, size := utf8.DecodeRune(data[i:])
		if letter == utf8.RuneError && size == 1 {
			return data[:i]
		}
		i += size
	}
	return data
}

// frontMatter splits a file's lines at the two lines `---`.
func frontMatter(lines []string) (matter, body []string, ok bool) {
	if strings.TrimRight(lines[0], " \t") != "---" {
		return nil, nil, false
	}
	for i, line := range lines[1:] {
		if strings.TrimRight(line, " \t") == "---" {
			return lines[1 : i+1], lines[i+2:], true
		}
	}
	return nil, nil, false
}

// paragraphs are the parts between blank lines, white space folded, and the lines they begin at.
func paragraphs(lines []string, above int) (texts []string, starts []int) {
	begun := false
	for i, line := range lines {
		line = fold(line)
		switch {
		case line == "":
			begun = false
		case begun:
			texts[len(texts)-1] += " " + line
		default:
			begun = true
			texts, starts = append(texts, line), append(starts, above+i+1)
		}
	}
	return texts, starts
}

// fold makes each run of white space one space.
func fold(text string) string { return strings.Join(strings.Fields(text), " ") }

func (d *draft) matter(r *reader, release *Release, n *yaml.Node) {
	if n == nil {
		return
	}
	f := r.fields(n, "title", "publisher", "lang", "date", "url", "embargo", "sources")
	if f == nil {
		return
	}
	release.Title = fold(r.required(n, f, "title"))
	release.Publisher = r.required(n, f, "publisher")
	release.Lang = r.required(n, f, "lang")
	release.Date = r.date(f["date"], r.required(n, f, "date"))
	release.URL = r.url(f["url"], r.required(n, f, "url"))
	release.Embargo = r.moment(f["embargo"])
	r.entries(f["sources"], func(key, value *yaml.Node) {
		release.Sources = append(release.Sources, r.source(key, value))
	})
}

func (r *reader) source(key, n *yaml.Node) Source {
	source := Source{ID: key.Value}
	if n == nil {
		r.fail(key, "give it a title and a url, or remove it", "the source %q is empty", key.Value)
		return source
	}
	f := r.fields(n, "title", "publisher", "url", "date")
	if f == nil {
		return source
	}
	source.Title = fold(r.required(n, f, "title"))
	source.Publisher = r.scalar(f["publisher"])
	source.URL = r.url(f["url"], r.required(n, f, "url"))
	source.Date = r.date(f["date"], r.scalar(f["date"]))
	return source
}

func (r *reader) date(n *yaml.Node, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		r.fail(n, "write year-month-day, such as 2018-09-12", "not a date: %q", text)
	}
	return date
}

func (r *reader) moment(n *yaml.Node) time.Time {
	text := r.scalar(n)
	if text == "" {
		return time.Time{}
	}
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.fail(n, "write date, time and zone, such as 2018-09-12T10:00:00+05:00", "not a moment: %q", text)
	}
	return moment
}

func (r *reader) url(n *yaml.Node, text string) string {
	if text != "" && !isWeb(text) {
		r.fail(n, "write the whole address, such as https://example.org/news/1", "not a web address: %q", text)
	}
	return text
}
