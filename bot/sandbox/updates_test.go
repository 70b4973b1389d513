package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"releasebot/bot/sandbox"
)

// id returns the number of an update.
func (o object) id() int64 { return int64(o["update_id"].(float64)) }

// kind returns the name of the field that an update has.
func (o object) kind() string {
	for name := range o {
		if name != "update_id" {
			return name
		}
	}
	return ""
}

func kinds(updates []object) []string {
	all := []string{}
	for _, u := range updates {
		all = append(all, u.kind())
	}
	return all
}

// texts returns the texts of the messages in updates.
func texts(updates []object) []string {
	all := []string{}
	for _, u := range updates {
		m, _ := u[u.kind()].(map[string]any)
		text, _ := m["text"].(string)
		all = append(all, text)
	}
	return all
}

func TestUpdatesWaitUntilConfirmed(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.aida.Say(w.chat, "one")
	w.aida.Say(w.chat, "two")
	first := w.updates(0)
	if got := texts(first); !slices.Equal(got, []string{"/start", "one", "two"}) {
		t.Fatalf("the updates are %q", got)
	}
	if got := w.updates(0); len(got) != 1 {
		t.Errorf("asked the same again at once, %d updates come, want 1", len(got))
	}
	if got := w.updates(first[0].id()); len(got) != 3 {
		t.Errorf("unconfirmed, %d updates come again, want 3", len(got))
	}
	if got := texts(w.updates(first[1].id())); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("from the second on there are %q", got)
	}
	if got := texts(w.updates(first[0].id())); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("a confirmed update came back: %q", got)
	}
	if got := w.updates(first[2].id() + 1); len(got) != 0 {
		t.Errorf("after all are confirmed there are %d", len(got))
	}
}

func TestANegativeOffsetForgetsTheRest(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.aida.Say(w.chat, "one")
	w.aida.Say(w.chat, "two")
	if got := texts(w.updates(-2)); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("the last two are %q", got)
	}
	if got := texts(w.updates(-5)); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("the last five of two are %q", got)
	}
}

func TestLimit(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for i := range 150 {
		w.aida.Say(w.chat, itoa(i))
	}
	if got := len(w.updates(0)); got != 100 {
		t.Errorf("without a limit %d updates come, want 100", got)
	}
	var updates []object
	w.ok("getUpdates", params{"offset": "1", "limit": "2"}, &updates)
	if len(updates) != 2 {
		t.Errorf("with a limit of 2 there are %d", len(updates))
	}
}

func TestUpdatesExpireAfterADay(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.clock.Move(23 * time.Hour)
	w.aida.Say(w.chat, "late")
	w.clock.Move(2 * time.Hour)
	if got := texts(w.updates(0)); !slices.Equal(got, []string{"late"}) {
		t.Errorf("the updates are %q", got)
	}
}

func TestUpdateIDsAreRandomAfterAWeek(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	last := w.updates(0)[0].id()
	w.updates(last + 1)
	seen := map[int64]bool{}
	lower := false
	for range 8 {
		w.clock.Move(8 * 24 * time.Hour)
		w.aida.Say(w.chat, "back")
		got := w.updates(last + 1)
		if len(got) != 1 {
			t.Fatalf("with the offset %d after a jump there are %d updates, want 1", last+1, len(got))
		}
		lower = lower || got[0].id() < last
		last = got[0].id()
		seen[last] = true
		w.updates(last + 1)
	}
	if len(seen) < 8 || !lower {
		t.Errorf("the ids %v do not jump both ways", seen)
	}
}

func TestAllowedUpdatesStay(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner, guest := w.Person("Owner", ""), w.Person("Guest", "")
	super := w.Supergroup("Super", owner)
	owner.AddBot(super)
	owner.PromoteBot(super)
	w.drain()
	act := func() []string {
		guest.Join(super)
		w.aida.Inline("x")
		guest.Leave(super)
		got := kinds(w.updates(0))
		w.drain()
		return got
	}
	if got := act(); !slices.Equal(got, []string{"message", "inline_query", "message"}) {
		t.Errorf("by default there are %q", got)
	}
	w.ok("getUpdates", params{"offset": "1", "allowed_updates": `["chat_member","inline_query"]`}, nil)
	for range 2 { // the setting stays
		if got := act(); !slices.Equal(got, []string{"chat_member", "inline_query", "chat_member"}) {
			t.Errorf("with chat_member allowed there are %q", got)
		}
	}
	w.ok("getUpdates", params{"offset": "1", "allowed_updates": `[]`}, nil)
	if got := act(); !slices.Equal(got, []string{"message", "inline_query", "message"}) {
		t.Errorf("by default again there are %q", got)
	}
	if got := w.call("getUpdates", params{"allowed_updates": `["massage"]`}); got.Code != 400 {
		t.Errorf("an unknown kind gives %d %s", got.Code, got.Description)
	}
}

func TestLongPollWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{})
		w.drain()
		begin := time.Now()
		go func() {
			time.Sleep(20 * time.Second)
			w.aida.Say(w.chat, "here")
		}()
		var updates []object
		w.ok("getUpdates", params{"timeout": "50"}, &updates)
		if waited := time.Since(begin); waited != 20*time.Second || !slices.Equal(texts(updates), []string{"here"}) {
			t.Errorf("after %v there are %q", waited, texts(updates))
		}
		w.drain()
		begin = time.Now()
		w.ok("getUpdates", params{"timeout": "50"}, &updates)
		if waited := time.Since(begin); waited != 50*time.Second || len(updates) != 0 {
			t.Errorf("an empty poll ends after %v with %d updates", waited, len(updates))
		}
	})
}

func TestTwoPollersConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{})
		w.drain()
		var first answer
		var wait sync.WaitGroup
		wait.Go(func() { first = w.call("getUpdates", params{"timeout": "50"}) })
		synctest.Wait()
		if got := w.call("getUpdates", nil); !got.OK {
			t.Errorf("the second poller gets %d %s", got.Code, got.Description)
		}
		wait.Wait()
		want := "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
		if first.Code != 409 || first.Description != want {
			t.Errorf("the first poller gets %d %q", first.Code, first.Description)
		}
		if got := w.call("getUpdates", nil); !got.OK {
			t.Errorf("a poller after that gets %d %s", got.Code, got.Description)
		}
	})
}

func TestAPollerThatLeavesMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{})
		w.drain()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.try(ctx, "getUpdates", params{"timeout": "50"}); err == nil {
			t.Error("the poll ended before its client gave up")
		}
		if got := w.call("getUpdates", nil); !got.OK {
			t.Errorf("the next poller gets %d %s", got.Code, got.Description)
		}
	})
}

func TestAWebhookExcludesPolling(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.ok("setWebhook", params{"url": "https://example.org:8443/hook", "secret_token": "s_-1", "allowed_updates": `["message"]`}, nil)
	const want = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
	if got := w.call("getUpdates", nil); got.Code != 409 || got.Description != want {
		t.Errorf("polling gives %d %q", got.Code, got.Description)
	}
	var info struct {
		URL     string   `json:"url"`
		Pending int      `json:"pending_update_count"`
		Max     int      `json:"max_connections"`
		Allowed []string `json:"allowed_updates"`
	}
	w.ok("getWebhookInfo", nil, &info)
	if info.URL != "https://example.org:8443/hook" || info.Pending != 1 || info.Max != 40 || len(info.Allowed) != 1 {
		t.Errorf("the webhook is %+v", info)
	}
	for _, address := range []string{"http://example.org/", "https://example.org:8080/", "nowhere"} {
		if got := w.call("setWebhook", params{"url": address}); got.Code != 400 {
			t.Errorf("%s gives %d", address, got.Code)
		}
	}
	w.ok("deleteWebhook", params{"drop_pending_updates": "true"}, nil)
	if got := len(w.updates(0)); got != 0 {
		t.Errorf("%d updates are left", got)
	}
}

func TestAMalformedUpdateStandsAmongOthers(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.PushMalformed()
	w.aida.Say(w.chat, "after")
	updates := w.updates(0)
	if len(updates) != 3 || updates[1]["message"] != "malformed" || updates[2].id() != updates[0].id()+2 {
		t.Errorf("the updates are %v", updates)
	}
}

