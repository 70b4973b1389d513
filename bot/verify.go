package bot

import (
	"context"
	"slices"
	"strings"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// verify says of each passage of a pasted text whether it stands in a release:
// first what was found, then what was not, of which an article has much that is
// its author's own. What does not fit into one message is counted, not cut.
func (v view) verify(text string) telegram.Screen {
	findings := v.lib.Verify(text)
	if len(findings) == 0 {
		return v.prompt("verify")
	}
	var parts []string
	room := telegram.MaxText - roomForRest
	left := 0
	for _, f := range findings {
		if f.Release == nil {
			continue
		}
		part := v.finding(f)
		if room -= telegram.Length(part) + 2; room < 0 {
			left++
			continue
		}
		parts = append(parts, part)
	}
	if left > 0 {
		parts = append(parts, v.count("verify_more", left))
	}
	if len(parts) == 0 && v.foreign(text) {
		parts = append(parts, v.translated())
	} else {
		parts = append(parts, v.strange(findings, len(parts) > 0))
	}
	return telegram.Screen{Text: paragraphs(parts...)}
}

// roomForRest is what is kept for the passages that were not found or did not fit.
const roomForRest = 900

// maxStrange is how many of them are shown, by their beginnings of maxExcerpt characters.
const (
	maxStrange = 5
	maxExcerpt = 120
)

// strange lists the passages that no release has. Those too short to tell are
// named only where nothing else is said.
func (v view) strange(findings []answers.Finding, more bool) string {
	key, verdict := "not_found", answers.NotFound
	only := func(f answers.Finding) bool { return f.Verdict == verdict }
	if !more && !slices.ContainsFunc(findings, only) {
		key, verdict = "too_short", answers.TooShort
	}
	var lines []string
	for _, f := range findings {
		if only(f) {
			lines = append(lines, "• "+escape(cut(strings.Join(strings.Fields(f.Text), " "), maxExcerpt)))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	if left := len(lines) - maxStrange; left > 0 {
		lines = append(lines[:maxStrange], v.count("and_more", left))
	}
	return v.html(key, nil) + "\n" + strings.Join(lines, "\n")
}

// foreign tells whether a text is in a language that no release is in.
func (v view) foreign(text string) bool {
	lang := v.lib.Detect(text)
	return lang != "" && !slices.Contains(v.originals(), lang)
}

// originals are the languages of the releases.
func (v view) originals() []string {
	var langs []string
	for _, r := range v.lib.Releases {
		if !slices.Contains(langs, r.Lang) {
			langs = append(langs, r.Lang)
		}
	}
	return langs
}

// translated says why a translation is in no release.
func (v view) translated() string {
	var names []string
	for _, lang := range v.originals() {
		names = append(names, v.nameOf(lang))
	}
	return v.html("verify_translation", slots{"languages": strings.Join(names, ", ")})
}

// maxSide is how many characters of a passage are shown on each side of a
// comparison, and maxSame how many between two differences.
const (
	maxSide = 1400
	maxSame = 240
)

// finding shows a passage that was found: the release's words are quoted, and the words that differ stand out.
func (v view) finding(f answers.Finding) string {
	if f.Verdict == answers.Altered {
		return v.html("altered", nil) + "\n" + v.html("altered_pasted", nil) + " " + marked(f.Diff, answers.Pasted, "s") +
			"\n" + v.html("altered_release", nil) + " " + marked(f.Diff, answers.Released, "u") + "\n<i>" + v.where(f) + "</i>"
	}
	said := blockquote(f.Said)
	if len([]rune(f.Said)) > 2*maxSide {
		said = escape(cut(f.Said, maxSide))
	}
	return v.html("verbatim", nil) + "\n" + said + "\n<i>" + v.where(f) + "</i>"
}

func (v view) where(f answers.Finding) string {
	return v.place(f.Release, answers.Quote{Paragraph: f.Paragraph, URL: f.URL})
}

// marked is one side of a comparison, with the words only it has in a tag. Of
// many words that are the same the middle is left out.
func marked(diff []answers.Run, side answers.Side, tag string) string {
	var words []string
	room := maxSide
	for _, run := range diff {
		if run.In != answers.Both && run.In != side {
			continue
		}
		text := run.Text
		if run.In == answers.Both {
			text = shortened(text, maxSame)
		}
		text = cut(text, max(room, 1))
		room -= len([]rune(text)) + 1
		if text = escape(text); run.In == side {
			text = "<" + tag + "><b>" + text + "</b></" + tag + ">"
		}
		if words = append(words, text); room <= 0 {
			break
		}
	}
	return strings.Join(words, " ")
}

// shortened leaves out the middle of a text that is longer than most characters.
func shortened(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimSpace(string(runes[:most/2])) + " … " + strings.TrimSpace(string(runes[len(runes)-most/2:]))
}

// verifyCommand checks the text behind /verify, or the message it replies to, or asks for one.
func (b *Bot) verifyCommand(ctx context.Context, t turn, m *telegram.Message, text string) error {
	if text = b.about(&t, m, text); text == "" {
		return b.prompt(ctx, t, m, "verify")
	}
	return b.send(ctx, t, t.verify(text))
}
