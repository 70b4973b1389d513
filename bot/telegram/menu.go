package telegram

import (
	"context"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Menu is the commands that are offered to some people.
type Menu struct {
	Scope    string // "default", "all_private_chats", "all_group_chats" or "all_chat_administrators"
	Lang     string // two letters; "" for every language without a menu of its own
	Commands []Command
}

// Command is one entry of a menu: a name of 1-32 of a-z0-9_ without the slash, and 1-256 characters that describe it.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// SetMenu sets the commands of a scope and a language where they differ from what is set.
func (c *Client) SetMenu(ctx context.Context, m Menu) error {
	p := tgbotapi.Params{"scope": encode(tgbotapi.BotCommandScope{Type: m.Scope})}
	p.AddNonEmpty("language_code", m.Lang)
	var set []Command
	if err := c.Call(ctx, "getMyCommands", p, &set); err != nil {
		return err
	}
	if slices.Equal(set, m.Commands) {
		return nil
	}
	p["commands"] = encode(append([]Command{}, m.Commands...))
	return c.Call(ctx, "setMyCommands", p, nil)
}

// Profile is how the bot presents itself in a language. What is empty is left as it is.
type Profile struct {
	Lang        string // two letters; "" for every language without a profile of its own
	Name        string // at most 64 characters
	Description string // at most 512, shown in an empty chat
	Short       string // at most 120, shown on the profile page
}

// SetProfile sets what differs from what is set. Telegram lets a name change but a few times a day and then asks for hours
// of patience: give ctx a deadline.
func (c *Client) SetProfile(ctx context.Context, p Profile) error {
	for _, part := range []struct{ get, set, field, text string }{
		{"getMyName", "setMyName", "name", p.Name},
		{"getMyDescription", "setMyDescription", "description", p.Description},
		{"getMyShortDescription", "setMyShortDescription", "short_description", p.Short},
	} {
		if part.text == "" {
			continue
		}
		params := tgbotapi.Params{}
		params.AddNonEmpty("language_code", p.Lang)
		var set map[string]string
		if err := c.Call(ctx, part.get, params, &set); err != nil {
			return err
		}
		if set[part.field] == part.text {
			continue
		}
		params[part.field] = part.text
		if err := c.Call(ctx, part.set, params, nil); err != nil {
			return err
		}
	}
	return nil
}
