package delivery

import (
	"slices"
	"testing"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// answer sends an answer as the bot does, into the ledger too, and returns its message.
func (w *world) answer(chat *sandbox.Chat, thread int, revision string) int {
	w.t.Helper()
	id, err := w.client.Send(w.t.Context(), telegram.Target{Chat: chat.ID, Thread: thread}, telegram.Screen{Text: "the answer"})
	do(w.t, err)
	sent := store.Sent{Chat: chat.ID, Thread: thread, Message: id, Pair: "a", Revision: revision, Lang: "en", At: time.Now().Add(-time.Minute)}
	do(w.t, w.store.Record(w.t.Context(), sent))
	return id
}

// correct publishes a correction of the pair that answer shows.
func (w *world) correct() store.Bulletin {
	w.t.Helper()
	published, err := w.store.Propose(w.t.Context(), []store.Item{{Release: "r"}, {Release: "r", Pair: "a", Revision: "1"}}, time.Now())
	do(w.t, err)
	do(w.t, w.store.Dismiss(w.t.Context(), published[0].ID, time.Now()))
	return w.publish(time.Now(), store.Item{Release: "r"}, store.Item{Release: "r", Pair: "a", Revision: "2"})
}

func TestACorrectionReachesEveryCopy(t *testing.T) {
	onEach(t, func(w *world) {
		aida, private := w.reader()
		group := w.Supergroup("Group", aida)
		aida.AddBot(group)
		forum := w.Forum("Forum", aida)
		aida.AddBot(forum)
		thread := aida.OpenTopic(forum, "Topic")
		for range 3 {
			w.answer(private, 0, "1")
			w.answer(group, 0, "1")
		}
		w.answer(forum, thread, "0")
		fresh := w.answer(private, 0, "2")
		b := w.correct()
		w.deliver(b)
		w.want(group, slices.Repeat([]string{"corrected a2"}, 3)...)
		w.want(forum, "corrected a2")
		w.want(private, "corrected a2", "corrected a2", "corrected a2", "the answer", told(b))
		if m, _ := private.Message(fresh); m.Edits != 0 {
			w.t.Error("an answer that showed the correction was edited")
		}
		if got := w.bulletin(b.ID); got.Edited != 7 || got.Sent != 1 {
			w.t.Errorf("edited %d and sent %d, want 7 and 1", got.Edited, got.Sent)
		}
	})
}

func TestACorrectionReachesMessagesSentInInlineMode(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		aida, _ := w.reader()
		elsewhere := w.Group("Elsewhere", aida)
		query := aida.Inline("how many")
		do(w.t, w.client.AnswerInline(w.t.Context(), query, telegram.InlineAnswer{Results: []telegram.InlineResult{{
			ID: "a", Title: "The answer", Screen: telegram.Screen{Text: "the answer", Keyboard: [][]telegram.Button{{{Text: "Source", URL: "https://example.org"}}}},
		}}}))
		answer, err := w.AwaitInline(w.t.Context(), query)
		do(w.t, err)
		for range 3 {
			m, err := aida.Choose(elsewhere, answer, "a")
			do(w.t, err)
			do(w.t, w.store.Record(w.t.Context(), store.Sent{Inline: m.InlineID, Pair: "a", Revision: "1", At: time.Now().Add(-time.Minute)}))
		}
		do(w.t, w.store.Record(w.t.Context(), store.Sent{Inline: "gone", Pair: "a", Revision: "1", At: time.Now().Add(-time.Minute)}))
		b := w.correct()
		w.deliver(b)
		for _, m := range elsewhere.Messages() {
			if m.Text != "corrected a2" {
				w.t.Errorf("a copy shows %q", m.Text)
			}
		}
		if got := w.bulletin(b.ID); got.Edited != 3 {
			w.t.Errorf("edited %d, want 3", got.Edited)
		}
	})
}

