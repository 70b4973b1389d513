package bot

import (
	"releasebot/answers"
	"releasebot/bot/telegram"
)

// pageSize is how many questions a page of a topic shows: what a phone shows
// without scrolling past the message.
const pageSize = 6

// topics lists the topics.
func (v view) topics() telegram.Screen {
	return telegram.Screen{Text: v.html("topics", nil), Keyboard: v.topicButtons()}
}

func (v view) topicButtons() [][]telegram.Button {
	var rows [][]telegram.Button
	for _, topic := range v.lib.Topics {
		rows = append(rows, v.topicButton(topic))
	}
	return rows
}

func (v view) topicButton(topic *answers.Topic) []telegram.Button {
	return row(telegram.Button{Text: label(v.in(topic.Name)), Data: v.data(verbTopic, ref(topic.ID), "0")})
}

// topic lists a topic's questions, a page at a time; a page that is not there is the nearest one that is.
func (v view) topic(topic *answers.Topic, page int) telegram.Screen {
	pages := (len(topic.Pairs) + pageSize - 1) / pageSize
	page = max(0, min(page, pages-1))
	shown := topic.Pairs[page*pageSize : min(len(topic.Pairs), (page+1)*pageSize)]

	text := v.html("topic", slots{"topic": v.in(topic.Name)}) + "\n" + v.count("questions", len(topic.Pairs))
	verb := verbRelated
	if v.group {
		verb = verbAnswer
	}
	rows := v.pairButtons(shown, func(i int) string { return v.data(verb, ref(shown[i].ID)) })
	rows = append(rows, v.pages(pages, page, verbTopic, ref(topic.ID))...)
	back := row(telegram.Button{Text: v.plain("back", nil), Data: v.data(verbTopics)})
	rows = append(rows, append(back, v.shareButton("s", topic.ID, v.in(topic.Name))...))
	return telegram.Screen{Text: text, Keyboard: rows}
}

// pages is a row that turns the pages of a list in place; none for a single page.
func (v view) pages(count, page int, verb, of string) [][]telegram.Button {
	if count < 2 {
		return nil
	}
	to := func(text string, page int) telegram.Button {
		return telegram.Button{Text: text, Data: v.data(verb, of, number(page))}
	}
	var buttons []telegram.Button
	if page > 0 {
		buttons = append(buttons, to("‹", page-1))
	}
	buttons = append(buttons, telegram.Button{Text: number(page+1) + " / " + number(count), Data: v.data(verbNothing)})
	if page < count-1 {
		buttons = append(buttons, to("›", page+1))
	}
	return [][]telegram.Button{buttons}
}
