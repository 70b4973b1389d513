package web

import (
	"time"

	"releasebot/bot/sandbox"
)

// The objects that browsers are sent.

// head is everything about a world but what is said in it.
type head struct {
	World    int64               `json:"world"`
	Now      time.Time           `json:"now"`
	Bot      botView             `json:"bot"`
	People   []personView        `json:"people"`
	Chats    []chatView          `json:"chats"`
	Examples map[string][]string `json:"examples"`
	Content  Content             `json:"content"`
}

type botView struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
}

type personView struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Lang    string `json:"lang"`
	Officer bool   `json:"officer,omitempty"`
}

type chatView struct {
	ID      int64                    `json:"id"`
	Kind    sandbox.Kind             `json:"kind"`
	Title   string                   `json:"title,omitempty"`
	Forum   bool                     `json:"forum,omitempty"`
	Topics  []topicView              `json:"topics,omitempty"`
	Members map[int64]sandbox.Status `json:"members,omitempty"`
}

type topicView struct {
	Thread int    `json:"thread"`
	Name   string `json:"name"`
	Closed bool   `json:"closed,omitempty"`
}

type eventView struct {
	Kind    sandbox.EventKind `json:"kind"`
	Chat    int64             `json:"chat"`
	Action  string            `json:"action,omitempty"`
	Message *messageView      `json:"message,omitempty"`
}

type messageView struct {
	ID         int              `json:"id"`
	Thread     int              `json:"thread,omitempty"` // a forum topic
	Date       time.Time        `json:"date"`
	Edited     bool             `json:"edited,omitempty"`
	From       int64            `json:"from"`          // 0 for the chat itself
	Author     int64            `json:"author"`        // who may edit it
	Bot        bool             `json:"bot,omitempty"` // it is the bot's
	Via        bool             `json:"via,omitempty"` // it was sent through the bot
	Receiver   int64            `json:"receiver,omitempty"`
	Text       string           `json:"text"`
	Entities   []sandbox.Entity `json:"entities,omitempty"`
	Keyboard   [][]buttonView   `json:"keyboard,omitempty"`
	ForceReply bool             `json:"forceReply,omitempty"`
	Hint       string           `json:"hint,omitempty"`
	ReplyTo    int              `json:"replyTo,omitempty"`
	Media      string           `json:"media,omitempty"`
	Service    *serviceView     `json:"service,omitempty"`
}

type serviceView struct {
	Kind   sandbox.ServiceKind `json:"kind"`
	Person int64               `json:"person,omitempty"`
	Topic  string              `json:"topic,omitempty"`
}

// buttonView is a button; Kind says what Value is. What a button tells the bot stays here: browsers press by place.
type buttonView struct {
	Text  string `json:"text"`
	Kind  string `json:"kind"` // "callback", "url", "copy", "inline" or "inline here"
	Value string `json:"value,omitempty"`
}

func (w *World) head() head {
	h := head{
		World: w.number, Now: w.Clock.Now(),
		Bot: botView{ID: w.Telegram.BotID(), Name: "Releasebot", Username: w.Telegram.Username()},
	}
	for _, a := range w.people {
		h.People = append(h.People, personView{a.ID, a.Name, a.language(), a.officer})
	}
	for _, c := range w.chats {
		h.Chats = append(h.Chats, w.chatView(c))
	}
	return h
}

func (w *World) chatView(c *sandbox.Chat) chatView {
	v := chatView{ID: c.ID, Kind: c.Kind, Title: c.Title, Forum: c.Forum}
	if c.Kind == sandbox.KindPrivate {
		return v
	}
	for _, t := range c.Topics() {
		v.Topics = append(v.Topics, topicView(t))
	}
	v.Members = map[int64]sandbox.Status{w.Telegram.BotID(): c.Status(w.Telegram.BotID())}
	for _, a := range w.people {
		v.Members[a.ID] = c.Status(a.ID)
	}
	return v
}

// viewEvents are the events that change what is seen. Passing ones are left out where they are history.
func viewEvents(events []sandbox.Event, history bool) []eventView {
	views := []eventView{}
	for _, e := range events {
		switch e.Kind {
		case sandbox.Posted, sandbox.Edited, sandbox.Deleted:
			m := viewMessage(e.Message)
			views = append(views, eventView{Kind: e.Kind, Chat: e.Chat, Message: &m})
		case sandbox.Action:
			if !history {
				views = append(views, eventView{Kind: e.Kind, Chat: e.Chat, Action: e.Action})
			}
		}
	}
	return views
}

func viewMessage(m sandbox.Message) messageView {
	v := messageView{
		ID: m.ID, Date: m.Date, Edited: m.Edits > 0, From: m.From, Author: m.Author, Bot: m.FromBot, Via: m.ViaBot,
		Receiver: m.Receiver, Text: m.Text, Entities: m.Entities, ForceReply: m.ForceReply, Hint: m.Hint,
		ReplyTo: m.ReplyTo, Media: m.Media,
	}
	if m.Topic {
		v.Thread = m.Thread
	}
	for _, row := range m.Keyboard {
		var buttons []buttonView
		for _, b := range row {
			buttons = append(buttons, viewButton(b))
		}
		v.Keyboard = append(v.Keyboard, buttons)
	}
	if s, ok := m.Service(); ok {
		v.Service = &serviceView{s.Kind, s.Person, s.Topic}
	}
	return v
}

func viewButton(b sandbox.Button) buttonView {
	switch {
	case b.URL != "":
		return buttonView{b.Text, "url", b.URL}
	case b.Copy != nil:
		return buttonView{b.Text, "copy", b.Copy.Text}
	case b.Inline != nil:
		return buttonView{b.Text, "inline", *b.Inline}
	case b.InlineCurrent != nil:
		return buttonView{b.Text, "inline here", *b.InlineCurrent}
	}
	return buttonView{Text: b.Text, Kind: "callback"}
}
