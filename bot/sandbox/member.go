package sandbox

import "slices"

// Status is what somebody is in a chat, in Telegram's words.
type Status string

// The statuses of members.
const (
	Creator       Status = "creator"
	Administrator Status = "administrator"
	Member        Status = "member"
	Restricted    Status = "restricted" // present, but may not write
	Left          Status = "left"
	Kicked        Status = "kicked"
)

func (s Status) present() bool { return s != "" && s != Left && s != Kicked }
func (s Status) manages() bool { return s == Creator || s == Administrator }

// member is somebody's place in a chat.
type member struct {
	status    Status
	anonymous bool
}

// chatMember is the wire form of a member of any status.
type chatMember struct {
	Status    Status `json:"status"`
	User      user   `json:"user"`
	Anonymous *bool  `json:"is_anonymous,omitempty"`
	Until     *int64 `json:"until_date,omitempty"`
	*memberRights
	*memberLimits
}

// memberRights are an administrator's.
type memberRights struct {
	CanBeEdited      bool `json:"can_be_edited"`
	ManageChat       bool `json:"can_manage_chat"`
	DeleteMessages   bool `json:"can_delete_messages"`
	ManageVideoChats bool `json:"can_manage_video_chats"`
	RestrictMembers  bool `json:"can_restrict_members"`
	PromoteMembers   bool `json:"can_promote_members"`
	ChangeInfo       bool `json:"can_change_info"`
	InviteUsers      bool `json:"can_invite_users"`
	PostStories      bool `json:"can_post_stories"`
	EditStories      bool `json:"can_edit_stories"`
	DeleteStories    bool `json:"can_delete_stories"`
	PostMessages     bool `json:"can_post_messages,omitempty"`
	EditMessages     bool `json:"can_edit_messages,omitempty"`
}

// memberLimits are a restricted member's.
type memberLimits struct {
	IsMember     bool `json:"is_member"`
	SendMessages bool `json:"can_send_messages"`
	SendAudios   bool `json:"can_send_audios"`
	SendFiles    bool `json:"can_send_documents"`
	SendPhotos   bool `json:"can_send_photos"`
	SendVideos   bool `json:"can_send_videos"`
	SendNotes    bool `json:"can_send_video_notes"`
	SendVoice    bool `json:"can_send_voice_notes"`
	SendPolls    bool `json:"can_send_polls"`
	SendOther    bool `json:"can_send_other_messages"`
	AddPreviews  bool `json:"can_add_web_page_previews"`
	React        bool `json:"can_react_to_messages"`
	EditTag      bool `json:"can_edit_tag"`
	ChangeInfo   bool `json:"can_change_info"`
	InviteUsers  bool `json:"can_invite_users"`
	PinMessages  bool `json:"can_pin_messages"`
	ManageTopics bool `json:"can_manage_topics"`
}

// plainMember is the wire form of somebody who is not anonymous.
func plainMember(u user, status Status) chatMember {
	return wireMember(u, &member{status: status}, KindGroup)
}

func wireMember(u user, m *member, kind Kind) chatMember {
	w := chatMember{Status: m.status, User: u}
	if w.Status == "" {
		w.Status = Left
	}
	switch w.Status {
	case Creator:
		w.Anonymous = &m.anonymous
	case Administrator:
		w.Anonymous = &m.anonymous
		posts := kind == KindChannel
		w.memberRights = &memberRights{
			ManageChat: true, DeleteMessages: true, ManageVideoChats: true, InviteUsers: true,
			PostMessages: posts, EditMessages: posts,
		}
	case Restricted:
		w.Until, w.memberLimits = new(int64), &memberLimits{IsMember: true}
	case Kicked:
		w.Until = new(int64)
	}
	return w
}

func (c *Chat) member(id int64) *member {
	if m := c.members[id]; m != nil {
		return m
	}
	return &member{status: Left}
}

// Status returns what somebody is in the chat; the bot too, by [Server.BotID].
func (c *Chat) Status(id int64) Status {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.member(id).status
}

// AddBot adds the bot to a group, or to a channel as an administrator, unless [Options.NoGroups] forbids it.
func (p *Person) AddBot(c *Chat) {
	if p.s.options.NoGroups {
		return
	}
	status := Member
	if c.Kind == KindChannel {
		status = Administrator
	}
	p.setBot(c, status)
}

