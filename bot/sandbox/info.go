package sandbox

import "slices"

func (s *Server) getMe(args) (any, error) {
	me := s.me
	me.FirstName = s.profile.name("", s.options.Name)
	me.JoinsGroups, me.SeesAll = !s.options.NoGroups, s.options.SeesAll
	me.InlineQueries, me.GuestQueries = !s.options.NoInline, !s.options.NoGuest
	return me, nil
}

func (s *Server) getChat(a args) (any, error) {
	c, err := s.readable(a)
	if err != nil {
		return nil, err
	}
	w := fullChat{chat: c.wire(), MaxReactions: 11}
	if c.discussion != nil {
		w.LinkedChat = c.discussion.ID
	}
	return w, nil
}

func (s *Server) getChatMember(a args) (any, error) {
	c, err := s.chat(a)
	if err != nil {
		return nil, err
	}
	id := a.integer("user_id")
	u := s.people[id]
	switch {
	case u == nil && id != s.me.ID:
		return nil, unable("PARTICIPANT_ID_INVALID")
	case c.Kind == KindPrivate:
		return plainMember(*s.userOf(id), Member), nil
	case c.migratedTo != 0:
		return nil, migrated(c.migratedTo)
	}
	if _, err := s.editable(a); err != nil {
		return nil, err
	}
	if c.Kind == KindChannel && !c.member(s.me.ID).status.manages() {
		return nil, unable("member list is inaccessible")
	}
	return wireMember(*s.userOf(id), c.member(id), c.Kind), nil
}

func (s *Server) getChatAdministrators(a args) (any, error) {
	c, err := s.editable(a)
	if err != nil {
		return nil, err
	}
	if c.Kind == KindPrivate {
		return nil, unable("there are no administrators in the private chat")
	}
	return c.administrators(false), nil
}

func (s *Server) getChatMemberCount(a args) (any, error) {
	c, err := s.editable(a)
	if err != nil {
		return nil, err
	}
	if c.Kind == KindPrivate {
		return 2, nil
	}
	return len(c.memberIDs()), nil
}

func (s *Server) leaveChat(a args) (any, error) {
	c, err := s.editable(a)
	if err != nil {
		return nil, err
	}
	if c.Kind == KindPrivate {
		return nil, unable("chat member status can't be changed in private chats")
	}
	c.setStatus(*s.userOf(s.me.ID), s.me.ID, Left)
	return true, nil
}

// actions are what a bot can be seen doing.
var actions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
	"choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func (s *Server) sendChatAction(a args) (any, error) {
	if !slices.Contains(actions, a.text("action")) {
		return nil, misuse("wrong parameter action in request")
	}
	c, err := s.writable(a)
	if err != nil {
		return nil, err
	}
	if err := c.enterThread(&Message{}, int(a.integer("message_thread_id"))); err != nil {
		return nil, err
	}
	s.happened(Event{Kind: Action, Chat: c.ID, Person: s.me.ID, Action: a.text("action")})
	return true, nil
}
