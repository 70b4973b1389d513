package answers

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"releasebot/answers/match"

	"go.yaml.in/yaml/v3"
)

// Load reads the content in fsys as it is public at now. The error is Problems when the content is wrong: then nothing is loaded.
// The library's index goes on learning for a moment; see Library.Wait.
func Load(fsys fs.FS, now time.Time) (*Library, error) {
	d := read(fsys)
	if wrong := d.problems.Errors(); len(wrong) > 0 {
		return nil, wrong
	}
	return d.publish(now), nil
}

// draft is the content of the files, embargoed releases too, before it is known to be right.
type draft struct {
	fsys      fs.FS
	sum       hash.Hash
	office    Office
	languages []string
	topics    []*Topic
	words     match.Words
	releases  []*Release
	items     map[string]item // pairs and gaps by id
	phrasings []phrasing
	mentions  []mention
	problems  Problems
	unread    map[string][]byte // files that are missing or not YAML: what refers to what they would say is not to blame
}

// item is a pair or a gap. They share one name space.
type item struct {
	pair *Pair
	at   Position
}

// phrasing is one way to ask for a pair or gap, its question included.
type phrasing struct {
	id, lang, text string
	at             Position
}

// mention is an id of a pair in another's file, to be resolved once all are read.
type mention struct {
	id   string
	at   Position
	take func(*Pair)
}

func read(fsys fs.FS) *draft {
	d := &draft{fsys: fsys, sum: sha256.New(), items: map[string]item{}, unread: map[string][]byte{}}
	d.readLibrary()
	folders, err := fs.ReadDir(fsys, "releases")
	if err != nil {
		d.missing("releases", "make a folder releases/ with one folder a release", err)
	}
	for _, folder := range folders {
		// Stat follows symbolic links, which is how some systems mount a folder.
		info, err := fs.Stat(fsys, path.Join("releases", folder.Name()))
		if err == nil && info.IsDir() && !strings.HasPrefix(folder.Name(), ".") {
			d.readRelease(folder.Name())
		}
	}
	if err == nil && len(d.releases) == 0 {
		d.missing("releases", "make a folder in it for each release, with release.md and pairs.yaml", errors.New("there is no release"))
	}
	slices.SortStableFunc(d.releases, func(a, b *Release) int { return cmp.Or(b.Date.Compare(a.Date), strings.Compare(a.ID, b.ID)) })
	d.resolve()
	d.problems.sort()
	return d
}

// file is the content of a file; nil, with the problem noted, if it cannot be read.
func (d *draft) file(name, hint string) []byte {
	data, err := fs.ReadFile(d.fsys, name)
	if err != nil {
		d.missing(name, hint, err)
		return nil
	}
	fmt.Fprintf(d.sum, "%s %d\n", name, len(data))
	d.sum.Write(data)
	return data
}

func (d *draft) missing(name, hint string, err error) {
	d.unread[name] = nil
	message := err.Error()
	if errors.Is(err, fs.ErrNotExist) {
		message = "it is not there"
	}
	d.problems = append(d.problems, Problem{File: name, Message: message, Hint: hint})
}

func (d *draft) readLibrary() {
	const name = "library.yaml"
	data := d.file(name, "write it with office, languages and topics")
	if data == nil {
		return
	}
	r := &reader{file: name, problems: &d.problems}
	n := r.parse(data, "write office, languages and topics")
	if n == nil {
		return
	}
	f := r.fields(n, "office", "languages", "topics", "words")
	if f == nil {
		return
	}
	d.readLanguages(r, n, f["languages"])
	d.readOffice(r, n, f["office"])
	d.readTopics(r, f["topics"])
	d.readWords(r, f["words"])
}

func (d *draft) readOffice(r *reader, owner, n *yaml.Node) {
	if n == nil {
		r.fail(owner, "add `office: {name: {...}, contact: {...}}`", "office is missing")
		return
	}
	f := r.fields(n, "name", "contact")
	if f == nil {
		return
	}
	d.office.Name = d.text(r, n, f, "name")
	if f["contact"] != nil {
		d.office.Contact = d.text(r, n, f, "contact")
	}
}

func (d *draft) readLanguages(r *reader, owner, n *yaml.Node) {
	items := r.list(n)
	for _, item := range items {
		lang := r.scalar(item)
		switch {
		case lang == "":
		case strings.ContainsFunc(lang, func(r rune) bool { return !isLetter(r) && r != '-' }):
			r.fail(item, "write a code such as en, ru or kk", "not a language: %q", lang)
		case slices.Contains(d.languages, lang):
			r.fail(item, "keep one", "the language %q stands twice", lang)
		default:
			d.languages = append(d.languages, lang)
		}
	}
	if len(items) == 0 && (n == nil || n.Kind == yaml.SequenceNode) {
		r.fail(owner, "add `languages: [en]`, the fall-back first", "languages is missing")
	}
}

