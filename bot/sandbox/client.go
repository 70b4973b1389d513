package sandbox

// ServiceKind is what a service message tells of.
type ServiceKind string

// The kinds of service messages.
const (
	Came          ServiceKind = "came"           // somebody, into a group
	Went          ServiceKind = "went"           // somebody, out of a group
	TopicOpened   ServiceKind = "topic opened"   // in a forum
	TopicClosed   ServiceKind = "topic closed"   // in a forum
	TopicReopened ServiceKind = "topic reopened" // in a forum
	Upgraded      ServiceKind = "upgraded"       // a group, to a supergroup
)

// Service is what clients show of a service message.
type Service struct {
	Kind   ServiceKind
	Person int64  // who came or went; the bot too
	Topic  string // the name of the topic that was opened
}

// Service returns what the message tells of if it is a service message, and whether it is one.
func (m Message) Service() (Service, bool) {
	e := m.event
	switch {
	case e == nil:
		return Service{}, false
	case len(e.NewMembers) > 0:
		return Service{Kind: Came, Person: e.NewMembers[0].ID}, true
	case e.LeftMember != nil:
		return Service{Kind: Went, Person: e.LeftMember.ID}, true
	case e.TopicCreated != nil:
		return Service{Kind: TopicOpened, Topic: e.TopicCreated.Name}, true
	case e.TopicClosed != nil:
		return Service{Kind: TopicClosed}, true
	case e.TopicReopened != nil:
		return Service{Kind: TopicReopened}, true
	}
	return Service{Kind: Upgraded}, true
}

// SetLang changes the language of the person's client.
func (p *Person) SetLang(lang string) {
	p.s.mu.Lock()
	defer p.s.release()
	p.Lang = lang
}
