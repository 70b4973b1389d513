package telegram

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// Command reads the command that the message begins with: for "/ask@press_bot How many?" name is "ask" and arguments is
// "How many?". It is not ok for a command to another bot than username, nor for one in a quotation.
func (m *Message) Command(username string) (name, arguments string, ok bool) {
	e, ok := m.opening()
	_, end, found := span(m.Text, e)
	if !ok || !found {
		return "", "", false
	}
	name, to, addressed := strings.Cut(m.Text[:end], "@")
	if addressed && !strings.EqualFold(to, username) {
		return "", "", false
	}
	return strings.ToLower(strings.TrimPrefix(name, "/")), strings.TrimSpace(m.Text[end:]), true
}

// Commands tells whether the message begins with a command, whichever bot's it is.
func (m *Message) Commands() bool {
	_, ok := m.opening()
	return ok
}

// opening marks the command that the message begins with.
func (m *Message) opening() (Entity, bool) {
	for _, e := range m.Entities {
		if e.Type == "bot_command" && e.Offset == 0 && !m.quotes(e) {
			return e, true
		}
	}
	return Entity{}, false
}

// quotes tells whether an entity is in a block quotation, whose words are somebody else's.
func (m *Message) quotes(e Entity) bool {
	return slices.ContainsFunc(m.Entities, func(q Entity) bool {
		return (q.Type == "blockquote" || q.Type == "expandable_blockquote") && q.Offset <= e.Offset && e.Offset-q.Offset < q.Length
	})
}

// Mentions tells whether the message mentions @username, not in a quotation, and returns its text without that.
func (m *Message) Mentions(username string) (rest string, ok bool) {
	var kept strings.Builder
	at := 0
	for _, e := range m.Entities {
		start, end, found := span(m.Text, e)
		if e.Type != "mention" || !found || start < at || m.quotes(e) || !strings.EqualFold(m.Text[start:end], "@"+username) {
			continue
		}
		kept.WriteString(m.Text[at:start])
		at = end
	}
	if at == 0 {
		return "", false
	}
	kept.WriteString(m.Text[at:])
	return strings.TrimSpace(kept.String()), true
}

// span is the part of text that an entity marks, in bytes. It is not found where the entity leaves the text, is empty, or cuts a
// character in two.
func span(text string, e Entity) (start, end int, found bool) {
	if e.Offset < 0 || e.Length <= 0 {
		return 0, 0, false
	}
	start, end = -1, -1
	units := 0
	for i, r := range text {
		if units == e.Offset {
			start = i
		}
		if units == e.Offset+e.Length {
			end = i
		}
		units += utf16.RuneLen(r)
	}
	if units == e.Offset+e.Length {
		end = len(text)
	}
	return start, end, start >= 0 && end >= 0
}
