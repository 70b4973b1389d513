package bot

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"releasebot/answers"
	"releasebot/bot/delivery"
	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// changed are bulletins of each kind about the pairs of a release; what is corrected said the same of itself in capitals.
func changed(lib *answers.Library, r *answers.Release, pairs ...*answers.Pair) map[store.Kind]store.Bulletin {
	all := map[store.Kind]store.Bulletin{}
	for kind := range headings {
		b := store.Bulletin{ID: 7, Change: store.Change{Kind: kind, Release: r.ID}, State: store.Pending}
		if kind == store.NewRelease {
			b.Items = append(b.Items, releaseItem(lib, r))
		}
		for _, p := range pairs {
			former := answers.Text{}
			for lang, text := range p.Answer {
				former[lang] = strings.ToUpper(text)
			}
			item := pairItem(p)
			item.Former = wording{p.Question, former}.String()
			if kind == store.Withdrawal {
				item.Pair, item.Revision = "former-"+p.ID, ""
			}
			b.Items = append(b.Items, item)
		}
		all[kind] = b
	}
	return all
}

// page is a screen with its name.
type page struct {
	name   string
	screen telegram.Screen
}

// publishing are the screens of subscriptions, bulletins and cards in a language.
func publishing(lib *answers.Library, lang string) []page {
	v := view{voice: voiceOf(lang), lib: lib, username: "press_bot"}
	d := &desk{view: v, sub: store.Subscription{
		Releases: true, Topics: []string{"reform"}, Digest: true, Hour: 9, Zone: "Asia/Almaty", Follows: []string{"unifil-size"}, Corrections: true,
	}}
	channel := &desk{view: v, sub: store.Subscription{Releases: true, Answers: true, Corrections: true}, channel: "-1001234567890", title: "News"}
	r := lib.Releases[0]
	one := changed(lib, r, lib.Pair("soldiers-how-many"))
	many := changed(lib, r, r.Pairs[:7]...)
	former := many[store.Withdrawal]
	former.Items = append([]store.Item{{Release: "former", Content: releaseItem(lib, r).Content}}, former.Items...)
	return append([]page{
		{"subscription", d.switches()},
		{"subscription: topics", d.topicSwitches()},
		{"subscription: hours", d.hours()},
		{"subscription: time zones", d.zoneChoice()},
		{"subscription of a channel", channel.switches()},
		{"unsubscribed", d.unsubscribed()},
		{"bulletin: release", v.bulletin(many[store.NewRelease], opening, true).Screen},
		{"bulletin: an answer", v.bulletin(one[store.NewAnswers], opening, true).Screen},
		{"bulletin: answers", v.bulletin(many[store.NewAnswers], opening, true).Screen},
		{"bulletin: correction", v.bulletin(one[store.Correction], opening, true).Screen},
		{"bulletin: corrections", v.bulletin(many[store.Correction], opening, true).Screen},
		{"bulletin: withdrawal", v.bulletin(one[store.Withdrawal], opening, true).Screen},
		{"bulletin: withdrawals", v.bulletin(many[store.Withdrawal], opening, true).Screen},
		{"bulletin: withdrawal of a release", v.bulletin(former, opening, true).Screen},
		{"digest", v.bulletins([]store.Bulletin{one[store.NewAnswers], one[store.Correction]}, opening).Screen},
	}, cards(v, one[store.Correction])...)
}

// cards are a bulletin's card in each of its states.
func cards(v view, b store.Bulletin) (pages []page) {
	for _, shown := range []struct {
		name  string
		state store.State
		asks  string
	}{
		{"card", store.Pending, cardShow},
		{"card: publish?", store.Pending, cardPublish},
		{"card: when?", store.Pending, cardSchedule},
		{"card: dismiss?", store.Pending, cardDismiss},
		{"card: scheduled", store.Scheduled, cardShow},
		{"card: sending", store.Sending, cardShow},
		{"card: paused", store.Paused, cardShow},
		{"card: done", store.Done, cardShow},
		{"card: cancelled", store.Cancelled, cardShow},
		{"card: dismissed", store.Dismissed, cardShow},
		{"card: superseded", store.Superseded, cardShow},
	} {
		b.State, b.Sent, b.Edited, b.Starts = shown.state, 4100, 12, opening.Add(17*time.Hour)
		c := card{
			view: v, Bulletin: b, now: opening, preview: v.lang, asks: shown.asks,
			Progress: Progress{Left: 5880, Waiting: 17, Failures: []store.Failure{{Reason: "Forbidden: bot was blocked by the user", Count: 3}}},
		}
		pages = append(pages, page{shown.name, c.screen(telegram.Screen{Text: "<b>…</b>"})})
	}
	return pages
}

