package sandbox

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Telegram's limits of a text: after parsing in characters, before it in bytes.
const (
	maxText    = 4096
	maxRawText = 1 << 15
)

// draft is a text that the bot wants to show.
type draft struct {
	text     string
	entities []Entity
	preview  *previewOptions
}

// source is a text as it is sent: with a parse mode, or with entities.
type source struct {
	Text     string          `json:"message_text"`
	Mode     string          `json:"parse_mode"`
	Entities []Entity        `json:"entities"`
	Preview  *previewOptions `json:"link_preview_options"`
}

func readSource(a args) (source, error) {
	src := source{Text: a.text("text"), Mode: a.text("parse_mode")}
	if err := a.decode("entities", &src.Entities); err != nil {
		return src, stricter("entities: %v", err)
	}
	if err := a.decode("link_preview_options", &src.Preview); err != nil {
		return src, stricter("link_preview_options: %v", err)
	}
	return src, nil
}

// parse reads the markup of a text. The length is checked by [draft.check], which Telegram does later.
func (src source) parse() (draft, error) {
	d := draft{text: src.Text, entities: src.Entities, preview: src.Preview}
	switch {
	case src.Text == "":
		return d, misuse("message text is empty")
	case len(src.Text) > maxRawText:
		return d, misuse("text is too long")
	case !utf8.ValidString(src.Text):
		return d, misuse("strings must be encoded in UTF-8")
	case src.Mode == "":
		return d.tidy(), checkEntities(d.text, d.entities)
	case !strings.EqualFold(src.Mode, "HTML"):
		if slices.Contains([]string{"markdown", "markdownv2"}, strings.ToLower(src.Mode)) {
			return d, stricter("only the parse mode HTML is supported")
		}
		return d, misuse("unsupported parse_mode")
	case src.Entities != nil:
		return d, stricter("entities and parse_mode exclude each other")
	}
	var err error
	if d.text, d.entities, err = ParseHTML(src.Text); err != nil {
		return d, misuse("can't parse entities: %v", err)
	}
	return d.tidy(), nil
}

// tidy trims a text as Telegram does, and finds the links and commands in it.
func (d draft) tidy() draft {
	d.text = strings.TrimRightFunc(d.text, unicode.IsSpace)
	start := length16(d.text) - length16(strings.TrimLeftFunc(d.text, unicode.IsSpace))
	end := length16(d.text)
	for _, e := range d.entities {
		start = min(start, e.Offset)
	}
	d.text = d.text[index16(d.text, start):]
	kept := []Entity{}
	for _, e := range d.entities {
		e.Length = min(e.end(), end) - e.Offset
		e.Offset -= start
		if e.Length > 0 {
			kept = append(kept, e)
		}
	}
	d.entities = detect(d.text, kept)
	return d
}

func (d draft) check() error {
	switch n := utf8.RuneCountInString(d.text); {
	case strings.TrimSpace(d.text) == "":
		return misuse("text must be non-empty")
	case n > maxText:
		return misuse("message is too long")
	}
	return nil
}

// checkEntities refuses entities that do not lie in the text or that Telegram would drop.
func checkEntities(text string, entities []Entity) error {
	for i, e := range entities {
		if _, ok := renderings[e.Type]; !ok {
			return stricter("entities[%d]: unsupported type %q", i, e.Type)
		}
		if e.Offset < 0 || e.Length <= 0 || e.end() > length16(text) {
			return stricter("entities[%d] does not lie in the text", i)
		}
	}
	return nil
}

// sendMessage looks at things in the order in which Telegram does: how the text is written, the keyboard, the chat, the
// topic, the message to reply to, the right to write, and last the text's length.
func (s *Server) sendMessage(a args) (any, error) {
	src, err := readSource(a)
	if err != nil {
		return nil, err
	}
	d, err := src.parse()
	if err != nil {
		return nil, err
	}
	keyboard, err := readMarkup(a)
	if err != nil {
		return nil, err
	}
	c, err := s.writable(a)
	if err != nil {
		return nil, err
	}
	m := s.compose(c, d, keyboard)
	if err := s.address(c, m, a); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	if err := s.spend(c); err != nil {
		return nil, err
	}
	c.store(m)
	s.happened(Event{Kind: Posted, Chat: c.ID, Person: s.me.ID, Message: *m})
	s.discuss(c, m)
	return s.wire(m), nil
}

