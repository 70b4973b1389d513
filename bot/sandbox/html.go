package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tags are the HTML tags of Telegram's parse mode and the entities that they make.
var tags = map[string]string{
	"a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "code": "code",
	"pre": "pre", "blockquote": "blockquote",
}

// ParseHTML reads Telegram's HTML and returns the text and its entities. The error is Telegram's own text, without
// "can't parse entities: ". Where Telegram would silently drop something, such as an entity within code, it is refused.
func ParseHTML(source string) (string, []Entity, error) {
	p := parser{source: source}
	for p.at < len(source) {
		if err := p.step(); err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, malformed("Can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	sortEntities(p.entities)
	return p.text.String(), p.entities, nil
}

// syntaxError is Telegram's own text, and so begins as Telegram's does.
type syntaxError string

func (e syntaxError) Error() string { return string(e) }

func malformed(format string, a ...any) error { return syntaxError(fmt.Sprintf(format, a...)) }

type parser struct {
	source   string
	at       int
	text     strings.Builder
	offset   int // of the text's end, in UTF-16 units
	open     []tag
	entities []Entity
}

// tag is a start tag that awaits its end.
type tag struct {
	name     string
	typ      string
	argument string // an address, or the language of code
	offset   int    // where its entity starts, in UTF-16 units
	start    int    // the same in bytes of the text
	at       int    // where the tag stands in the source, in bytes
}

func (p *parser) step() error {
	switch p.source[p.at] {
	case '&':
		return p.reference()
	case '<':
		if strings.HasPrefix(p.source[p.at:], "</") {
			return p.endTag()
		}
		return p.startTag()
	}
	r, size := utf8.DecodeRuneInString(p.source[p.at:])
	p.write(r)
	p.at += size
	return nil
}

func (p *parser) write(r rune) {
	p.text.WriteRune(r)
	p.offset += units(r)
}

func (p *parser) reference() error {
	r, size := decodeReference(p.source[p.at:])
	if size == 0 {
		return malformed("sandbox: unescaped \"&\" at byte offset %d", p.at)
	}
	p.write(r)
	p.at += size
	return nil
}

// decodeReference reads a character reference at the start of s; size is 0 if there is none that Telegram knows.
func decodeReference(s string) (r rune, size int) {
	end := strings.IndexByte(s, ';')
	if s[0] != '&' || end < 0 || end > 10 {
		return 0, 0
	}
	name := s[1:end]
	if r, ok := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}[name]; ok {
		return r, end + 1
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if !isNumber || err != nil || n == 0 || n >= 0x10ffff || !utf8.ValidRune(rune(n)) {
		return 0, 0
	}
	return rune(n), end + 1
}

func space(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// word reads up to a blank or one of the stops, and returns it in lower case.
func (p *parser) word(stops string) string {
	start := p.at
	for p.at < len(p.source) && !space(p.source[p.at]) && strings.IndexByte(stops, p.source[p.at]) < 0 {
		p.at++
	}
	return strings.ToLower(p.source[start:p.at])
}

func (p *parser) blanks() {
	for p.at < len(p.source) && space(p.source[p.at]) {
		p.at++
	}
}

// see tells whether c is next.
func (p *parser) see(c byte) bool { return p.at < len(p.source) && p.source[p.at] == c }

func (p *parser) startTag() error {
	t := tag{at: p.at, offset: p.offset, start: p.text.Len()}
	p.at++
	t.name = p.word(">")
	if p.at == len(p.source) {
		return malformed("Unclosed start tag at byte offset %d", t.at)
	}
	t.typ = tags[t.name]
	if t.typ == "" {
		return malformed("Unsupported start tag %q at byte offset %d", t.name, t.at)
	}
	for p.blanks(); !p.see('>'); p.blanks() {
		if err := p.attribute(&t); err != nil {
			return err
		}
	}
	p.at++
	p.open = append(p.open, t)
	return nil
}

func (p *parser) attribute(t *tag) error {
	if p.at == len(p.source) {
		return malformed("Unclosed start tag %q at byte offset %d", t.name, t.at)
	}
	name := p.word("=>")
	if name == "" {
		return malformed("Empty attribute name in the tag %q at byte offset %d", t.name, t.at)
	}
	p.blanks()
	if !p.see('=') {
		if t.name == "blockquote" && name == "expandable" {
			t.typ = "expandable_blockquote"
			return nil
		}
		return malformed("Expected equal sign in declaration of an attribute of the tag %q at byte offset %d", t.name, t.at)
	}
	p.at++
	p.blanks()
	value, err := p.attributeValue(t)
	if err != nil {
		return err
	}
	return t.set(name, value)
}

func (p *parser) attributeValue(t *tag) (string, error) {
	if !p.see('"') && !p.see('\'') {
		start := p.at
		value := p.word(">")
		if strings.Trim(value, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
			return "", malformed("Unexpected end of name token at byte offset %d", start)
		}
		return value, nil
	}
	quote := p.source[p.at]
	p.at++
	var value strings.Builder
	for p.at < len(p.source) && p.source[p.at] != quote {
		if r, size := decodeReference(p.source[p.at:]); size > 0 {
			value.WriteRune(r)
			p.at += size
			continue
		}
		value.WriteByte(p.source[p.at])
		p.at++
	}
	if p.at == len(p.source) {
		return "", malformed("Unclosed start tag at byte offset %d", t.at)
	}
	p.at++
	return value.String(), nil
}

func (t *tag) set(name, value string) error {
	language, isLanguage := strings.CutPrefix(value, "language-")
	switch {
	case t.name == "a" && name == "href":
		t.argument = value
	case t.name == "code" && name == "class" && isLanguage:
		t.argument = language
	default:
		return malformed("sandbox: attribute %q of the tag %q at byte offset %d means nothing", name, t.name, t.at)
	}
	return nil
}

func (p *parser) endTag() error {
	at := p.at
	if len(p.open) == 0 {
		return malformed("Unexpected end tag at byte offset %d", at)
	}
	p.at += len("</")
	name := p.word(">")
	p.blanks()
	if !p.see('>') {
		return malformed("Unclosed end tag at byte offset %d", at)
	}
	p.at++
	t := p.open[len(p.open)-1]
	if name != t.name && name != "" {
		return malformed("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", at, t.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	return p.close(t)
}

// close makes the entity of a tag. An empty one makes none.
func (p *parser) close(t tag) error {
	e := Entity{Type: t.typ, Offset: t.offset, Length: p.offset - t.offset}
	if e.Length == 0 {
		return nil
	}
	for _, outer := range p.open {
		if !mayContain(outer.typ, e.Type) {
			return malformed("sandbox: %q at byte offset %d cannot be within %q", t.name, t.at, outer.name)
		}
	}
	switch t.name {
	case "a":
		if t.argument == "" {
			t.argument = p.text.String()[t.start:]
		}
		e.URL = t.argument
		if !linkable(e.URL) {
			return malformed("sandbox: %q at byte offset %d is no address that Telegram links to", e.URL, t.at)
		}
	case "code":
		return p.closeCode(t, e)
	case "pre":
		if p.mergePre(e) {
			return nil
		}
	}
	p.entities = append(p.entities, e)
	return nil
}

// closeCode keeps the language for a pre of the same extent around it; elsewhere code has none.
func (p *parser) closeCode(t tag, e Entity) error {
	if n := len(p.open); n > 0 && p.open[n-1].typ == "pre" {
		e.Language = t.argument
	}
	p.entities = append(p.entities, e)
	return nil
}

// mergePre turns <pre><code class="language-x">…</code></pre> into one entity.
func (p *parser) mergePre(pre Entity) bool {
	n := len(p.entities)
	if n == 0 {
		return false
	}
	last := &p.entities[n-1]
	if last.Type != "code" || last.Offset != pre.Offset || last.Length != pre.Length || last.Language == "" {
		return false
	}
	last.Type = "pre"
	return true
}

// mayContain says which entities Telegram nests. It drops others without a word.
func mayContain(outer, inner string) bool {
	quote := func(typ string) bool { return strings.HasSuffix(typ, "blockquote") }
	code := func(typ string) bool { return typ == "code" || typ == "pre" }
	switch {
	case outer == "pre" && inner == "code":
		return true
	case code(outer), quote(outer) && quote(inner), outer == "text_link" && (inner == "text_link" || quote(inner)):
		return false
	case code(inner):
		return quote(outer)
	}
	return true
}

// linkable tells whether Telegram makes a link of an address: it drops others without a word.
func linkable(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return strings.Contains(strings.Trim(u.Hostname(), "."), ".")
	case "tg":
		return u.Host != ""
	}
	return false
}

// RenderHTML writes a text with its entities as Telegram's HTML, such that ParseHTML gives the same again. Entities
// that Telegram finds by itself, such as commands, are not marked.
func RenderHTML(text string, entities []Entity) string {
	es := slices.DeleteFunc(slices.Clone(entities), func(e Entity) bool { _, ok := renderings[e.Type]; return !ok })
	sortEntities(es)
	var b strings.Builder
	var open []Entity
	offset := 0
	flush := func() {
		for len(open) > 0 && open[len(open)-1].end() <= offset {
			b.WriteString(endOf(open[len(open)-1]))
			open = open[:len(open)-1]
		}
		for len(es) > 0 && es[0].Offset <= offset {
			b.WriteString(startOf(es[0]))
			open = append(open, es[0])
			es = es[1:]
		}
	}
	for _, r := range text {
		flush()
		b.WriteString(escape.Replace(string(r)))
		offset += units(r)
	}
	flush()
	return b.String()
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

var renderings = map[string]string{
	"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code",
	"pre": "pre", "text_link": "a", "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}

func startOf(e Entity) string {
	switch {
	case e.Type == "text_link":
		return `<a href="` + escape.Replace(e.URL) + `">`
	case e.Type == "pre" && e.Language != "":
		return `<pre><code class="language-` + escape.Replace(e.Language) + `">`
	case e.Type == "expandable_blockquote":
		return "<blockquote expandable>"
	}
	return "<" + renderings[e.Type] + ">"
}

func endOf(e Entity) string {
	if e.Type == "pre" && e.Language != "" {
		return "</code></pre>"
	}
	return "</" + renderings[e.Type] + ">"
}