// Whatever is changed, its bulletins, its digest, its copies and its cards fit Telegram's limits and quote the release alone.
func TestEveryBulletinFits(t *testing.T) {
	lib := shipped()
	b := New(Options{}, lib)
	for _, r := range lib.Releases {
		for _, p := range r.Pairs {
			one := changed(lib, r, p)
			for lang := range voices {
				v := b.viewFor(7, lang)
				for kind, bulletin := range one {
					screen := v.bulletin(bulletin, opening, true).Screen
					fits(t, lang+" "+string(kind)+" "+p.ID, screen)
					quotesOnly(t, p.ID, screen, lib)
				}
				copied := store.Sent{Chat: -7, Message: 1, Pair: p.ID, Lang: lang}
				fits(t, lang+" copy of "+p.ID, b.Copy(one[store.Correction], []store.Sent{copied}, store.Subscription{Chat: -7}, true).Screen)
			}
		}
		all := changed(lib, r, r.Pairs...)
		digest := []store.Bulletin{all[store.Correction], all[store.NewRelease], all[store.NewAnswers], all[store.Withdrawal]}
		for lang := range voices {
			v := b.viewFor(-7, lang)
			screen := v.bulletins(digest, opening).Screen
			fits(t, lang+" digest", screen)
			fits(t, lang+" card", card{view: v, Bulletin: all[store.Correction], preview: lang}.screen(screen))
		}
	}
}

func TestEveryZoneExistsAndHasACity(t *testing.T) {
	for lang := range voices {
		if n := len(strings.Split(voiceOf(lang).plain("cities", nil), ", ")); n != len(zones) {
			t.Errorf("%s names %d cities for %d zones", lang, n, len(zones))
		}
	}
	for _, zone := range zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Error(err)
		}
	}
}

func TestSchedulesAreInTheOfficesTime(t *testing.T) {
	almaty := must(time.LoadLocation("Asia/Almaty"))
	for day := range 7 {
		now := time.Date(2026, 3, 2+day, 22, 30, 0, 0, almaty) // 2 March is a Monday
		for _, s := range scheduleTimes {
			at := s.at(now)
			if !at.After(now) || at.After(now.AddDate(0, 0, 7)) {
				t.Errorf("on %s %s is %s", now.Weekday(), s.text, at)
			}
			if s.key == "m9" && (at.Weekday() != time.Monday || at.Hour() != 9) {
				t.Errorf("on %s: Monday at nine is %s", now.Weekday(), at)
			}
		}
	}
}

// newsroom is a world with readers, two press officers and a release that waits to be published.
func newsroom(t *testing.T) (w *world, officers, readers []*sandbox.Person) {
	w = newWorld(t, sandbox.Options{})
	for _, name := range []string{"Aida", "Ivan", "John"} {
		p := w.Person(name, "en")
		p.Say(p.Start(""), "/subscribe")
		readers = append(readers, p)
	}
	for _, name := range []string{"Dana", "Erlan"} {
		p := w.Person(name, "en")
		p.Start("")
		officers = append(officers, p)
	}
	w.settle()
	content := newFolder()
	w.employ(content, officers...)
	content.add("hospital")
	w.bot.SetLibrary(content.library())
	w.tend()
	return w, officers, readers
}

// last is the bot's last message to a person.
func (w *world) last(p *sandbox.Person) sandbox.Message {
	said := w.Private(p).FromBot()
	return said[len(said)-1]
}

