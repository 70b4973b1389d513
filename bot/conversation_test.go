package bot

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
)

// The conversations in testdata read like a manual: what people do, and
// indented below it what the bot does in return. With -update the bot's part
// is written anew from what it does now. The lines people act in:
//
//	# A remark.
//	Aida speaks kk.
//	Aida opens a private chat.
//	Aida opens a group with Ivan and John.      (or a supergroup, a forum)
//	In the chat with Aida.                       (or: in the group)
//	In the topic Deployment.
//	Aida: text
//	Aida replies to Ivan: text                   (to the bot: replies to the bot)
//	Aida edits: text                             (her last message)
//	Aida presses [button]
//	Aida types @bot words
//	Aida sends a sticker.
//	Aida adds the bot.                           (removes, promotes; makes John an administrator, writes as the group)
//	Aida sends the first result.                 (of those offered for what she typed last)
//	10m passes.
//	Dana is the press officer.                   (what happens from now on is published and sent)
//	The release hospital is added.               (from testdata)
//	In the release hospital 20 becomes 30.
//	The pair hospital-beds of hospital is withdrawn.
//	The next message to Ivan is held back for 30 seconds.
//	The group becomes a supergroup.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			script, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &stage{
				world: newWorld(t, sandbox.Options{SeesAll: strings.Contains(file, "sees-all"), Feedback: true}),
				cast:  map[string]*sandbox.Person{}, chats: map[string]*sandbox.Chat{}, last: map[string]int{}, bots: map[int64]int{},
			}
			s.clock.Stop() // whatever time the machine takes for a line
			s.clock.Move(opening.Sub(s.clock.Now()))
			golden(t, file, s.play(string(script)))
		})
	}
}

// opening is when every conversation begins.
var opening = time.Date(2018, 10, 1, 9, 0, 0, 0, time.UTC)

// stage is a conversation being played.
type stage struct {
	*world
	cast  map[string]*sandbox.Person
	chats map[string]*sandbox.Chat
	here  *sandbox.Chat
	topic int
	last  map[string]int // the last message of each person
	bots  map[int64]int  // the last message of the bot in each chat
	query string         // the last inline query
	seen  int64          // the last event written down

	office  bool // there is a press officer
	content folder
}

// play acts a script's lines and returns it with what the bot did.
func (s *stage) play(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		if strings.HasPrefix(line, "    ") {
			continue
		}
		b.WriteString(line)
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if s.office { // its screens show the time
			s.clock.Move(20 * time.Second)
		}
		s.act(line)
		b.WriteString(s.reactions())
	}
	return b.String()
}

