package telegram

import "time"

// What Telegram takes at most.
const (
	MaxText    = 4096 // code points of a message after parsing, see Length
	MaxData    = 64   // bytes of a button's data
	MaxCopy    = 256  // characters of a button's text to copy
	MaxResults = 50   // results of an inline query
)

// Screen is what a message shows.
type Screen struct {
	Text       string     // HTML, everything in it escaped
	Keyboard   [][]Button // rows of buttons; empty rows are left out
	ForceReply string     // opens the reply box of the person answered, with this placeholder; Send alone, and only without a keyboard
}

// Button is one button of a screen. Exactly one of Data, URL, Copy and Inline is set.
type Button struct {
	Text   string
	Data   string // comes back as a Callback
	URL    string // opens
	Copy   string // goes to the clipboard
	Inline string // is typed after the bot's name in a chat the person picks
}

// Target is where a message goes.
type Target struct {
	Chat    int64
	Thread  int // forum topic, 0 for none
	ReplyTo int // message to answer, 0 for none; sent without if it is gone
}

// Ref is a message that exists: Chat and Message, or Inline for one sent in inline mode.
type Ref struct {
	Chat    int64
	Message int
	Inline  string
}

// InlineAnswer is the answer to an inline query.
type InlineAnswer struct {
	Results  []InlineResult
	Cache    time.Duration // how long Telegram may give the same answer, in whole seconds; 0 is not at all
	Personal bool          // cached for this person alone
	Next     string        // the Offset of the query for more, "" if this is all
	Button   string        // a button above the results that opens the private chat, "" for none
	Start    string        // its /start payload: 1-64 of A-Za-z0-9_-
}

// InlineResult is one result, and the message it becomes.
type InlineResult struct {
	ID          string // 1-64 bytes, unique in an answer
	Title       string
	Description string
	Screen      Screen
}
