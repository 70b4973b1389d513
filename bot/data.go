package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// What a pressed button means: the verb its data begins with. The language of
// the screen and the verb's arguments follow, apart by colons. Buttons outlive
// restarts and new content, so a verb keeps its meaning for good, and pairs and
// topics stand in it as refs.
const (
	verbAnswer   = "a" // show this pair's answer in place; the other candidates follow
	verbNotMine  = "n" // none of what was shown: offer these candidates, if any
	verbRelated  = "r" // answer this pair in a message of its own
	verbTopics   = "t" // the topics, in place
	verbTopic    = "q" // a topic's questions, in place: topic, page
	verbSpeakers = "w" // who is quoted, in place
	verbSpeaker  = "p" // what somebody said, in place: speaker, page
	verbRelease  = "e" // a release, in place
	verbLanguage = "l" // answer in this language; "" is that of each question
	verbSettings = "s" // a group's settings, in place: which one to change, to what
	verbPost     = "v" // show everyone in the group this pair's answer
	verbForget   = "f" // erase what is kept ("yes") or keep it

	verbSubscribe = "u" // a switch of a subscription, in place: channel, what it does, to what
	verbSwitches  = "h" // the switches of this chat's subscription, in a message of their own; with switchOn begin one
	verbStop      = "x" // end this chat's subscription
	verbFollow    = "o" // tell of corrections of this pair, or no longer
	verbCard      = "c" // an administrator's card: bulletin, language of the preview, what to do, with what

	verbNothing = "-" // a button that only tells something
)

// maxRefs is how many refs fit behind a verb into a button's 64 bytes.
const maxRefs = (telegram.MaxData - len("a:en")) / (refLength + 1)

const refLength = 8

// ref stands for an id in a button's data: 48 bits of its hash, since several
// must fit and ids may be long.
func ref(id string) string {
	sum := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// data is a button's data. It carries the screen's language, so that a question
// in Kazakh stays in Kazakh whichever button is pressed.
func (v view) data(verb string, arguments ...string) string {
	return strings.Join(append([]string{verb, v.lang}, arguments...), ":")
}

// press is what a pressed button's data says.
type press struct {
	verb, lang string
	arguments  []string
}

// argument is an argument of the press, "" if it has fewer.
func (p press) argument(i int) string {
	if i < len(p.arguments) {
		return p.arguments[i]
	}
	return ""
}

// page is the page a press turns to; what is no number is the first.
func (p press) page() int {
	page, _ := strconv.Atoi(p.argument(1))
	return page
}

func parseData(s string) press {
	parts := append(strings.Split(s, ":"), "")
	return press{parts[0], spoken(parts[1]), parts[2:max(2, len(parts)-1)]}
}

func refs(pairs []*answers.Pair) []string {
	list := make([]string, 0, len(pairs))
	for _, p := range pairs[:min(len(pairs), maxRefs)] {
		list = append(list, ref(p.ID))
	}
	return list
}

// pairsOf finds the pairs of refs; those that are no longer there are left out.
func pairsOf(lib *answers.Library, refs []string) []*answers.Pair {
	var found []*answers.Pair
	for _, r := range refs {
		for _, release := range lib.Releases {
			for _, p := range release.Pairs {
				if ref(p.ID) == r {
					found = append(found, p)
				}
			}
		}
	}
	return found
}

func topicOf(lib *answers.Library, r string) *answers.Topic {
	for _, topic := range lib.Topics {
		if ref(topic.ID) == r {
			return topic
		}
	}
	return nil
}

func releaseOf(lib *answers.Library, r string) *answers.Release {
	for _, release := range lib.Releases {
		if ref(release.ID) == r {
			return release
		}
	}
	return nil
}

func speakerOf(lib *answers.Library, r string) string {
	for _, name := range speakersOf(lib) {
		if ref(name) == r {
			return name
		}
	}
	return ""
}
