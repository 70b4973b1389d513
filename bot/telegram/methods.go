package telegram

import "context"

// Bot is the bot's own account and its switches in BotFather.
type Bot struct {
	User
	JoinsGroups bool // can be added to groups
	ReadsAll    bool // privacy mode is off: it sees every message of its groups
	Inline      bool
	Guest       bool // answers in chats it is not in
}

// Me returns the bot's own account.
func (c *Client) Me(ctx context.Context) (Bot, error) { return Bot{}, errTODO }

// Send sends a message and returns its id.
func (c *Client) Send(ctx context.Context, to Target, s Screen) (int, error) { return 0, errTODO }

// Edit replaces what a message shows. A message that shows it already is a success.
func (c *Client) Edit(ctx context.Context, at Ref, s Screen) error { return errTODO }

// Delete deletes a message. One that is gone already is a success.
func (c *Client) Delete(ctx context.Context, at Ref) error { return errTODO }

// AnswerCallback ends the spinning of a pressed button.
func (c *Client) AnswerCallback(ctx context.Context, id, text string, alert bool) error {
	return errTODO
}

// AnswerInline answers an inline query.
func (c *Client) AnswerInline(ctx context.Context, id string, a InlineAnswer) error { return errTODO }

// AnswerGuest answers a guest message, once, and returns the inline id of the message it became.
func (c *Client) AnswerGuest(ctx context.Context, query string, r InlineResult) (inline string, err error) {
	return "", errTODO
}

// Typing shows that the bot is writing.
func (c *Client) Typing(ctx context.Context, to Target) error { return errTODO }

// Member returns somebody's place in a chat.
func (c *Client) Member(ctx context.Context, chat, user int64) (Member, error) {
	return Member{}, errTODO
}

// Chat returns a chat.
func (c *Client) Chat(ctx context.Context, id int64) (Chat, error) { return Chat{}, errTODO }
