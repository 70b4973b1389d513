package bot

import (
	"context"
	"strings"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// verify says of each passage of a pasted text whether it stands in a release.
// What does not fit into one message is counted, not cut in the middle.
func (v view) verify(text string) telegram.Screen {
	findings := v.lib.Verify(text)
	if len(findings) == 0 {
		return v.noWords()
	}
	var parts []string
	room := telegram.MaxText - roomForMore
	for _, f := range findings {
		part := v.finding(f)
		room -= telegram.Length(part) + 2
		if room < 0 {
			break
		}
		parts = append(parts, part)
	}
	if left := len(findings) - len(parts); left > 0 {
		parts = append(parts, v.count("verify_more", left))
	}
	return telegram.Screen{Text: paragraphs(parts...)}
}

// roomForMore is what the line that counts the rest may take.
const roomForMore = 200

// finding shows one passage: the release's words are quoted, and the words that differ stand out.
func (v view) finding(f answers.Finding) string {
	switch f.Verdict {
	case answers.Verbatim:
		return v.html("verbatim", nil) + "\n" + v.passage(f)
	case answers.Altered:
		return v.html("altered", nil) + "\n" + v.html("altered_pasted", nil) + " " + marked(f.Diff, answers.Pasted, "s") +
			"\n" + v.html("altered_release", nil) + " " + marked(f.Diff, answers.Released, "u") + "\n<i>" + v.where(f) + "</i>"
	case answers.TooShort:
		return v.html("too_short", nil) + "\n" + escape(excerpt(f.Text))
	}
	return v.html("not_found", nil) + "\n" + escape(excerpt(f.Text))
}

func (v view) passage(f answers.Finding) string {
	return blockquote(f.Said) + "\n<i>" + v.where(f) + "</i>"
}

func (v view) where(f answers.Finding) string {
	return v.place(f.Release, answers.Quote{Paragraph: f.Paragraph, URL: f.URL})
}

// marked is one side of a comparison, with the words only it has in a tag.
func marked(diff []answers.Run, side answers.Side, tag string) string {
	var words []string
	for _, run := range diff {
		switch run.In {
		case answers.Both:
			words = append(words, escape(run.Text))
		case side:
			words = append(words, "<"+tag+"><b>"+escape(run.Text)+"</b></"+tag+">")
		}
	}
	return strings.Join(words, " ")
}

// excerpt is as much of a passage as it takes to recognise it.
func excerpt(s string) string {
	return cut(s, 200)
}

// verifyCommand checks the text behind /verify, or the message it replies to, or asks for one.
func (b *Bot) verifyCommand(ctx context.Context, t turn, m *telegram.Message, text string) error {
	if r := m.ReplyTo; text == "" && r != nil && r.From.ID != b.me.ID {
		t.to.ReplyTo = r.ID
		text = r.Text
		if m.Quote != "" {
			text = m.Quote
		}
	}
	if text == "" {
		t.to.ReplyTo = m.ID
		return b.send(ctx, t, t.prompt("verify"))
	}
	return b.send(ctx, t, t.verify(text))
}