func (d *draft) readTopics(r *reader, n *yaml.Node) {
	for _, item := range r.list(n) {
		f := r.fields(item, "id", "name")
		if f == nil {
			continue
		}
		topic := &Topic{ID: d.id(r, item, f), Name: d.text(r, item, f, "name")}
		if d.topic(topic.ID) != nil {
			r.fail(f["id"], "give each topic an id of its own", "the topic %q stands twice", topic.ID)
			continue
		}
		d.topics = append(d.topics, topic)
	}
	if len(d.topics) == 0 {
		// A small library needs no topics: then there is one, named for the office.
		d.topics = []*Topic{{ID: "all", Name: d.office.Name}}
	}
}

func (d *draft) topic(id string) *Topic {
	for _, t := range d.topics {
		if t.ID == id {
			return t
		}
	}
	return nil
}

func (d *draft) readWords(r *reader, n *yaml.Node) {
	d.words = match.Words{}
	r.entries(n, func(key, value *yaml.Node) {
		if known := append([]string{"all"}, d.languages...); !slices.Contains(known, key.Value) {
			r.fail(key, oneOf(key.Value, known), "unknown language %q", key.Value)
			return
		}
		for _, group := range r.list(value) {
			var words []string
			for _, word := range r.list(group) {
				words = append(words, r.scalar(word))
			}
			d.words[key.Value] = append(d.words[key.Value], words)
		}
	})
}

func (d *draft) readRelease(id string) {
	folder := path.Join("releases", id)
	d.strangers(folder)
	file := path.Join(folder, "release.md")
	data := d.file(file, "write the release's front matter and text there")
	if data == nil {
		return
	}
	release := d.release(id, file, data)
	(&reader{file: folder, problems: &d.problems}).checkID(Position{File: folder}, id)
	d.releases = append(d.releases, release)
	d.readItems(path.Join(folder, "pairs.yaml"), "write the release's questions and answers there", func(r *reader, n *yaml.Node) { d.readPair(r, release, n) })
	if gaps := path.Join(folder, "gaps.yaml"); d.exists(gaps) {
		d.readItems(gaps, "", func(r *reader, n *yaml.Node) { d.readGap(r, release, n) })
	}
}

func (d *draft) exists(name string) bool {
	_, err := fs.Stat(d.fsys, name)
	return !errors.Is(err, fs.ErrNotExist)
}

// strangers warns of files that nothing reads, such as a gap.yaml.
func (d *draft) strangers(folder string) {
	own := []string{"release.md", "pairs.yaml", "gaps.yaml"}
	files, err := fs.ReadDir(d.fsys, folder)
	if err != nil {
		d.missing(folder, "make it readable", err)
	}
	for _, file := range files {
		if name := file.Name(); !slices.Contains(own, name) && !strings.HasPrefix(name, ".") {
			d.problems = append(d.problems, Problem{File: path.Join(folder, name), Warning: true, Message: "nothing reads this file", Hint: oneOf(name, own)})
		}
	}
}

func (d *draft) readItems(name, hint string, readItem func(*reader, *yaml.Node)) {
	data := d.file(name, hint)
	if data == nil {
		return
	}
	r := &reader{file: name, problems: &d.problems}
	for _, n := range r.list(r.parse(data, "")) {
		readItem(r, n)
	}
	if r.broken {
		d.unread[name] = data
	}
}

// resolve puts pairs in place of the ids that name them.
func (d *draft) resolve() {
	var ids []string
	for _, m := range d.mentions {
		named, ok := d.items[m.id]
		if ok && named.pair != nil {
			m.take(named.pair)
			continue
		}
		if !ok && d.mayHave(m.id) {
			continue
		}
		hint := "name a pair"
		message := fmt.Sprintf("%q is a gap, which has no answer", m.id)
		if !ok {
			if ids == nil {
				ids = slices.DeleteFunc(slices.Sorted(maps.Keys(d.items)), func(id string) bool { return d.items[id].pair == nil })
			}
			message, hint = fmt.Sprintf("there is no pair %q", m.id), oneOf(m.id, ids)
		}
		d.problems = append(d.problems, Problem{File: m.at.File, Line: m.at.Line, Column: m.at.Column, Message: message, Hint: hint})
	}
}

// mayHave tells whether a file that could not be read has the id.
func (d *draft) mayHave(id string) bool {
	for _, data := range d.unread {
		if bytes.Contains(data, []byte(id)) {
			return true
		}
	}
	return false
}

func (d *draft) version() string { return hex.EncodeToString(d.sum.Sum(nil)[:8]) }
