package sandbox

import (
	"strconv"
	"strings"
)

// chat finds the chat of a request, as the bot knows it.
func (s *Server) chat(a args) (*Chat, error) {
	id := a.text("chat_id")
	if name, ok := strings.CutPrefix(id, "@"); ok {
		for _, c := range s.chats {
			if c.username != "" && strings.EqualFold(c.username, name) {
				return c, nil
			}
		}
		return nil, unable("chat not found")
	}
	n, _ := strconv.ParseInt(id, 10, 64)
	c := s.chats[n]
	p := s.people[n]
	switch {
	case c != nil && c.Kind == KindPrivate && !c.started && !p.known:
		return nil, unable("chat not found")
	case c != nil:
		return c, nil
	case p != nil && p.known:
		return nil, forbidden("bot can't initiate conversation with a user")
	}
	return nil, unable("chat not found")
}

// readable finds the chat of a request if the bot may look into it.
func (s *Server) readable(a args) (*Chat, error) {
	c, err := s.chat(a)
	if err != nil || c.Kind == KindPrivate || c.Kind == KindGroup {
		return c, err
	}
	switch status := c.member(s.me.ID).status; {
	case status == Kicked:
		return nil, forbidden("bot was kicked from the %s chat", c.Kind)
	case !status.present() && c.username == "":
		return nil, forbidden("bot is not a member of the %s chat", c.Kind)
	}
	return c, nil
}

// editable finds the chat of a request if the bot may change its own messages there.
func (s *Server) editable(a args) (*Chat, error) {
	c, err := s.chat(a)
	if err != nil {
		return nil, err
	}
	if c.Kind == KindPrivate {
		return c, c.reach()
	}
	if c.migratedTo != 0 {
		return nil, migrated(c.migratedTo)
	}
	switch status := c.member(s.me.ID).status; {
	case status == Kicked:
		return nil, forbidden("bot was kicked from the %s chat", c.Kind)
	case !status.present():
		return nil, forbidden("bot is not a member of the %s chat", c.Kind)
	}
	return c, nil
}

// writable finds the chat of a request if the bot may write there.
func (s *Server) writable(a args) (*Chat, error) {
	c, err := s.editable(a)
	if err != nil || c.Kind == KindPrivate {
		return c, err
	}
	switch status := c.member(s.me.ID).status; {
	case c.Kind == KindChannel && !status.manages():
		return nil, unable("need administrator rights in the channel chat")
	case status == Restricted:
		return nil, unable("not enough rights to send text messages to the chat")
	}
	return c, nil
}

// reach tells whether the person of a private chat can be written to.
func (c *Chat) reach() error {
	switch {
	case c.person.deleted:
		return forbidden("user is deactivated")
	case c.person.blocked:
		return forbidden("bot was blocked by the user")
	case !c.started:
		return forbidden("bot can't initiate conversation with a user")
	}
	return nil
}

func migrated(to int64) error {
	return &refusal{
		code:       400,
		text:       "Bad Request: group chat was upgraded to a supergroup chat",
		parameters: &parameters{MigrateTo: to},
	}
}
