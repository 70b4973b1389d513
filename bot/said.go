package bot

import (
	"slices"
	"strings"
	"unicode"
)

// courtesies are the words that thank and greet, by language.
var courtesies = byLanguage(func(v voice) []string { return strings.Fields(v.plain("courtesies", nil)) })

// sayings are what people write in place of a command, with the command's name, by language.
var sayings = byLanguage(func(v voice) map[string]string {
	commandOf := map[string]string{}
	for _, c := range commands() {
		for saying := range strings.SplitSeq(v.plain("said_"+c.name, nil), ",") {
			commandOf[strings.Join(words(saying), " ")] = c.name
		}
	}
	delete(commandOf, "") // of commands that nobody calls otherwise
	return commandOf
})

func byLanguage[T any](of func(voice) T) map[string]T {
	all := map[string]T{}
	for lang, v := range voices {
		all[lang] = of(v)
	}
	return all
}

// courtesyIn is the language in which a text thanks or greets and asks nothing, the preferred one if it is that too, else "".
func courtesyIn(text, preferred string) string {
	said := words(text)
	if len(said) == 0 {
		return ""
	}
	for _, lang := range languagesFrom(preferred) {
		asks := func(word string) bool { return !slices.Contains(courtesies[lang], word) }
		if !slices.ContainsFunc(said, asks) {
			return lang
		}
	}
	return ""
}

// commandSaid is the name of the command that a text of nothing else means, and the text's language; "" for any other text.
func commandSaid(text, preferred string) (name, lang string) {
	said := strings.Join(words(text), " ")
	for _, lang := range languagesFrom(preferred) {
		if name, ok := sayings[lang][said]; ok {
			return name, lang
		}
	}
	return "", ""
}

// languagesFrom are all languages that the bot speaks, from the preferred one on.
func languagesFrom(preferred string) []string {
	return slices.Concat([]string{preferred}, tongues)
}

// asksNothing tells thanks, greetings and mere signs from a question.
func asksNothing(text string) bool { return len(words(text)) == 0 || courtesyIn(text, "") != "" }

// Asks tells a question, which is looked up in the library, from thanks, greetings and words that mean a command.
func Asks(text string) bool {
	name, _ := commandSaid(text, "")
	return name == "" && !asksNothing(text)
}

// words are those of a text, in small letters.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
