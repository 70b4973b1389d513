package bot

import (
	"testing"

	"releasebot/bot/sandbox"
)

func TestAQuestionGetsTheReleasesOwnSentence(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for _, test := range []struct{ lang, question, answer string }{
		{"en", "how many soldiers is kazakhstan sending to lebanon", "120"},
		{"ru", "сколько военных казахстан отправит в ливан", "120"},
		{"kk", "қазақстан ливанға қанша сарбаз жібереді", "120"},
	} {
		p := w.Person("Aida", test.lang)
		c := p.Start("")
		w.next(c)
		p.Say(c, test.question)
		contains(t, w.next(c), test.answer, "Kazakhstan will send a peacekeeping company of 120 servicemen", "¶6")
	}
}
