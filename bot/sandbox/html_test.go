package sandbox

import (
	"slices"
	"strings"
	"testing"
)

func TestParseHTML(t *testing.T) {
	for _, c := range []struct {
		source, text string
		entities     []Entity
	}{
		{"plain", "plain", nil},
		{"<b>a</b><strong>b</strong>", "ab", []Entity{{Type: "bold", Length: 1}, {Type: "bold", Offset: 1, Length: 1}}},
		{"<I>a</I><em>b</>", "ab", []Entity{{Type: "italic", Length: 1}, {Type: "italic", Offset: 1, Length: 1}}},
		{"<u>a</u><ins>b</ins>", "ab", []Entity{{Type: "underline", Length: 1}, {Type: "underline", Offset: 1, Length: 1}}},
		{"<s>a</s ><strike>b</strike>", "ab", []Entity{{Type: "strikethrough", Length: 1}, {Type: "strikethrough", Offset: 1, Length: 1}}},
		{"<del>a</del><tg-spoiler>b</tg-spoiler>", "ab", []Entity{{Type: "strikethrough", Length: 1}, {Type: "spoiler", Offset: 1, Length: 1}}},
		{"😀<b>қ😀</b>", "😀қ😀", []Entity{{Type: "bold", Offset: 2, Length: 3}}},
		{"&lt;&gt;&amp;&quot;&#39;&#x41;&#1179;", `<>&"'Aқ`, nil},
		{"<b></b>x", "x", nil},
		{"<b><i>x</i></b>", "x", []Entity{{Type: "italic", Length: 1}, {Type: "bold", Length: 1}}},
		{
			`<a href="https://example.org/?a=1&amp;b=&quot;">x</a>`, "x",
			[]Entity{{Type: "text_link", Length: 1, URL: `https://example.org/?a=1&b="`}},
		},
		{"<a href='https://example.org'>x</a>", "x", []Entity{{Type: "text_link", Length: 1, URL: "https://example.org"}}},
		{"<a>https://example.org</a>", "https://example.org", []Entity{{Type: "text_link", Length: 19, URL: "https://example.org"}}},
		{"<blockquote>a</blockquote>", "a", []Entity{{Type: "blockquote", Length: 1}}},
		{"<blockquote expandable><b>a</b>b</blockquote>", "ab", []Entity{{Type: "expandable_blockquote", Length: 2}, {Type: "bold", Length: 1}}},
		{"<blockquote><code>a</code></blockquote>", "a", []Entity{{Type: "blockquote", Length: 1}, {Type: "code", Length: 1}}},
		{"<code>a</code><pre>b</pre>", "ab", []Entity{{Type: "code", Length: 1}, {Type: "pre", Offset: 1, Length: 1}}},
		{`<pre><code class="language-go">a</code></pre>`, "a", []Entity{{Type: "pre", Length: 1, Language: "go"}}},
	} {
		text, entities, err := ParseHTML(c.source)
		if err != nil || text != c.text || !slices.Equal(entities, c.entities) {
			t.Errorf("%s\ngives %q %+v %v,\nwant  %q %+v", c.source, text, entities, err, c.text, c.entities)
		}
	}
}