// RemoveBot throws the bot out.
func (p *Person) RemoveBot(c *Chat) { p.setBot(c, Kicked) }

// PromoteBot makes the bot an administrator, that sees everything.
func (p *Person) PromoteBot(c *Chat) { p.setBot(c, Administrator) }

// DemoteBot makes the bot an ordinary member again.
func (p *Person) DemoteBot(c *Chat) { p.setBot(c, Member) }

// MuteBot leaves the bot in the chat without the right to write.
func (p *Person) MuteBot(c *Chat) { p.setBot(c, Restricted) }

func (p *Person) setBot(c *Chat, status Status) {
	p.s.mu.Lock()
	defer p.s.release()
	c.setStatus(p.wireIn(c), p.s.me.ID, status)
}

// wireIn is how the person appears who does something in a chat.
func (p *Person) wireIn(c *Chat) user {
	if c.member(p.ID).anonymous {
		return *p.s.userOf(anonymousID)
	}
	return p.wire()
}

// Join enters a chat.
func (p *Person) Join(c *Chat) { p.become(c, p, Member) }

// Leave leaves a chat.
func (p *Person) Leave(c *Chat) { p.become(c, p, Left) }

// Promote makes somebody an administrator.
func (p *Person) Promote(c *Chat, other *Person) { p.become(c, other, Administrator) }

// Demote makes an administrator an ordinary member.
func (p *Person) Demote(c *Chat, other *Person) { p.become(c, other, Member) }

// Kick throws somebody out.
func (p *Person) Kick(c *Chat, other *Person) { p.become(c, other, Kicked) }

func (p *Person) become(c *Chat, other *Person, status Status) {
	p.s.mu.Lock()
	defer p.s.release()
	c.setStatus(p.wireIn(c), other.ID, status)
}

// SetAnonymous lets an administrator write as the group itself.
func (p *Person) SetAnonymous(c *Chat, anonymous bool) {
	p.s.mu.Lock()
	defer p.s.release()
	if m := c.members[p.ID]; m != nil && m.status.manages() {
		m.anonymous = anonymous
	}
}

// setStatus changes what somebody is in a chat, with the updates and the service message that belong to it.
func (c *Chat) setStatus(by user, id int64, status Status) {
	s := c.s
	old := *c.member(id)
	if old.status == status {
		return
	}
	c.members[id] = &member{status: status}
	u := *s.userOf(id)
	change := &memberChange{
		Chat: c.wire(), From: by, Date: s.now().Unix(),
		Old: wireMember(u, &old, c.Kind), New: wireMember(u, c.members[id], c.Kind),
	}
	botLeaves := id == s.me.ID && !status.present()
	if id == s.me.ID {
		s.push(update{MyChatMember: change})
	} else if c.member(s.me.ID).status == Administrator {
		s.push(update{ChatMember: change})
	}
	if m := c.joinMessage(by.ID, u, old.status, status); m != nil {
		c.store(m)
		s.happened(Event{Kind: Posted, Chat: c.ID, Person: by.ID, Message: *m})
		if c.botSees(m) || botLeaves && c.Kind == KindGroup {
			s.push(update{Message: s.wire(m)})
		}
	}
}

// joinMessage is the service message for somebody who comes or goes, nil if there is none.
func (c *Chat) joinMessage(by int64, u user, old, status Status) *Message {
	if c.Kind == KindChannel || old.present() == status.present() {
		return nil
	}
	m := &Message{Chat: c.ID, From: by, Author: by, Date: c.s.now(), event: &service{LeftMember: &u}}
	if status.present() {
		m.event = &service{NewMembers: []user{u}}
	}
	if by == anonymousID {
		m.SenderChat = c.ID
	}
	return m
}

// administrators returns the wire forms of those who manage the chat. Bots are left out, as Telegram does.
func (c *Chat) administrators(bots bool) []chatMember {
	admins := []chatMember{}
	for _, id := range c.memberIDs() {
		u := *c.s.userOf(id)
		if m := c.members[id]; m.status.manages() && (bots || !u.IsBot || id == c.s.me.ID) {
			admins = append(admins, wireMember(u, m, c.Kind))
		}
	}
	slices.SortStableFunc(admins, func(a, b chatMember) int {
		if a.Status == b.Status {
			return 0
		}
		if a.Status == Creator {
			return -1
		}
		return 1
	})
	return admins
}
