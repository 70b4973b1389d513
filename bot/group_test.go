package bot

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// In a group where the bot sees everything, it says nothing to what is not for it.
func TestMessagesForOthersGetNoReply(t *testing.T) {
	w := newWorld(t, sandbox.Options{SeesAll: true})
	aida, ivan := w.Person("Aida", "en"), w.Person("Ivan", "ru")
	robot := w.OtherBot("Weather", "weather_bot")
	c := w.Supergroup("Newsroom", aida, ivan, robot)
	aida.AddBot(c)
	w.next(c) // the hello

	random := rand.New(rand.NewPCG(1, 2))
	pick := func(options ...string) string { return options[random.IntN(len(options))] }
	for range 1000 {
		speaker := []*sandbox.Person{aida, ivan, robot}[random.IntN(3)]
		text := strings.Join([]string{
			pick("", "/ask@weather_bot ", "@press_bot2 ", "@press_botany ", "press_bot ", "/nosuchcommand ", "email@press_bot.example ", "see /ask or ", "«/ask» "),
			pick("how many soldiers will kazakhstan send", "сколько солдат отправят", "қанша сарбаз", "ok", "🤷", "<b>", "120", "/", "@"),
			pick("", "?", " /ask", " https://t.me/press_bot", "\n/ask how many"),
		}, "")
		post := sandbox.Post{Text: text}
		if random.IntN(8) == 0 { // somebody else's words
			post.Text = "/ask how many soldiers"
			post.Entities = []sandbox.Entity{{Type: "blockquote", Length: len(post.Text)}, {Type: "bot_command", Length: len("/ask")}}
		}
		if random.IntN(4) == 0 {
			post.Media = pick("photo", "sticker", "voice", "document")
		}
		if own := c.Messages(); random.IntN(4) == 0 && len(own) > 2 {
			if m := own[2+random.IntN(len(own)-2)]; !m.FromBot {
				post.ReplyTo = m.ID
			}
		}
		speaker.Post(c, post)
	}
	w.settle()
	for _, m := range c.FromBot()[1:] {
		t.Errorf("the bot says %q", m.Text)
	}
}

func TestAChannelsPostsAndForwardsAreLeftAlone(t *testing.T) {
	w := newWorld(t, sandbox.Options{SeesAll: true})
	aida := w.Person("Aida", "en")
	c := w.Supergroup("Newsroom", aida)
	channel := w.Channel("News", aida)
	aida.AddBot(c)
	w.next(c)
	aida.PromoteBot(channel)
	aida.Link(channel, c)
	aida.Say(channel, "/ask how many soldiers will kazakhstan send")
	asked := aida.Post(channel, sandbox.Post{Text: "@press_bot how many soldiers will kazakhstan send"})
	aida.Post(c, sandbox.Post{Forward: &asked})
	w.settle()
	if said := c.FromBot()[1:]; len(said) > 0 {
		t.Errorf("the bot answers what was only passed on: %q", said[0].Text)
	}
	if said := channel.FromBot(); len(said) > 0 {
		t.Errorf("the bot speaks in a channel: %q", said[0].Text)
	}
}

func TestAMentionInAGroupIsAnswered(t *testing.T) {
	w := newWorld(t, sandbox.Options{SeesAll: true})
	aida := w.Person("Aida", "en")
	c := w.Supergroup("Newsroom", aida)
	aida.AddBot(c)
	w.next(c)
	aida.Say(c, "@press_bot how many soldiers will kazakhstan send to lebanon?")
	contains(t, w.next(c), "120 servicemen")
	asked := aida.Say(c, "When was the UN mission in Lebanon established?")
	aida.Reply(c, asked, "@PRESS_BOT")
	m := w.next(c)
	contains(t, m, "March 1978")
	if m.ReplyTo != asked {
		t.Errorf("the answer replies to %d, not to the question %d", m.ReplyTo, asked)
	}
}

func TestAQuestionAskedBeforeTheGroupMovedIsAnsweredWhereItIsNow(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida := w.Person("Aida", "en")
	c := w.Group("Newsroom", aida)
	aida.AddBot(c)
	w.next(c)
	moved := aida.Migrate(c)
	w.settle()
	question := telegram.Message{
		ID: 99, Chat: telegram.Chat{ID: c.ID, Type: "group"}, From: telegram.User{ID: aida.ID}, Kind: telegram.KindText,
		Text: "/ask who is lacroix", Entities: []telegram.Entity{{Type: "bot_command", Length: len("/ask")}},
	}
	if err := w.bot.Handle(t.Context(), telegram.Update{ID: 1, Message: &question}); err != nil {
		t.Fatal(err)
	}
	contains(t, w.next(moved), "Lacroix is")
}