func TestTwoAdministratorsWhoPressAtOncePublishOnce(t *testing.T) {
	w, officers, readers := newsroom(t)
	for _, p := range officers {
		must(p.Press(w.last(p), "Publish…"))
	}
	w.settle()
	notices := make([]string, len(officers))
	var wait sync.WaitGroup
	for i, p := range officers {
		wait.Go(func() {
			press := must(p.Press(w.last(p), "Yes, publish now"))
			notices[i] = must(w.AwaitAnswer(t.Context(), press)).Text
		})
	}
	wait.Wait()
	slices.Sort(notices)
	if want := []string{"", "Somebody has already decided on this."}; !slices.Equal(notices, want) {
		t.Errorf("the two are told %q, want %q", notices, want)
	}
	w.deliver()
	w.tend()
	for _, p := range readers {
		told := 0
		for _, m := range w.Private(p).FromBot() {
			if strings.HasPrefix(m.Text, "New release") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("a reader was told %d times", told)
		}
	}
	for _, p := range officers {
		contains(t, w.last(p), "Done", "Sent: 3")
	}
}

func TestACardThatIsReplacedSaysSo(t *testing.T) {
	w, officers, _ := newsroom(t)
	old := w.last(officers[0])
	content := newFolder()
	content.add("hospital")
	content.withdraw("hospital", "hospital-when")
	w.bot.SetLibrary(content.library())
	w.tend()
	if now, _ := w.Private(officers[0]).Message(old.ID); !strings.Contains(now.Text, "has changed since") {
		t.Errorf("the old card says\n%s", now.Text)
	}
	contains(t, w.last(officers[0]), "Waits for your decision")
}

func TestOnlyAdministratorsPublish(t *testing.T) {
	w, officers, readers := newsroom(t)
	var yes string
	for _, row := range (card{view: w.bot.viewFor(1, "en"), Bulletin: must(w.store.Bulletins(t.Context(), store.Pending))[0], asks: cardPublish}).buttons() {
		yes = row[0].Data
		break
	}
	stranger := readers[0]
	press := stranger.PressData(w.last(stranger), yes)
	if answer := must(w.AwaitAnswer(t.Context(), press)); !strings.Contains(answer.Text, "older message") {
		t.Errorf("a stranger is told %q", answer.Text)
	}
	stranger.Say(w.Private(stranger), "/publish")
	w.settle()
	contains(t, w.last(stranger), "do not know that command")
	if n := len(must(w.store.Bulletins(t.Context(), store.Pending))); n != 1 {
		t.Errorf("%d bulletins wait, want 1", n)
	}
	officers[1].Say(w.Private(officers[1]), "/publish")
	w.settle()
	contains(t, w.last(officers[1]), "Waits for your decision", "Subscribers: 3")
}

func TestAPausedBulletinGoesOnWhereItWas(t *testing.T) {
	w, officers, readers := newsroom(t)
	pending := must(w.store.Bulletins(t.Context(), store.Pending))[0]
	must(0, w.store.Schedule(t.Context(), pending.ID, w.clock.Now()))
	must(0, w.store.Start(t.Context(), pending.ID, w.clock.Now()))
	w.tend()
	for _, step := range []struct{ press, says string }{{"Pause", "Paused at 0%"}, {"Resume", "to go: 3"}, {"Pause", "to go: 3"}, {"Resume", "to go: 3"}} {
		must(officers[0].Press(w.last(officers[0]), step.press))
		w.settle()
		contains(t, w.last(officers[0]), step.says)
	}
	w.deliver()
	w.tend()
	contains(t, w.last(officers[0]), "Done", "Sent: 3")
	contains(t, w.last(readers[2]), "field hospital")
}

// A release under embargo is no news before its time, and then it waits for the press office like any other.
func TestAnEmbargoThatEndsIsNews(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	content := newFolder()
	w.employ(content)
	content.add("hospital")
	content.replace("hospital", "lang: en\n", "lang: en\nembargo: 2030-01-01T09:00:00Z\n")
	day := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		at   time.Time
		want int
	}{{day, 0}, {day.Add(9 * time.Hour), 1}} {
		w.bot.SetLibrary(content.at(test.at))
		w.tend()
		if n := len(must(w.store.Bulletins(t.Context(), store.Pending))); n != test.want {
			t.Errorf("at %s %d bulletins wait, want %d", test.at, n, test.want)
		}
	}
}

// An administrator who has never opened the chat is left alone after the first try.
func TestAnAdministratorWhoCannotBeTold(t *testing.T) {
	w, _, _ := newsroom(t)
	blocked := w.Person("Fatima", "en")
	blocked.Start("")
	blocked.Block()
	w.settle()
	w.bot.admins = append(w.bot.admins, blocked.ID)
	w.tend()
	if len(w.known.silent) != 1 {
		t.Errorf("%d administrators are taken for unreachable, want 1", len(w.known.silent))
	}
}

