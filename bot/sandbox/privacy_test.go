package sandbox_test

import (
	"testing"

	"releasebot/bot/sandbox"
)

// TestPrivacy asks of every kind of message whether the bot sees it: as a member with group privacy, as a member
// without, as an administrator, and from outside.
func TestPrivacy(t *testing.T) {
	type world struct {
		*sandbox.Server
		owner, other   *sandbox.Person
		group          *sandbox.Chat
		fromBot, plain int // messages
		result         sandbox.InlineAnswer
	}
	cases := []struct {
		name                          string
		say                           func(w world)
		private, open, admin, outside bool
		withoutSpeaking               bool // the bot has not spoken yet
	}{
		{"plain text", func(w world) { w.owner.Say(w.group, "hello") }, false, true, true, false, false},
		{"a bare mention", func(w world) { w.owner.Say(w.group, "@sandbox_bot why?") }, false, true, true, false, false},
		{"a command by name", func(w world) { w.owner.Say(w.group, "/ask@sandbox_bot why?") }, true, true, true, false, true},
		{"a command by name in capitals", func(w world) { w.owner.Say(w.group, "/ask@Sandbox_Bot") }, true, true, true, false, true},
		{"a command for another", func(w world) { w.owner.Say(w.group, "/ask@other_bot") }, false, true, true, false, false},
		{"a plain command before it spoke", func(w world) { w.owner.Say(w.group, "/ask why?") }, false, true, true, false, true},
		{"a plain command after it spoke", func(w world) { w.owner.Say(w.group, "/ask why?") }, true, true, true, false, false},
		{"a plain command after another bot spoke", func(w world) {
			w.OtherBot("Other", "other_bot").Say(w.group, "hi")
			w.owner.Say(w.group, "/ask why?")
		}, false, true, true, false, false},
		{"a command in mid-sentence", func(w world) { w.owner.Say(w.group, "try /ask@sandbox_bot") }, false, true, true, false, false},
		{"a reply to it", func(w world) { w.owner.Reply(w.group, w.fromBot, "why?") }, true, true, true, false, false},
		{"a reply to a person", func(w world) { w.owner.Reply(w.group, w.plain, "why?") }, false, true, true, false, false},
		{"a command in reply to a person", func(w world) { w.owner.Reply(w.group, w.plain, "/ask@sandbox_bot") }, true, true, true, false, false},
		{"a photo", func(w world) { w.owner.Post(w.group, sandbox.Post{Media: "photo", Text: "see"}) }, false, true, true, false, false},
		{"through the bot", func(w world) {
			if _, err := w.owner.Choose(w.group, w.result, "1"); err != nil {
				t.Error(err)
			}
		}, true, true, true, false, false},
		{"somebody joins", func(w world) { w.other.Join(w.group) }, true, true, true, false, true},
		{"another bot", func(w world) { w.OtherBot("Other", "other_bot").Say(w.group, "/ask@sandbox_bot") }, false, false, false, false, false},
	}
	places := []struct {
		name     string
		seesAll  bool
		prepare  func(w world)
		expected func(i int) bool
	}{
		{"privacy", false, func(world) {}, func(i int) bool { return cases[i].private }},
		{"no privacy", true, func(world) {}, func(i int) bool { return cases[i].open }},
		{"administrator", false, func(w world) { w.owner.PromoteBot(w.group) }, func(i int) bool { return cases[i].admin }},
		{"outside", true, func(w world) { w.owner.RemoveBot(w.group) }, func(i int) bool { return cases[i].outside }},
	}
	for _, place := range places {
		for i, c := range cases {
			t.Run(place.name+"/"+c.name, func(t *testing.T) {
				base := newWorld(t, sandbox.Options{SeesAll: place.seesAll, NoGuest: true})
				w := world{Server: base.Server, owner: base.Person("Owner", ""), other: base.Person("Other", "")}
				w.group = base.Supergroup("Group", w.owner)
				w.owner.AddBot(w.group)
				w.plain = w.owner.Say(w.group, "plain")
				if !c.withoutSpeaking {
					w.fromBot = base.sent(params{"chat_id": itoa(w.group.ID), "text": "hi"})
				}
				id := w.owner.Inline("x")
				base.ok("answerInlineQuery", params{"inline_query_id": id, "results": "[" + article("1", "x") + "]"}, nil)
				var err error
				if w.result, err = base.AwaitInline(soon(t), id); err != nil {
					t.Fatal(err)
				}
				place.prepare(w)
				base.drain()
				c.say(w)
				if seen := len(base.updates(0)) > 0; seen != place.expected(i) {
					t.Errorf("the bot sees it: %v, want %v", seen, place.expected(i))
				}
			})
		}
	}
}

func TestChannelPostsReachOnlyAnAdministrator(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	channel := w.Channel("Channel", owner)
	owner.Say(channel, "before")
	owner.AddBot(channel)
	w.drain()
	id := owner.Say(channel, "after")
	owner.Edit(channel, id, "after all")
	got := w.updates(0)
	if len(got) != 2 || got[0].kind() != "channel_post" || got[1].kind() != "edited_channel_post" {
		t.Fatalf("the updates are %v", got)
	}
	post := got[0]["channel_post"].(map[string]any)
	if _, ok := post["from"]; ok || post["sender_chat"] == nil || post["text"] != "after" {
		t.Errorf("the post is %v", post)
	}
}

func TestADiscussionGroupGetsTheChannelsPosts(t *testing.T) {
	w := newWorld(t, sandbox.Options{SeesAll: true})
	owner := w.Person("Owner", "")
	channel, group := w.Channel("Channel", owner), w.Supergroup("Discussion", owner)
	owner.AddBot(channel)
	owner.AddBot(group)
	owner.Link(channel, group)
	w.drain()
	w.sent(params{"chat_id": itoa(channel.ID), "text": "news"})
	got := w.updates(0)
	if len(got) != 1 || got[0].kind() != "message" {
		t.Fatalf("the updates are %v", got)
	}
	m := got[0]["message"].(map[string]any)
	if m["is_automatic_forward"] != true || m["text"] != "news" || m["forward_origin"].(map[string]any)["type"] != "channel" {
		t.Errorf("the forwarded post is %v", m)
	}
}