// compose makes a message of the bot's.
func (s *Server) compose(c *Chat, d draft, k markup) *Message {
	m := &Message{
		Chat: c.ID, From: s.me.ID, Author: s.me.ID, FromBot: true, Date: s.now(),
		Text: d.text, Entities: d.entities, Keyboard: k.Inline, Replies: k.Keyboard, ForceReply: k.ForceReply,
		Hint: k.Placeholder, preview: d.preview, NoPreview: d.preview != nil && d.preview.Disabled,
	}
	if c.Kind == KindChannel {
		m.From, m.SenderChat = 0, c.ID
	}
	return m
}

// address puts a message of the bot's where the parameters say: into a topic, below a message, before one person.
func (s *Server) address(c *Chat, m *Message, a args) error {
	m.Silent, m.protected = a.truth("disable_notification"), a.truth("protect_content")
	if err := c.enterThread(m, int(a.integer("message_thread_id"))); err != nil {
		return err
	}
	if err := c.replyTo(m, a); err != nil {
		return err
	}
	return s.whisper(c, m, a)
}

// enterThread puts a message into a topic. Telegram ignores the thread where there are no topics; that is refused.
func (c *Chat) enterThread(m *Message, thread int) error {
	if thread == 0 {
		return nil
	}
	if !c.Forum {
		return stricter("message_thread_id in a chat without topics")
	}
	t := c.topics[thread]
	if t == nil {
		return unable("message thread not found")
	}
	if t.Closed && !c.member(c.s.me.ID).status.manages() {
		return unable("TOPIC_CLOSED")
	}
	m.Thread, m.Topic = thread, true
	return nil
}

func (c *Chat) replyTo(m *Message, a args) error {
	var to struct {
		Message int  `json:"message_id"`
		Chat    any  `json:"chat_id"`
		Anyway  bool `json:"allow_sending_without_reply"`
	}
	if err := a.decode("reply_parameters", &to); err != nil {
		return stricter("reply_parameters: %v", err)
	}
	if to.Chat != nil {
		return stricter("replies to another chat are not supported")
	}
	if to.Message == 0 {
		return nil
	}
	if c.message(to.Message) == nil {
		if to.Anyway {
			return nil
		}
		return unable("message to be replied not found")
	}
	m.ReplyTo = to.Message
	c.place(m)
	return nil
}

// whisper shows a message to one person alone. A bot that is an administrator may do so at any time, another one shortly
// after the person pressed a button.
func (s *Server) whisper(c *Chat, m *Message, a args) error {
	var to struct {
		Receiver int64  `json:"receiver_user_id"`
		Callback string `json:"callback_query_id"`
	}
	if err := a.decode("ephemeral_message_parameters", &to); err != nil {
		return stricter("ephemeral_message_parameters: %v", err)
	}
	if to.Receiver == 0 {
		return nil
	}
	if c.Kind != KindGroup && c.Kind != KindSupergroup {
		return stricter("only messages in groups can be for one person")
	}
	if p := s.people[to.Receiver]; p == nil || p.isBot || !c.member(p.ID).status.present() {
		return unable("user not found")
	}
	q := s.queries[to.Callback]
	switch {
	case to.Callback != "" && (q == nil || q.from.ID != to.Receiver || s.now().Sub(q.asked) > answerWithin):
		return errStale
	case to.Callback == "" && !c.member(s.me.ID).status.manages():
		return unable("BOT_NOT_ADMIN")
	}
	m.Receiver = to.Receiver
	return nil
}

var payload = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// checkDeepLink refuses links into Telegram whose payload Telegram would not pass on.
func checkDeepLink(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host != "t.me" {
		return nil
	}
	for _, name := range []string{"start", "startgroup"} {
		if v := u.Query().Get(name); v != "" && !payload.MatchString(v) {
			return stricter("%q is no deep-link payload: 1 to 64 of A-Z a-z 0-9 _ -", v)
		}
	}
	return nil
}