func TestCopiesThatCannotBeEdited(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault sandbox.Fault
		want  []string
	}{
		{"too old: a reply says it", sandbox.Fault{Kind: sandbox.Refuse, Code: 400, Text: "Bad Request: message can't be edited"}, []string{"the answer", "corrected a2"}},
		{"gone: nothing to correct", sandbox.Fault{Kind: sandbox.Refuse, Code: 400, Text: "Bad Request: message to edit not found"}, []string{"the answer"}},
		{"a refusal in unknown words: later", sandbox.Fault{Kind: sandbox.Refuse, Code: 403, Text: "Forbidden: bot can't send messages to the user", Times: 3}, []string{"corrected a2"}},
		{"again and again", sandbox.Fault{Kind: sandbox.Refuse, Code: 403, Text: "Forbidden: bot can't send messages to the user"}, []string{"the answer"}},
		{"trouble: later", sandbox.Fault{Kind: sandbox.ServerError, Times: 4}, []string{"corrected a2"}},
		{"flood: later", sandbox.Fault{Kind: sandbox.Flood, RetryAfter: 40, Times: 2}, []string{"corrected a2"}},
		{"edited, but the answer was cut off", sandbox.Fault{Kind: sandbox.CutAfter, Times: 1}, []string{"corrected a2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
				chat := w.Person("Aida", "kk").Start("")
				id := w.answer(chat, 0, "1")
				w.options.Doubt = time.Minute
				test.fault.Method = "editMessageText"
				w.Inject(test.fault)
				w.deliver(w.correct())
				w.want(chat, test.want...)
				if last := chat.Messages()[len(chat.Messages())-1]; last.ID != id && last.ReplyTo != id {
					w.t.Errorf("the correction answers message %d, want %d", last.ReplyTo, id)
				}
			})
		})
	}
}

func TestEditsKeepTheBudgetOfAGroup(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		aida, _ := w.reader()
		busy, quiet := w.Supergroup("Busy", aida), w.Supergroup("Quiet", aida)
		for _, c := range []*sandbox.Chat{busy, quiet} {
			aida.AddBot(c)
		}
		for range pageSize + 10 {
			w.answer(busy, 0, "1")
		}
		w.answer(quiet, 0, "1")
		b := w.correct()
		start := time.Now()
		w.deliver(b)
		var edits []time.Time
		for _, m := range busy.Messages() {
			if m.FromBot {
				edits = append(edits, m.Edited)
			}
		}
		slices.SortFunc(edits, time.Time.Compare)
		for i := range len(edits) - 20 {
			if in := edits[i+20].Sub(edits[i]); in < time.Minute {
				w.t.Fatalf("21 edits in %s", in)
			}
		}
		if took := edits[len(edits)-1].Sub(start); took > 8*time.Minute {
			w.t.Errorf("110 edits took %s", took)
		}
		if quiet := quiet.Messages()[1].Edited.Sub(start); quiet > time.Minute {
			w.t.Errorf("the quiet group waited %s", quiet)
		}
	})
}

func TestAWithdrawnPairIsRecalledToo(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		chat := w.Person("Aida", "kk").Start("")
		w.answer(chat, 0, "1")
		first := w.correct()
		do(w.t, w.store.Cancel(w.t.Context(), first.ID, time.Now()))
		w.deliver(w.publish(time.Now(), store.Item{Release: "r"}))
		w.want(chat, "corrected a")
	})
}

// While a digest of the first correction waits for its hour, a second one makes every copy right again, once.
func TestACorrectionOfACorrection(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		time.Sleep(57 * time.Minute)
		chat := w.Person("Aida", "kk").Start("")
		_, digest := w.reader()
		w.subscribe(store.Subscription{Chat: digest.ID, Digest: true, Hour: 1, Zone: "UTC"})
		id := w.answer(chat, 0, "1")
		first := w.correct()
		w.run(func() bool { return w.bulletin(first.ID).Edited == 1 })
		w.want(chat, "corrected a2")
		back := w.publish(time.Now(), store.Item{Release: "r"}, store.Item{Release: "r", Pair: "a", Revision: "1"})
		w.deliver(back)
		w.want(chat, "corrected a1")
		w.want(digest, told(back))
		if m, _ := chat.Message(id); m.Edits != 2 {
			w.t.Errorf("the copy was edited %d times, want once for each correction", m.Edits)
		}
		if got := w.bulletin(first.ID).State; got != store.Superseded {
			w.t.Errorf("the first correction is %s", got)
		}
	})
}