func TestAChannelThatLosesAndRegainsTheBotsRightsKeepsItsSubscription(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	dana := w.Person("Dana", "en")
	dana.Start("")
	w.settle()
	channel := w.Channel("News", dana)
	dana.PromoteBot(channel)
	w.settle()
	must(dana.Press(w.last(dana), "☑ New answers"))
	w.settle()
	err := w.bot.membership(t.Context(), &telegram.Membership{
		From: telegram.User{ID: dana.ID}, Chat: telegram.Chat{ID: channel.ID, Type: "channel"}, Old: telegram.Member{Present: true}, New: telegram.Member{Present: true, CanPost: true},
	})
	subs, errRead := w.store.Subscriptions(t.Context(), channel.ID)
	if err = errors.Join(err, errRead); err != nil || len(subs) != 1 || subs[0].Answers || !subs[0].Channel {
		t.Errorf("%+v, %v: want the channel's own choices", subs, err)
	}
	if said := w.Private(dana).FromBot(); len(said) != 3 { // the greeting, and the switches both times
		t.Errorf("dana has %d messages, want the switches anew", len(said))
	}
}

// What has been approved is told in the words that were approved, though the library has others by now; nothing but the
// buttons leads to those.
func TestABulletinSaysWhatWasApproved(t *testing.T) {
	lib := shipped()
	v := view{voice: voiceOf("en"), lib: lib, username: "press_bot"}
	r, p := lib.Releases[0], lib.Releases[0].Pairs[0]
	approved := pairItem(p)
	approved.Revision, approved.Content = "0", wording{p.Question, answers.Text{"en": "The approved answer."}}.String()
	head := releaseItem(lib, r)
	head.Revision, head.Content = "0", wording{answers.Text{"en": "The approved title"}, answers.Text{"en": "The approved words."}}.String()
	for kind, test := range map[store.Kind]struct {
		items []store.Item
		says  string
		shows []delivery.Shown
	}{
		store.NewRelease: {[]store.Item{head, approved}, "The approved title", nil},
		store.NewAnswers: {[]store.Item{approved}, r.Title, nil},
		store.Correction: {[]store.Item{head, approved}, "The approved answer.", []delivery.Shown{{Key: p.ID, Revision: "0"}, {Key: head.Key(), Revision: "0"}}},
	} {
		m := v.bulletin(store.Bulletin{Change: store.Change{Kind: kind, Release: r.ID, Items: test.items}}, opening, true)
		if !strings.Contains(m.Text, test.says) || strings.Contains(m.Text, r.Paragraphs[0]) || strings.Contains(m.Text, escape(p.Answer["en"])) {
			t.Errorf("%s says\n%s", kind, m.Text)
		}
		if !slices.Equal(m.Shows, test.shows) {
			t.Errorf("%s shows %v, want %v", kind, m.Shows, test.shows)
		}
	}
	correction := store.Bulletin{Change: store.Change{Kind: store.Correction, Release: r.ID, Items: []store.Item{approved}}}
	copied := New(Options{}, lib).Copy(correction, []store.Sent{{Chat: 7, Message: 1, Pair: p.ID, Lang: "en"}}, store.Subscription{}, false)
	if want := []delivery.Shown{{Key: p.ID, Revision: "0"}}; !strings.Contains(copied.Text, "The approved answer.") || !slices.Equal(copied.Shows, want) {
		t.Errorf("a copy shows %v and says\n%s", copied.Shows, copied.Text)
	}
}