func TestAGuestIsAnsweredOnce(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida := w.Person("Aida", "en")
	c := w.Supergroup("Where the bot is not", aida)
	for question, want := range map[string]string{
		"@press_bot how many soldiers will kazakhstan send to lebanon?": "120 servicemen",
		"@press_bot lacroix": "Which did you mean?",
		"@press_bot":         "no words",
		"@press_bot zzzz":    "by topic",
	} {
		asked := aida.Post(c, sandbox.Post{Text: question})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		m, err := w.AwaitGuest(ctx, asked.GuestQuery)
		cancel()
		if err != nil {
			t.Fatalf("%s: %v", question, err)
		}
		contains(t, m, want)
	}
	w.settle()
}

func TestMenusAndProfileAreSetOnlyWhereTheyDiffer(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida, ivan := w.Person("Aida", "kk"), w.Person("Ivan", "ru")
	group := w.Supergroup("Newsroom", aida, ivan)
	if err := w.bot.Present(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := named(w.Menu(aida, w.Private(aida)), "verify"); got != "Дәйексөзді тексеру" {
		t.Errorf("/verify in Kazakh: %q", got)
	}
	if got := named(w.Menu(ivan, group), "ask"); got != "Спросить о релизе" {
		t.Errorf("/ask in Russian: %q", got)
	}
	if named(w.Menu(ivan, group), "settings") != "" || named(w.Menu(aida, group), "settings") == "" {
		t.Error("/settings should be in the menu of a group's administrators, and of nobody else")
	}
	defer w.Inject(sandbox.Fault{Kind: sandbox.Refuse, Method: "setMyCommands", Code: 400, Text: "Bad Request: not again"})()
	if err := w.bot.Present(t.Context()); err != nil {
		t.Errorf("menus that are right are set again: %v", err)
	}
}

func named(menu []sandbox.Command, name string) string {
	for _, c := range menu {
		if c.Command == name {
			return c.Description
		}
	}
	return ""
}

// A program that is not Telegram's own can send any data for a message it sees.
func TestMadeUpButtonsInAGroupChangeNothing(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida, ivan := w.Person("Aida", "en"), w.Person("Ivan", "ru")
	c := w.Supergroup("Newsroom", aida, ivan)
	aida.AddBot(c)
	hello := w.next(c)
	kept := store.Chat{ID: c.ID, Lang: "kk", Commands: store.Everyone}
	if err := w.store.SaveChat(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{"f:en:yes", "l:en:ru", "s:en:l", "s:en:", "zz", "a:en:AAAAAAAA"} {
		press := ivan.PressData(hello, data)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		answer, err := w.AwaitAnswer(ctx, press)
		cancel()
		if err != nil || answer.Text == "" {
			t.Errorf("%s: answered %q, %v; want a kind word", data, answer.Text, err)
		}
	}
	if got, err := w.store.Chat(t.Context(), c.ID); err != nil || got != kept {
		t.Errorf("the group's settings are %+v, %v; want %+v", got, err, kept)
	}
}

// A group that was taken for closed hears of bulletins again once somebody there asks.
func TestAGroupThatAsksIsOpenAgain(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida := w.Person("Aida", "en")
	group := w.Supergroup("Newsroom", aida)
	aida.AddBot(group)
	w.settle()
	sub := w.bot.everything(group.ID, 0, "en")
	must(0, w.store.Subscribe(t.Context(), sub, w.clock.Now()))
	must(0, w.store.Bury(t.Context(), store.Owed{Subscription: sub}))
	aida.Say(group, "/ask@press_bot how many soldiers")
	w.settle()
	if subs := must(w.store.Subscriptions(t.Context(), group.ID)); len(subs) != 1 || subs[0].Dead {
		t.Errorf("%+v, want it alive", subs)
	}
}

// An answer for one person that Telegram puts off is not shown to everyone instead.
func TestAFloodMakesNoWhisperPublic(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida := w.Person("Aida", "en")
	group := w.Supergroup("Newsroom", aida)
	aida.AddBot(group)
	w.settle()
	said := len(group.FromBot())
	defer w.Inject(sandbox.Fault{Kind: sandbox.Flood, Method: "sendMessage", RetryAfter: 60, Times: 1})()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // the client does not sit out a longer wait
	defer cancel()
	err := w.bot.send(ctx, turn{to: telegram.Target{Chat: group.ID, Only: aida.ID}}, telegram.Screen{Text: "x"})
	if err == nil || len(group.FromBot()) != said {
		t.Errorf("%v; %d messages for everyone", err, len(group.FromBot())-said)
	}
}
