package bot

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// courtesies are the words that thank and greet, by language.
var courtesies = func() map[string][]string {
	words := map[string][]string{}
	for lang, v := range voices {
		words[lang] = strings.Fields(v.plain("courtesies", nil))
	}
	return words
}()

// courtesyIn is the language in which a text thanks or greets and asks nothing, the preferred one if it is that too, else "".
func courtesyIn(text, preferred string) string {
	said := words(text)
	if len(said) == 0 {
		return ""
	}
	for _, lang := range append([]string{preferred}, slices.Sorted(maps.Keys(courtesies))...) {
		asks := func(word string) bool { return !slices.Contains(courtesies[lang], word) }
		if !slices.ContainsFunc(said, asks) {
			return lang
		}
	}
	return ""
}

// sayings are what people write in place of a command, with the command's name.
var sayings = func() map[string]string {
	commandOf := map[string]string{}
	for _, v := range voices {
		for _, c := range commands() {
			for saying := range strings.SplitSeq(v.plain("said_"+c.name, nil), ",") {
				commandOf[strings.Join(words(saying), " ")] = c.name
			}
		}
	}
	delete(commandOf, "") // of commands that nobody calls otherwise
	return commandOf
}()

// commandSaid is the name of the command that a text of nothing else means, "" for any other text.
func commandSaid(text string) string { return sayings[strings.Join(words(text), " ")] }

// asksNothing tells thanks, greetings and mere signs from a question.
func asksNothing(text string) bool { return len(words(text)) == 0 || courtesyIn(text, "") != "" }

// words are those of a text, in small letters.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