var acts = []struct {
	pattern *regexp.Regexp
	act     func(s *stage, part []string)
}{
	{regexp.MustCompile(`^(\w+) speaks (\w*)\.$`), func(s *stage, p []string) { s.cast[p[0]] = s.Person(p[0], p[1]) }},
	{regexp.MustCompile(`^(\w+) opens a private chat\.$`), func(s *stage, p []string) { s.enter(p[0], s.cast[p[0]].Start("")) }},
	{regexp.MustCompile(`^(\w+) opens the link (\w+)=([\w-]+)\.$`), func(s *stage, p []string) { s.enter(p[0], s.cast[p[0]].Start(p[2])) }},
	{regexp.MustCompile(`^(\w+) opens a (group|supergroup|forum) with (.+)\.$`), (*stage).open},
	{regexp.MustCompile(`^In the chat with (\w+)\.$`), func(s *stage, p []string) { s.enter(p[0], s.Private(s.cast[p[0]])) }},
	{regexp.MustCompile(`^In the (group|supergroup|forum|channel)\.$`), func(s *stage, p []string) { s.here, s.topic = s.chats[p[0]], 0 }},
	{regexp.MustCompile(`^(\w+) opens the topic (\w+)\.$`), func(s *stage, p []string) { s.topic = s.cast[p[0]].OpenTopic(s.here, p[1]) }},
	{regexp.MustCompile(`^(\w+) adds the bot\.$`), func(s *stage, p []string) { s.cast[p[0]].AddBot(s.here) }},
	{regexp.MustCompile(`^(\w+) removes the bot\.$`), func(s *stage, p []string) { s.cast[p[0]].RemoveBot(s.here) }},
	{regexp.MustCompile(`^(\w+) promotes the bot\.$`), func(s *stage, p []string) { s.cast[p[0]].PromoteBot(s.here) }},
	{regexp.MustCompile(`^(\w+) makes (\w+) an administrator\.$`), func(s *stage, p []string) { s.cast[p[0]].Promote(s.here, s.cast[p[1]]) }},
	{regexp.MustCompile(`^(\w+) writes as the group from now on\.$`), func(s *stage, p []string) { s.cast[p[0]].SetAnonymous(s.here, true) }},
	{regexp.MustCompile(`^(\w+) turns the group into a supergroup\.$`), func(s *stage, p []string) { s.here = s.cast[p[0]].Migrate(s.here) }},
	{regexp.MustCompile(`^(\w+) passes\.$`), func(s *stage, p []string) { s.clock.Move(must(time.ParseDuration(p[0]))) }},
	{regexp.MustCompile(`^(\w+) sends a (\w+)\.$`), func(s *stage, p []string) { s.say(p[0], sandbox.Post{Media: p[1]}) }},
	{regexp.MustCompile(`^(\w+) forwards (\w+)'s message\.$`), (*stage).forward},
	{regexp.MustCompile(`^(\w+) presses \[(.+)\]$`), (*stage).press},
	{regexp.MustCompile(`^(\w+) opens a channel with (.+)\.$`), (*stage).openChannel},
	{regexp.MustCompile(`^(\w+) lets the bot post\.$`), func(s *stage, p []string) { s.cast[p[0]].PromoteBot(s.here) }},
	{regexp.MustCompile(`^(\w+) is the press officer\.$`), func(s *stage, p []string) {
		s.office, s.content = true, newFolder()
		s.employ(s.content, s.cast[p[0]])
	}},
	{regexp.MustCompile(`^The release (\w+) is added\.$`), func(s *stage, p []string) { s.change(func() { s.content.add(p[0]) }) }},
	{regexp.MustCompile(`^In the release ([\w-]+) (\w+) becomes (\w+)\.$`), func(s *stage, p []string) {
		s.change(func() { s.content.replace(p[0], p[1], p[2]) })
	}},
	{regexp.MustCompile(`^The pair ([\w-]+) of (\w+) is withdrawn\.$`), func(s *stage, p []string) {
		s.change(func() { s.content.withdraw(p[1], p[0]) })
	}},
	{regexp.MustCompile(`^The next message to (\w+) is held back for (\d+) seconds\.$`), func(s *stage, p []string) {
		s.Inject(sandbox.Fault{Kind: sandbox.Flood, Method: "sendMessage", Chat: s.cast[p[0]].ID, RetryAfter: must(strconv.Atoi(p[1])), Times: 1})
	}},
	{regexp.MustCompile(`^(\w+) sends the first result\.$`), (*stage).choose},
	{regexp.MustCompile(`^(\w+) types @press_bot ?(.*)$`), (*stage).typeInline},
	{regexp.MustCompile(`^(\w+) edits: (.+)$`), func(s *stage, p []string) { s.cast[p[0]].Edit(s.here, s.last[p[0]], p[1]) }},
	{regexp.MustCompile(`^(\w+) replies to (?:the )?(\w+): (.+)$`), func(s *stage, p []string) {
		to, spoken := s.last[p[1]]
		if !spoken {
			to = s.bots[s.here.ID]
		}
		s.say(p[0], sandbox.Post{Text: p[2], ReplyTo: to})
	}},
	{regexp.MustCompile(`^(\w+): (.+)$`), func(s *stage, p []string) { s.say(p[0], sandbox.Post{Text: p[1]}) }},
}

func (s *stage) act(line string) {
	for _, a := range acts {
		if part := a.pattern.FindStringSubmatch(line); part != nil {
			a.act(s, part[1:])
			return
		}
	}
	s.t.Fatalf("nobody knows how to act %q", line)
}

func (s *stage) enter(name string, c *sandbox.Chat) { s.here, s.topic, s.chats[name] = c, 0, c }

func (s *stage) open(part []string) {
	var members []*sandbox.Person
	for _, name := range strings.FieldsFunc(part[2], func(r rune) bool { return r == ',' || r == ' ' }) {
		if p, ok := s.cast[name]; ok {
			members = append(members, p)
		}
	}
	open := map[string]func(string, *sandbox.Person, ...*sandbox.Person) *sandbox.Chat{
		"group": s.Group, "supergroup": s.Supergroup, "forum": s.Forum,
	}[part[1]]
	s.enter(part[1], open("Newsroom", s.cast[part[0]], members...))
}

