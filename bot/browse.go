package bot

import (
	"strconv"

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
		rows = append(rows, row(telegram.Button{Text: label(v.in(topic.Name)), Data: v.data(verbTopic, ref(topic.ID), "0")}))
	}
	return rows
}

// topic lists a topic's questions, a page at a time; a page that is not there is the nearest one that is.
func (v view) topic(topic *answers.Topic, page int) telegram.Screen {
	pages := (len(topic.Pairs) + pageSize - 1) / pageSize
	page = max(0, min(page, pages-1))
	shown := topic.Pairs[page*pageSize : min(len(topic.Pairs), (page+1)*pageSize)]

	text := v.html("topic", slots{"topic": v.in(topic.Name)}) + "\n" + v.count("questions", len(topic.Pairs))
	rows := v.pairButtons(shown, func(i int) string { return v.data(verbRelated, ref(shown[i].ID)) })
	if pages > 1 {
		rows = append(rows, v.pager(topic, page, pages))
	}
	rows = append(rows, row(telegram.Button{Text: v.plain("back", nil), Data: v.data(verbTopics)}))
	return telegram.Screen{Text: text, Keyboard: rows}
}

func (v view) pager(topic *answers.Topic, page, pages int) []telegram.Button {
	turn := func(text string, to int) telegram.Button {
		return telegram.Button{Text: text, Data: v.data(verbTopic, ref(topic.ID), strconv.Itoa(to))}
	}
	var buttons []telegram.Button
	if page > 0 {
		buttons = append(buttons, turn("‹", page-1))
	}
	buttons = append(buttons, telegram.Button{Text: number(page+1) + " / " + number(pages), Data: v.data(verbNothing)})
	if page < pages-1 {
		buttons = append(buttons, turn("›", page+1))
	}
	return buttons
}