func TestEventsTellEverythingInOrder(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	id := w.sent(params{"chat_id": itoa(w.chat.ID), "text": "one"})
	w.ok("sendChatAction", params{"chat_id": itoa(w.chat.ID), "action": "typing"}, nil)
	w.ok("editMessageText", params{"chat_id": itoa(w.chat.ID), "message_id": itoa(id), "text": "two"}, nil)
	w.ok("deleteMessage", params{"chat_id": itoa(w.chat.ID), "message_id": itoa(id)}, nil)
	var got []string
	events, err := w.Events(soon(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		got = append(got, fmt.Sprintf("%d %s %s", e.Seq, e.Kind, e.Message.Text))
	}
	want := []string{"1 posted /start", "2 posted one", "3 action ", "4 edited two", "5 deleted two"}
	if !slices.Equal(got, want) {
		t.Errorf("the events are %q, want %q", got, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Events(ctx, 5); err == nil {
		t.Error("an event is told before it happened")
	}
}

func TestKeepBoundsMemory(t *testing.T) {
	w := newWorld(t, sandbox.Options{Keep: 5})
	for i := range 100 {
		w.sent(params{"chat_id": itoa(w.chat.ID), "text": itoa(i)})
	}
	events, err := w.Events(soon(t), 0)
	if n := len(w.chat.Messages()); n != 5 || len(events) > 10 || err != nil {
		t.Errorf("%d messages and %d events are kept, %v", n, len(events), err)
	}
}

func TestManyAtOnce(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	var wait sync.WaitGroup
	for range 8 {
		p := w.Person("Somebody", "")
		c := p.Start("")
		wait.Go(func() {
			for i := range 20 {
				p.Say(c, itoa(i))
				w.sent(params{"chat_id": itoa(c.ID), "text": itoa(i)})
			}
		})
		wait.Go(func() {
			for range 20 {
				if _, err := c.Next(soon(t)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	seen := map[int64]bool{}
	for offset := int64(0); ; {
		updates := w.updates(offset)
		if len(updates) == 0 {
			break
		}
		for _, u := range updates {
			seen[u.id()] = true
			offset = u.id() + 1
		}
	}
	if len(seen) != 8*21+1 {
		t.Errorf("%d updates came, want %d", len(seen), 8*21+1)
	}
}

func TestUpdatesAreWhatTheLibraryReads(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "kk")
	forum := w.Forum("Forum", owner)
	owner.AddBot(forum)
	owner.SetAnonymous(forum, true)
	thread := owner.OpenTopic(forum, "News")
	w.drain()
	owner.Post(forum, sandbox.Post{Text: "/ask@sandbox_bot why", Thread: thread})
	raw, err := json.Marshal(w.updates(0)[0]["message"])
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Thread  int  `json:"message_thread_id"`
		IsTopic bool `json:"is_topic_message"`
		From    struct {
			ID    int64 `json:"id"`
			IsBot bool  `json:"is_bot"`
		} `json:"from"`
		Sender struct {
			ID int64 `json:"id"`
		} `json:"sender_chat"`
		Chat struct {
			IsForum bool `json:"is_forum"`
		} `json:"chat"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if m.Thread != thread || !m.IsTopic || m.From.ID != 1087968824 || !m.From.IsBot || m.Sender.ID != forum.ID || !m.Chat.IsForum {
		t.Errorf("an anonymous administrator's message in a topic is %s", raw)
	}
}

func TestJumpUpdates(t *testing.T) {
	for seed := range uint64(8) {
		testJump(t, seed)
	}
}

func testJump(t *testing.T, seed uint64) {
	t.Helper()
	w := newWorld(t, sandbox.Options{Seed: seed})
	for range 3 { // the more jumps, the likelier one is downwards
		w.JumpUpdates()
	}
	w.drain()
	w.aida.Say(w.chat, "zero")
	w.aida.Say(w.chat, "one")
	w.JumpUpdates()
	w.aida.Say(w.chat, "two")
	got := w.updates(0)
	if gap := got[2].id() - got[1].id(); gap > -1000 && gap < 1000 {
		t.Errorf("the ids are %d, %d, %d", got[0].id(), got[1].id(), got[2].id())
	}
	for i, u := range got {
		if left := len(w.updates(u.id() + 1)); left != len(got)-1-i {
			t.Errorf("after update %d is confirmed %d are left", i, left)
		}
	}
}
