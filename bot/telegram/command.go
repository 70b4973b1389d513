package telegram

// Command returns the command the message begins with.
func (m *Message) Command(username string) (name, arguments string, ok bool) { return "", "", false }

// Mentions tells whether the message mentions @username, and returns its text without it.
func (m *Message) Mentions(username string) (rest string, ok bool) { return "", false }
