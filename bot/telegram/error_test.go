package telegram

import "testing"

func TestErrorTellsWhatItMeans(t *testing.T) {
	for _, test := range []struct {
		code                        int
		description                 string
		gone, noTopic, unauthorized bool
	}{
		{403, "Forbidden: bot was blocked by the user", true, false, false},
		{403, "Forbidden: user is deactivated", true, false, false},
		{403, "Forbidden: bot was kicked from the group chat", true, false, false},
		{403, "Forbidden: bot was kicked from the supergroup chat", true, false, false},
		{403, "Forbidden: bot was kicked from the channel chat", true, false, false},
		{403, "Forbidden: bot is not a member of the channel chat", true, false, false},
		{403, "Forbidden: bot is not a member of the supergroup chat", true, false, false},
		{403, "Forbidden: bot can't send messages to the user", false, false, false},
		{403, "Forbidden: bot can't initiate conversation with a user", false, false, false},
		{400, "Bad Request: chat not found", true, false, false},
		{400, "Bad Request: bot was blocked by the user", false, false, false},
		{400, "Bad Request: not enough rights to send text messages to the chat", false, false, false},
		{400, "Bad Request: message thread not found", false, true, false},
		{400, "Bad Request: TOPIC_CLOSED", false, false, false},
		{400, "Bad Request: group chat was upgraded to a supergroup chat", false, false, false},
		{401, "Unauthorized", false, false, true},
		{404, "Not Found: method not found", false, false, false},
	} {
		e := &Error{Method: "sendMessage", Code: test.code, Description: test.description}
		if e.Gone() != test.gone || e.NoTopic() != test.noTopic || e.Unauthorized() != test.unauthorized {
			t.Errorf("%v: gone %v, no topic %v, unauthorized %v", e, e.Gone(), e.NoTopic(), e.Unauthorized())
		}
	}
}
