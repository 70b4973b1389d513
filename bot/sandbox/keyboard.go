package sandbox

import (
	"slices"
	"unicode/utf8"
)

// Button is a button below a message. Exactly one of its other fields is set.
type Button struct {
	Text          string    `json:"text"`
	URL           string    `json:"url,omitempty"`
	Data          string    `json:"callback_data,omitempty"`
	Inline        *string   `json:"switch_inline_query,omitempty"`
	InlineCurrent *string   `json:"switch_inline_query_current_chat,omitempty"`
	Copy          *CopyText `json:"copy_text,omitempty"`
}

// CopyText is what a button copies to the clipboard.
type CopyText struct {
	Text string `json:"text"`
}

// markup is a reply_markup of any kind.
type markup struct {
	Inline      [][]Button `json:"inline_keyboard,omitempty"`
	Keyboard    [][]Button `json:"keyboard,omitempty"`
	Remove      bool       `json:"remove_keyboard,omitempty"`
	ForceReply  bool       `json:"force_reply,omitempty"`
	Placeholder string     `json:"input_field_placeholder,omitempty"`
	Selective   bool       `json:"selective,omitempty"`
}

// Telegram's limits of keyboards: a row holds 8 buttons and a keyboard 100.
const (
	maxRow     = 8
	maxButtons = 100
	maxCopy    = 256
	maxData    = 64 // bytes
	maxHint    = 64 // characters of the placeholder
)

// readMarkup reads a reply_markup and checks it as Telegram does.
func readMarkup(a args) (markup, error) {
	var m markup
	if err := a.decode("reply_markup", &m); err != nil {
		return m, misuse("can't parse reply keyboard markup JSON object")
	}
	return m, m.check()
}

func (m markup) check() error {
	if utf8.RuneCountInString(m.Placeholder) > maxHint {
		return stricter("input_field_placeholder is longer than %d characters", maxHint)
	}
	for _, row := range slices.Concat(m.Inline, m.Keyboard) {
		if len(row) == 0 {
			return stricter("a row of the keyboard is empty")
		}
		if len(row) > maxRow {
			return stricter("a row of the keyboard has more than %d buttons", maxRow)
		}
	}
	inline := slices.Concat(m.Inline...)
	if len(inline) > maxButtons {
		return misuse("reply markup is too long")
	}
	for _, b := range inline {
		if err := b.check(); err != nil {
			return err
		}
	}
	return nil
}

func (b Button) check() error {
	actions := 0
	for _, set := range []bool{b.URL != "", b.Data != "", b.Inline != nil, b.InlineCurrent != nil, b.Copy != nil} {
		if set {
			actions++
		}
	}
	switch {
	case b.Text == "":
		return misuse("inline keyboard button text must be non-empty")
	case actions == 0:
		return misuse("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case actions > 1:
		return stricter("the button %q does more than one thing", b.Text)
	case len(b.Data) > maxData:
		return misuse("BUTTON_DATA_INVALID")
	case b.URL != "" && !linkable(b.URL):
		return misuse("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
	case b.Copy != nil && (b.Copy.Text == "" || utf8.RuneCountInString(b.Copy.Text) > maxCopy):
		return misuse("BUTTON_COPY_TEXT_INVALID")
	}
	return checkDeepLink(b.URL)
}
