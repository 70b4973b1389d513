package telegram

import "context"

// Menu is the commands that are offered to some people.
type Menu struct {
	Scope    string // "default", "all_private_chats", "all_group_chats" or "all_chat_administrators"
	Lang     string // two letters; "" for every language without a menu of its own
	Commands []Command
}

// Command is one entry of a menu: a name of a-z0-9_ without the slash, and 1-256 characters that describe it.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// SetMenu sets the commands of a scope and a language where they differ from what is set.
func (c *Client) SetMenu(ctx context.Context, m Menu) error { return errTODO }

// Profile is how the bot presents itself in a language. What is empty is left as it is.
type Profile struct {
	Lang        string // two letters; "" for every language without a profile of its own
	Name        string // at most 64 characters
	Description string // at most 512, in an empty chat
	Short       string // at most 120, on the profile page
}

// SetProfile sets what differs from what is set.
func (c *Client) SetProfile(ctx context.Context, p Profile) error { return errTODO }