// A bulletin that shows several answers is corrected for each of them, and one edit may do for two.
func TestAMessageWithSeveralAnswers(t *testing.T) {
	onEach(t, func(w *world) {
		pair := func(id, revision string) store.Item { return store.Item{Release: "r", Pair: id, Revision: revision} }
		w.options.Message = func(_ store.Subscription, bulletins []store.Bulletin) Message {
			m := message(store.Subscription{}, bulletins)
			for _, i := range bulletins[0].Items {
				m.Shows = append(m.Shows, Shown{i.Key(), i.Revision})
			}
			return m
		}
		_, chat := w.reader()
		head := store.Item{Release: "r"}
		do(w.t, w.store.Settle(w.t.Context(), []store.Item{head}))
		w.deliver(w.publish(time.Now(), head, pair("a", "1"), pair("b", "1")))
		w.options.Message = message
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // what is sent later than a correction starts has no need of it
		one := w.publish(time.Now(), head, pair("a", "1"), pair("b", "2"))
		w.deliver(one)
		w.want(chat, "corrected a1 b2", told(one))
		both := w.publish(time.Now(), head, pair("a", "2"), pair("b", "3"))
		w.deliver(both)
		w.want(chat, "corrected a2 b3", told(one), told(both))
		if m := chat.Messages()[1]; m.Edits != 2 {
			w.t.Errorf("it was edited %d times, want twice", m.Edits)
		}
	})
}

// A message too old to be edited is answered; the reply stands for it, and later corrections edit the reply alone.
func TestAReplyStandsForWhatItCorrects(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		chat := w.Person("Aida", "kk").Start("")
		w.answer(chat, 0, "1")
		w.Inject(sandbox.Fault{Kind: sandbox.Refuse, Method: "editMessageText", Code: 400, Text: "Bad Request: message can't be edited", Times: 1})
		w.deliver(w.correct())
		w.want(chat, "the answer", "corrected a2")
		time.Sleep(time.Minute)
		w.deliver(w.publish(time.Now(), store.Item{Release: "r"}, store.Item{Release: "r", Pair: "a", Revision: "3"}))
		w.want(chat, "the answer", "corrected a3")
	})
}

func TestCopiesThatWereMissedAreCounted(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		chat := w.Person("Aida", "kk").Start("")
		for _, text := range []string{"Bad Request: message to edit not found", "Bad Request: MESSAGE_ID_INVALID", "Forbidden: bot was blocked by the user"} {
			w.answer(chat, 0, "1")
			w.Inject(sandbox.Fault{Kind: sandbox.Refuse, Method: "editMessageText", Code: 400, Text: text, Times: 1})
		}
		b := w.correct()
		w.deliver(b)
		if got := w.bulletin(b.ID); got.Edited != 0 || got.Missed != 1 {
			w.t.Errorf("%d edited and %d missed, want that which still can be read", got.Edited, got.Missed)
		}
	})
}

func TestCorrectingGoesOnAfterARestart(t *testing.T) {
	onEach(t, func(w *world) {
		var chats []*sandbox.Chat
		for range 30 {
			chat := w.Person("Aida", "kk").Start("")
			w.answer(chat, 0, "1")
			chats = append(chats, chat)
		}
		b := w.correct()
		w.deliverInRuns(b)
		for _, chat := range chats {
			w.want(chat, "corrected a2")
			if m := chat.Messages()[1]; m.Edits != 1 {
				w.t.Errorf("a copy was edited %d times", m.Edits)
			}
		}
	})
}
