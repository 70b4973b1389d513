package telegram

import (
	"fmt"
	"strings"
	"time"
)

// Error is Telegram's refusal of a request.
type Error struct {
	Method      string
	Code        int           // as of HTTP: 400, 401, 403 ...
	Description string        // Telegram's own words, with "Bad Request: " or the like before them
	RetryAfter  time.Duration // of a 429
	MigrateTo   int64         // the new id of a group that became a supergroup, else 0
}

func (e *Error) Error() string {
	return fmt.Sprintf("telegram: %s: %s (%d)", e.Method, e.Description, e.Code)
}

// gone are the refusals after which a chat hears nothing more from us until somebody there writes again. Other 403s pass:
// a bot that took "bot can't send messages to the user" for final lost 3 % of its people to an hour's trouble at Telegram.
var gone = []string{
	"bot was blocked by the user",
	"user is deactivated",
	"bot was kicked from the ",
	"bot is not a member of the ",
	"the group chat was deleted",
}

// Gone tells that the chat is closed to the bot for good, as far as Telegram's texts tell: blocked, kicked, deleted or unknown.
func (e *Error) Gone() bool {
	switch e.Code {
	case 400:
		return e.says("chat not found")
	case 403:
		for _, text := range gone {
			if e.says(text) {
				return true
			}
		}
	}
	return false
}

// NoTopic tells that the chat is there but its forum topic was deleted. One that is closed may be opened again.
func (e *Error) NoTopic() bool {
	return e.Code == 400 && (e.says("message thread not found") || e.says("TOPIC_DELETED"))
}

// Unauthorized tells that Telegram does not know the token.
func (e *Error) Unauthorized() bool { return e.Code == 401 }

func (e *Error) says(text string) bool { return strings.Contains(e.Description, text) }
