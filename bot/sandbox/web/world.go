package web

import (
	"slices"
	"sync"

	"releasebot/bot/sandbox"
)

// BotUsername is the bot's name on the page's Telegram, without @.
const BotUsername = "releasebot"

// kept bounds what a page that runs for days remembers, in messages a chat and in events.
const kept = 5000

// World is a Telegram of its own with a bot, people and chats.
type World struct {
	Telegram *sandbox.Server
	Clock    *sandbox.Clock
	Officer  int64 // the press officer, who is to be the bot's administrator

	number int64 // that no other has, of an earlier page neither
	people []*actor
	chats  []*sandbox.Chat
}

// actor is a person whom a browser can act as.
type actor struct {
	*sandbox.Person
	officer bool

	mu   sync.Mutex
	lang string
}

func (a *actor) language() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.lang
}

func (a *actor) speak(lang string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lang = lang
	a.SetLang(lang)
}

// newWorld makes the people and their chats. The bot has yet to come: see [World.populate].
func newWorld(number int64) *World {
	w := &World{Clock: new(sandbox.Clock), number: number}
	w.Telegram = sandbox.New(sandbox.Options{
		Username: BotUsername, Name: "Releasebot", Now: w.Clock.Now, Seed: uint64(number), Keep: kept, Feedback: true,
	})
	w.person("Aida", "kk")
	w.person("Ivan", "ru")
	w.person("John", "en")
	dana := w.person("Dana", "en")
	dana.officer, w.Officer = true, dana.ID
	for _, a := range w.people {
		w.chats = append(w.chats, w.Telegram.Private(a.Person))
	}
	return w
}

// populate makes the groups and lets the bot in, once it listens.
func (w *World) populate() {
	aida, ivan, john, dana := w.people[0].Person, w.people[1].Person, w.people[2].Person, w.people[3].Person
	dana.Start("")

	newsroom := w.Telegram.Supergroup("Newsroom", john, aida, ivan)
	john.AddBot(newsroom)

	club := w.Telegram.Forum("Press club", ivan, aida, john)
	ivan.OpenTopic(club, "Lebanon")
	ivan.OpenTopic(club, "Elections")
	ivan.AddBot(club)

	channel := w.Telegram.Channel("Ministry news", dana, aida, ivan, john)
	dana.AddBot(channel)
	dana.Say(channel, "Welcome to the ministry's channel.")
	w.chats = append(w.chats, newsroom, club, channel)
}

func (w *World) person(name, lang string) *actor {
	a := &actor{Person: w.Telegram.Person(name, lang), lang: lang}
	w.people = append(w.people, a)
	return a
}

// actor finds a person, nil if there is none.
func (w *World) actor(id int64) *actor {
	i := slices.IndexFunc(w.people, func(a *actor) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	return w.people[i]
}

// chat finds a chat that the person is in, nil if there is none.
func (w *World) chat(a *actor, id int64) *sandbox.Chat {
	i := slices.IndexFunc(w.chats, func(c *sandbox.Chat) bool { return c.ID == id && isIn(c, a.ID) })
	if i < 0 {
		return nil
	}
	return w.chats[i]
}

func isIn(c *sandbox.Chat, person int64) bool {
	if c.Kind == sandbox.KindPrivate {
		return c.ID == person
	}
	switch c.Status(person) {
	case sandbox.Creator, sandbox.Administrator, sandbox.Member, sandbox.Restricted:
		return true
	}
	return false
}

func manages(c *sandbox.Chat, person int64) bool {
	status := c.Status(person)
	return status == sandbox.Creator || status == sandbox.Administrator
}