// A message that shows several answers is made anew from all of them.
func TestACopyOfSeveralAnswers(t *testing.T) {
	lib := shipped()
	r := lib.Releases[0]
	corrected, other, withdrawn := pairItem(r.Pairs[0]), pairItem(r.Pairs[1]), pairItem(r.Pairs[2])
	withdrawn.Pair, withdrawn.Revision = "former", ""
	parts := []store.Sent{{Chat: 7, Pair: corrected.Pair}, {Chat: 7, Part: 1, Pair: other.Pair}, {Chat: 7, Part: 2, Pair: "former"}, {Chat: 7, Part: 3, Pair: other.Pair}}
	answer := func(p *answers.Pair) string { return p.Answer["en"] }
	for kind, test := range map[store.Kind]struct {
		items []store.Item
		says  []string
		shows []delivery.Shown
	}{
		store.Correction: {[]store.Item{corrected}, []string{"Corrected on", answer(r.Pairs[0]), answer(r.Pairs[1])}, []delivery.Shown{
			{Key: corrected.Pair, Revision: corrected.Revision}, {Key: other.Pair, Revision: other.Revision},
		}},
		store.Withdrawal: {[]store.Item{withdrawn}, []string{answer(r.Pairs[0]), answer(r.Pairs[1]), r.Pairs[2].Question["en"], "Withdrawn on"}, []delivery.Shown{
			{Key: corrected.Pair, Revision: corrected.Revision}, {Key: other.Pair, Revision: other.Revision}, {Key: "former"},
		}},
	} {
		m := New(Options{}, lib).Copy(store.Bulletin{Change: store.Change{Kind: kind, Release: r.ID, Items: test.items}, Started: opening}, parts, store.Subscription{}, false)
		contains(t, sandbox.Message{Text: telegram.Plain(m.Text)}, test.says...)
		if !slices.Equal(m.Shows, test.shows) {
			t.Errorf("%s: it shows %v, want %v", kind, m.Shows, test.shows)
		}
		fits(t, string(kind), m.Screen)
	}
}

func TestADigestSaysHowMuchDidNotFit(t *testing.T) {
	lib := shipped()
	v := view{voice: voiceOf("en"), lib: lib, username: "press_bot"}
	var day []store.Bulletin
	for range 20 {
		day = append(day, changed(lib, lib.Releases[0], lib.Releases[0].Pairs[:3]...)[store.Correction])
	}
	m := v.bulletins(day, opening)
	told := strings.Count(m.Text, "Correction")
	if want := voiceOf("en").count("and_more", len(day)-told); told == 0 || !strings.HasSuffix(m.Text, want) || len(m.Shows) != 3*told {
		t.Errorf("%d are told, %d answers are in the ledger, and it ends %q; want %q", told, len(m.Shows), m.Text[len(m.Text)-20:], want)
	}
	fits(t, "digest", m.Screen)
}

func TestAScheduleDoesNotOutliveItsContent(t *testing.T) {
	w, officers, readers := newsroom(t)
	dana := officers[0]
	for _, button := range []string{"Schedule…", "In an hour"} {
		must(dana.Press(w.last(dana), button))
		w.settle()
	}
	card := w.last(dana)
	contains(t, card, "Goes out:")
	content := newFolder()
	content.add("hospital")
	content.replace("hospital", "24", "34")
	w.bot.SetLibrary(content.library())
	w.tend()
	card, _ = w.Private(dana).Message(card.ID)
	contains(t, card, "this does not go out")
	contains(t, w.last(dana), "Waits for your decision", "34 beds")
	w.clock.Move(2 * time.Hour)
	w.deliver()
	if m := w.last(readers[0]); strings.Contains(m.Text, "hospital") {
		t.Errorf("it goes out all the same:\n%s", m.Text)
	}
}

func TestWhoIsNoAdministratorAnyMoreSeesNothingNew(t *testing.T) {
	w, officers, _ := newsroom(t)
	former := officers[1]
	w.bot.admins = w.bot.admins[:1]
	must(officers[0].Press(w.last(officers[0]), "Publish…"))
	w.settle()
	must(officers[0].Press(w.last(officers[0]), "Yes, publish now"))
	w.settle()
	w.deliver()
	w.tend()
	contains(t, w.last(officers[0]), "Done")
	contains(t, w.last(former), "Waits for your decision")
	press := must(former.Press(w.last(former), "Dismiss…"))
	if answer := must(w.AwaitAnswer(t.Context(), press)); !strings.Contains(answer.Text, "older message") {
		t.Errorf("the former administrator is told %q", answer.Text)
	}
}

// What was written down of a pair is read back as it was, for it will be shown.
func TestWordingIsReadBack(t *testing.T) {
	for _, item := range items(shipped()) {
		if got := wordingOf(item.Content); got.String() != item.Content || len(got.Question) == 0 {
			t.Errorf("%s: %s", item.Pair, item.Content)
		}
	}
}
