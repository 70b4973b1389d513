package bot

import (
	"testing"

	"releasebot/bot/sandbox"
)

func TestAQuestionGetsTheReleasesOwnSentence(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for _, test := range []struct{ lang, question, place string }{
		{"en", "how many soldiers is kazakhstan sending to lebanon", "¶6"},
		{"ru", "сколько военных казахстан отправит в ливан", "абз. 6"},
		{"kk", "қазақстан ливанға қанша сарбаз жібереді", "6-абзац"},
	} {
		p := w.Person("Aida", test.lang)
		c := p.Start("")
		w.next(c)
		p.Say(c, test.question)
		contains(t, w.next(c), "Kazakhstan will send a peacekeeping company of 120 servicemen", test.place)
	}
}

func TestAnAlbumGetsOneAnswer(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	p := w.Person("Aida", "en")
	c := p.Start("")
	w.next(c)
	for _, caption := range []string{"who is lacroix", "", ""} {
		p.Post(c, sandbox.Post{Media: "photo", Album: "one", Text: caption})
	}
	for range 3 {
		p.Post(c, sandbox.Post{Media: "photo", Album: "two"})
	}
	w.settle()
	said := c.FromBot()[1:]
	if len(said) != 2 {
		t.Fatalf("%d answers to two albums", len(said))
	}
	contains(t, said[0], "Lacroix is")
	contains(t, said[1], "text only")
}

// Telegram sends a live location as an edited message every few seconds.
func TestALiveLocationGetsOneWord(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	p := w.Person("Aida", "en")
	c := p.Start("")
	w.next(c)
	moving := p.Post(c, sandbox.Post{Media: "location"})
	for range 3 {
		p.Edit(c, moving.ID, "")
	}
	w.settle()
	if n := len(c.FromBot()) - 1; n != 1 {
		t.Errorf("%d answers to a location that moves", n)
	}
}

func TestAnEditedCommandIsReadAsOne(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	p := w.Person("Aida", "en")
	c := p.Start("")
	w.next(c)
	asked := p.Say(c, "/ask who is umarov")
	answer := w.next(c)
	p.Edit(c, asked, "/ask who is lacroix")
	w.settle()
	m, _ := c.Message(answer.ID)
	contains(t, m, "Lacroix is")
	p.Edit(c, asked, "/sources")
	contains(t, w.next(c), "Sources")
}