func TestParseHTMLRefuses(t *testing.T) {
	for source, want := range map[string]string{
		"<b>x":                    `Can't find end tag corresponding to start tag "b"`,
		"<b><i>x</b>":             `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`,
		"x</b>":                   "Unexpected end tag at byte offset 1",
		"<b":                      "Unclosed start tag at byte offset 0",
		"<b>x</b":                 "Unclosed end tag at byte offset 4",
		"<p>x</p>":                `Unsupported start tag "p" at byte offset 0`,
		"қ < 5":                   `Unsupported start tag "" at byte offset 3`,
		"<b x>y</b>":              `Expected equal sign in declaration of an attribute of the tag "b" at byte offset 0`,
		`<a ="x">y</a>`:           `Empty attribute name in the tag "a" at byte offset 0`,
		`<a href="x`:              "Unclosed start tag at byte offset 0",
		`<a href=http://x>y`:      "Unexpected end of name token at byte offset 8",
		`<a `:                     `Unclosed start tag "a" at byte offset 0`,
		"R&D":                     `sandbox: unescaped "&" at byte offset 1`,
		"&nbsp;":                  `sandbox: unescaped "&" at byte offset 0`,
		"&#0;":                    `sandbox: unescaped "&" at byte offset 0`,
		"&#xd800;":                `sandbox: unescaped "&" at byte offset 0`,
		`<a href="nowhere">x</a>`: `sandbox: "nowhere" at byte offset 0 is no address that Telegram links to`,
		`<b class="x">y</b>`:      `sandbox: attribute "class" of the tag "b" at byte offset 0 means nothing`,
		"<blockquote>a<blockquote>b</blockquote></blockquote>": `sandbox: "blockquote" at byte offset 13 cannot be within "blockquote"`,
		"<b><code>x</code></b>":                                `sandbox: "code" at byte offset 3 cannot be within "b"`,
		"<code><b>x</b></code>":                                `sandbox: "b" at byte offset 6 cannot be within "code"`,
	} {
		if _, _, err := ParseHTML(source); err == nil || err.Error() != want {
			t.Errorf("%s\nis refused with %v,\nwant            %s", source, err, want)
		}
	}
}

// FuzzHTML checks that parsing never panics, that entities lie in the text, and that rendering loses nothing.
func FuzzHTML(f *testing.F) {
	for _, seed := range []string{
		"", "plain", "<b>a<i>b</i></b>", "<blockquote expandable>қ😀</blockquote>", `<a href="https://example.org/?&amp;">x</a>`,
		`<pre><code class="language-go">a</code></pre>`, "<pre><code>a</code>b</pre>", "&lt;&#128512;&amp;lt;", "<b></b>", "<a>https://a.b</a>",
		"<blockquote>a</blockquote><blockquote>b</blockquote>", "<u><b>x</b></u><s>y</s>", "<b>a</b></b>", "a < b", `<a href=";">x</a>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		text, entities, err := ParseHTML(source)
		if err != nil {
			return
		}
		for _, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.end() > length16(text) {
				t.Errorf("%q: %+v is not within %q", source, e, text)
			}
		}
		rendered := RenderHTML(text, entities)
		again, sameEntities, err := ParseHTML(rendered)
		if err != nil {
			t.Fatalf("%q is rendered as %q, which is refused: %v", source, rendered, err)
		}
		if again != text || !slices.Equal(sameEntities, entities) {
			t.Errorf("%q: %q %+v\nis rendered as %q,\nwhich gives %q %+v", source, text, entities, rendered, again, sameEntities)
		}
	})
}

func TestDetect(t *testing.T) {
	for text, want := range map[string][]string{
		"/start now":                       {"bot_command:/start"},
		"/ask@sandbox_bot how":             {"bot_command:/ask@sandbox_bot"},
		"Hi @sandbox_bot, 😀 #news!":        {"mention:@sandbox_bot", "hashtag:#news"},
		"see https://example.org/a?b=c.":   {"url:https://example.org/a?b=c"},
		"mail press@example.org":           {"email:press@example.org"},
		"either/or, 1/2, a@b, <b>":         nil,
		"https://t.me/x_bot?start=q_1 /go": {"url:https://t.me/x_bot?start=q_1", "bot_command:/go"},
	} {
		var got []string
		for _, e := range detect(text, nil) {
			got = append(got, e.Type+":"+cut16(text, e.Offset, e.end()))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTidyTrims(t *testing.T) {
	d, err := source{Text: " \n a <b>b</b> \n", Mode: "HTML"}.parse()
	if err != nil || d.text != "a b" || !slices.Equal(d.entities, []Entity{{Type: "bold", Offset: 2, Length: 1}}) {
		t.Errorf("gives %q %+v %v", d.text, d.entities, err)
	}
	if strings.TrimSpace(d.text) != d.text {
		t.Errorf("%q is not trimmed", d.text)
	}
}