func (s *stage) say(name string, post sandbox.Post) {
	post.Thread = s.topic
	post.Text = strings.ReplaceAll(post.Text, `\n`, "\n")
	s.last[name] = s.cast[name].Post(s.here, post).ID
}

func (s *stage) forward(part []string) {
	m, ok := s.here.Message(s.last[part[1]])
	if !ok {
		s.t.Fatalf("%s has written nothing", part[1])
	}
	s.say(part[0], sandbox.Post{Forward: &m})
}

// press presses a button of the newest message of the bot's that has it.
func (s *stage) press(part []string) {
	said := s.here.FromBot()
	for i := len(said) - 1; i >= 0; i-- {
		if _, err := s.cast[part[0]].Press(said[i], part[1]); err == nil {
			return
		}
	}
	s.t.Fatalf("the bot has shown no button [%s] here", part[1])
}

func (s *stage) typeInline(part []string) { s.query = s.cast[part[0]].Inline(part[1]) }

func (s *stage) choose(part []string) {
	answer := must(s.AwaitInline(s.t.Context(), s.query))
	must(s.cast[part[0]].Choose(s.here, answer, answer.Results[0].ID))
}

func (s *stage) openChannel(part []string) {
	s.enter("channel", s.Channel("News", s.cast[part[0]], s.cast[part[1]]))
}

// change changes the content, which the bot then answers from.
func (s *stage) change(how func()) {
	how()
	s.bot.SetLibrary(s.content.library())
}

// settle waits until the bot has confirmed every update, which it does once it has handled it.
func (w *world) settle() {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); w.Pending() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatal("the bot does not handle what happened")
		}
	}
}

// reactions waits until the bot has handled what happened, and writes down what it did.
func (s *stage) reactions() string {
	s.settle()
	if s.office {
		s.deliver()
		s.tend()
	}
	done, cancel := context.WithCancel(s.t.Context())
	cancel()
	events, _ := s.Events(done, s.seen)
	var b strings.Builder
	for _, e := range events {
		s.seen = e.Seq
		b.WriteString(s.described(e))
	}
	return b.String()
}

// described is what people see of an event that is the bot's.
func (s *stage) described(e sandbox.Event) string {
	m := e.Message
	switch {
	case e.Kind == sandbox.Posted && m.FromBot:
		s.bots[m.Chat] = m.ID
		return s.message("bot", m)
	case e.Kind == sandbox.Edited && m.FromBot:
		return s.message("bot, edited", m)
	case e.Kind == sandbox.Posted && m.Caller != 0:
		return s.message("bot, as a guest", m)
	case e.Kind == sandbox.Posted && m.ViaBot:
		return s.message("somebody, through the bot", m)
	case e.Kind == sandbox.Edited && m.ViaBot:
		return s.message("through the bot, edited", m)
	case e.Kind == sandbox.Answered && e.Answer.Text != "":
		return fmt.Sprintf("    (%s)\n", e.Answer.Text)
	case e.Kind == sandbox.Offered:
		return offered(e.Inline)
	}
	return ""
}

func (s *stage) message(who string, m sandbox.Message) string {
	for name, c := range s.chats {
		if c.ID == m.Chat && c != s.here {
			who += ", chat with " + name
		}
	}
	if replied, ok := s.here.Message(m.ReplyTo); ok && m.Chat == s.here.ID {
		who += " to «" + cut(strings.ReplaceAll(replied.Text, "\n", " "), 40) + "»"
	}
	if m.Topic {
		who += " in the topic"
	}
	for name, p := range s.cast {
		if p.ID == m.Receiver {
			who += ", for " + name + " alone"
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "    %s:\n", who)
	for line := range strings.SplitSeq(m.Text, "\n") {
		b.WriteString(strings.TrimRight("    | "+line, " ") + "\n")
	}
	for _, row := range m.Keyboard {
		b.WriteString("    |")
		for _, button := range row {
			b.WriteString(" [" + button.Text + "]")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func offered(a sandbox.InlineAnswer) string {
	var b strings.Builder
	for _, r := range a.Results[:min(len(a.Results), 3)] {
		b.WriteString("    • " + r.Title + "\n")
	}
	if len(a.Results) > 3 {
		fmt.Fprintf(&b, "    … %d in all\n", len(a.Results))
	}
	if a.Button != nil {
		b.WriteString("    [" + a.Button.Text + "]\n")
	}
	return b.String()
}
