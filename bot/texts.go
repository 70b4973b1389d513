package bot

import (
	"embed"
	"fmt"
	"html"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed texts/*.yaml
var textFiles embed.FS

// voices are what the bot says in each language it speaks. The embedded files
// are checked by tests, so that a text is never missing at run time.
var voices = must(loadVoices())

// tongues are the languages the bot speaks, in order.
var tongues = slices.Sorted(maps.Keys(voices))

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// voice is what the bot says in one language.
type voice struct {
	lang  string
	texts map[string]forms
}

// forms are a text's plural forms by CLDR category (one, few, many, other).
// A text that does not count has "other" alone.
type forms map[string]string

func (f *forms) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*f = forms{"other": node.Value}
		return nil
	}
	return node.Decode((*map[string]string)(f))
}

func loadVoices() (map[string]voice, error) {
	files, err := textFiles.ReadDir("texts")
	if err != nil {
		return nil, err
	}
	all := make(map[string]voice)
	for _, file := range files {
		lang := strings.TrimSuffix(file.Name(), path.Ext(file.Name()))
		data, err := textFiles.ReadFile("texts/" + file.Name())
		if err != nil {
			return nil, err
		}
		texts := make(map[string]forms)
		if err := yaml.Unmarshal(data, &texts); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name(), err)
		}
		all[lang] = voice{lang, texts}
	}
	return all, nil
}

// voiceOf is the voice for a language, or English where the bot does not speak it.
func voiceOf(lang string) voice {
	if v, ok := voices[lang]; ok {
		return v
	}
	return voices["en"]
}

// slots fill a text's {names}.
type slots map[string]string

// plain is a text as it stands in a button, an alert or a command's description.
func (v voice) plain(key string, s slots) string {
	return fill(v.texts[key]["other"], s)
}

// html is a text as it stands in a message; what fills its slots is escaped.
func (v voice) html(key string, s slots) string {
	return fill(v.texts[key]["other"], s.escaped())
}

// count is a text in the plural form that a number needs; {count} is the number.
func (v voice) count(key string, n int) string {
	texts := v.texts[key]
	text, ok := texts[category(v.lang, n)]
	if !ok {
		text = texts["other"]
	}
	return fill(text, slots{"count": strconv.Itoa(n)})
}

func category(lang string, n int) string {
	switch plural.Cardinal.MatchPlural(language.Make(lang), n, 0, 0, 0, 0) {
	case plural.One:
		return "one"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	}
	return "other"
}

// date is a day as people of the language write it.
func (v voice) date(t time.Time) string {
	months := strings.Fields(v.texts["months"]["other"])
	return v.plain("date", slots{
		"day":   strconv.Itoa(t.Day()),
		"month": months[t.Month()-1],
		"year":  strconv.Itoa(t.Year()),
	})
}

func (s slots) escaped() slots {
	safe := make(slots, len(s))
	for name, value := range s {
		safe[name] = html.EscapeString(value)
	}
	return safe
}

func fill(text string, s slots) string {
	if len(s) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(s))
	for name, value := range s {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// nameOf is a language's name in the voice's language, or its code if there is none.
func (v voice) nameOf(lang string) string {
	if name, ok := v.texts["lang_"+lang]["other"]; ok {
		return name
	}
	return lang
}

// languageName is a language's own name for itself, or its code where the bot does not speak it.
func languageName(lang string) string {
	if v, ok := voices[lang]; ok {
		return v.plain("language", nil)
	}
	return lang
}
