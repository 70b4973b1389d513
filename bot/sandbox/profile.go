package sandbox

import (
	"cmp"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// Telegram's limits of a bot's profile, in characters.
const (
	maxCommands         = 100
	maxCommandHelp      = 256
	maxName             = 64
	maxDescription      = 512
	maxShortDescription = 120
)

// Command is an entry of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// profile is what the bot says of itself, by language; "" is for all others.
type profile struct {
	names, descriptions, shorts map[string]string
	commands                    map[menuKey][]Command
}

// menuKey says for whom a menu is. The chat and the user are 0 where the scope needs none.
type menuKey struct {
	scope      string
	chat, user int64
	language   string
}

func newProfile() profile {
	return profile{
		names: map[string]string{}, descriptions: map[string]string{}, shorts: map[string]string{},
		commands: map[menuKey][]Command{},
	}
}

func (p profile) name(language, fallback string) string {
	return cmp.Or(p.names[language], p.names[""], fallback)
}

var (
	commandName  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageCode = regexp.MustCompile(`^[a-z]{2}$`)
)

func language(a args) (string, error) {
	code := a.text("language_code")
	if code != "" && !languageCode.MatchString(code) {
		return "", misuse("invalid language code specified")
	}
	return code, nil
}

func (s *Server) setMyCommands(a args) (any, error) {
	key, err := s.menuKey(a)
	if err != nil {
		return nil, err
	}
	var commands []Command
	if err := a.decode("commands", &commands); err != nil {
		return nil, stricter("commands: %v", err)
	}
	if len(commands) > maxCommands {
		return nil, misuse("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range commands {
		if !commandName.MatchString(c.Command) {
			return nil, misuse("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(c.Description); n == 0 || n > maxCommandHelp {
			return nil, misuse("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.profile.commands[key] = commands
	return true, nil
}

func (s *Server) getMyCommands(a args) (any, error) {
	key, err := s.menuKey(a)
	if err != nil {
		return nil, err
	}
	if commands := s.profile.commands[key]; commands != nil {
		return commands, nil
	}
	return []Command{}, nil
}

func (s *Server) deleteMyCommands(a args) (any, error) {
	key, err := s.menuKey(a)
	if err != nil {
		return nil, err
	}
	delete(s.profile.commands, key)
	return true, nil
}

// menuKey reads for whom a menu is meant.
func (s *Server) menuKey(a args) (menuKey, error) {
	code, err := language(a)
	if err != nil {
		return menuKey{}, err
	}
	var scope struct {
		Type string `json:"type"`
		Chat any    `json:"chat_id"`
		User int64  `json:"user_id"`
	}
	if err := a.decode("scope", &scope); err != nil {
		return menuKey{}, stricter("scope: %v", err)
	}
	key := menuKey{scope: cmp.Or(scope.Type, "default"), user: scope.User, language: code}
	if scope.Chat == nil {
		return key, nil
	}
	c, err := s.readable(args{"chat_id": {text: idText(scope.Chat)}})
	if err != nil {
		return key, err
	}
	key.chat = c.ID
	return key, nil
}

// idText is the text of a chat_id that was read from JSON.
func idText(id any) string {
	if n, ok := id.(float64); ok {
		return strconv.FormatInt(int64(n), 10)
	}
	text, _ := id.(string)
	return text
}

// Menu returns the commands that Telegram offers somebody in a chat: those of the narrowest scope that has any, in the
// person's language before the one for all.
func (s *Server) Menu(p *Person, c *Chat) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range c.menuKeys(p) {
		for _, code := range []string{p.Lang, ""} {
			key.language = code
			if commands := s.profile.commands[key]; len(commands) > 0 {
				return commands
			}
		}
	}
	return nil
}

// menuKeys are the scopes that apply to somebody in a chat, in Telegram's order.
func (c *Chat) menuKeys(p *Person) []menuKey {
	if c.Kind == KindPrivate {
		return []menuKey{{scope: "chat", chat: c.ID}, {scope: "all_private_chats"}, {scope: "default"}}
	}
	keys := []menuKey{{scope: "chat_member", chat: c.ID, user: p.ID}}
	if c.member(p.ID).status.manages() {
		keys = append(keys, menuKey{scope: "chat_administrators", chat: c.ID})
	}
	keys = append(keys, menuKey{scope: "chat", chat: c.ID})
	if c.member(p.ID).status.manages() {
		keys = append(keys, menuKey{scope: "all_chat_administrators"})
	}
	return append(keys, menuKey{scope: "all_group_chats"}, menuKey{scope: "default"})
}

func (s *Server) setMyName(a args) (any, error) {
	return setText(a, "name", maxName, s.profile.names)
}

func (s *Server) setMyDescription(a args) (any, error) {
	return setText(a, "description", maxDescription, s.profile.descriptions)
}

func (s *Server) setMyShortDescription(a args) (any, error) {
	return setText(a, "short_description", maxShortDescription, s.profile.shorts)
}

func setText(a args, parameter string, limit int, texts map[string]string) (any, error) {
	code, err := language(a)
	if err != nil {
		return nil, err
	}
	text := a.text(parameter)
	if utf8.RuneCountInString(text) > limit {
		return nil, stricter("%s is longer than %d characters", parameter, limit)
	}
	texts[code] = text
	return true, nil
}

func (s *Server) getMyName(a args) (any, error) {
	code, err := language(a)
	if err != nil {
		return nil, err
	}
	return map[string]string{"name": s.profile.name(code, s.options.Name)}, nil
}

func (s *Server) getMyDescription(a args) (any, error) {
	return getText(a, "description", s.profile.descriptions)
}

func (s *Server) getMyShortDescription(a args) (any, error) {
	return getText(a, "short_description", s.profile.shorts)
}

func getText(a args, parameter string, texts map[string]string) (any, error) {
	code, err := language(a)
	if err != nil {
		return nil, err
	}
	return map[string]string{parameter: cmp.Or(texts[code], texts[""])}, nil
}
