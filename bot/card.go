package bot

import (
	"strconv"
	"strings"
	"time"

	"releasebot/bot/delivery"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// What a card's buttons do, as it stands in their data behind the bulletin and the language of the preview.
const (
	cardShow     = ""  // the card; with one of the three that follow, what it asks before it does that
	cardPublish  = "p" // now
	cardSchedule = "s" // at a time, see scheduleTimes
	cardDismiss  = "d"
	cardSample   = "t" // send it to the administrator first
	cardPause    = "w"
	cardResume   = "r"
	cardCancel   = "x"
)

// scheduleTime is a time that a card offers.
type scheduleTime struct {
	key, text string
	at        func(now time.Time) time.Time
}

var scheduleTimes = []scheduleTime{
	{"1h", "in_hour", func(now time.Time) time.Time { return now.Add(time.Hour) }},
	{"3h", "in_three_hours", func(now time.Time) time.Time { return now.Add(3 * time.Hour) }},
	{"t9", "tomorrow_nine", func(now time.Time) time.Time { return nineAfter(now, 1) }},
	{"m9", "monday_nine", func(now time.Time) time.Time { return nineAfter(now, 1+(7-int(now.Weekday()))%7) }},
}

// nineAfter is nine in the morning some days later.
func nineAfter(now time.Time, days int) time.Time {
	year, month, day := now.Date()
	return time.Date(year, month, day+days, 9, 0, 0, 0, now.Location())
}

// Progress is how far a bulletin has come with its audience.
type Progress struct {
	Left     int // subscriptions that it has yet to come to
	Waiting  int // messages that wait for the hour of a digest or to be tried again
	Failures []store.Failure
}

// Failed is how many messages were given up.
func (p Progress) Failed() (n int) {
	for _, f := range p.Failures {
		n += f.Count
	}
	return n
}

// Takes is how long the sending of so many messages takes at Telegram's pace.
func Takes(messages int) time.Duration { return time.Duration(messages) * delivery.Telegram.Overall }

// Share is how much of a bulletin has been seen to, from 0 to 1.
func (p Progress) Share(sent int) float64 {
	done := sent + p.Failed()
	if all := done + p.Left + p.Waiting; all > 0 {
		return float64(done) / float64(all)
	}
	return 1
}

// card is what an administrator sees of a bulletin.
type card struct {
	view
	store.Bulletin
	Progress
	now     time.Time // in the press office's time zone
	preview string    // the language of the preview
	asks    string    // cardPublish, cardSchedule or cardDismiss while it asks about that; else cardShow
}

// screen shows a card. While nobody has decided, it shows the bulletin as its readers will see it.
func (c card) screen(preview telegram.Screen) telegram.Screen {
	heading := c.heading(c.Kind)
	if r := c.lib.Release(c.Release); r != nil {
		heading += "\n" + escape(cut(r.Title, maxWording))
	}
	s := telegram.Screen{Text: paragraphs(heading, c.state()), Keyboard: c.buttons()}
	if c.State != store.Pending {
		return s
	}
	full := paragraphs(s.Text, "———", preview.Text)
	if telegram.Length(full) > telegram.MaxText {
		full = paragraphs(s.Text, c.html("preview_long", nil))
	}
	s.Text = full
	return s
}

// state says how far the bulletin has come.
func (c card) state() string {
	counts := slots{
		"left": grouped(c.Left), "waiting": grouped(c.Waiting), "sent": grouped(c.Sent), "edited": grouped(c.Edited),
		"missed": grouped(c.Missed), "failed": grouped(c.Failed()), "time": c.duration(Takes(c.Left)), "share": number(int(100 * c.Share(c.Sent))), "bar": c.bar(),
	}
	switch c.State {
	case store.Pending:
		return c.html("card_pending", counts)
	case store.Scheduled:
		if !c.Starts.After(c.now) {
			return c.html("card_starts", counts)
		}
		counts["at"] = c.moment(c.Starts.In(c.now.Location()))
		return c.html("card_scheduled", counts)
	case store.Sending:
		if c.Left == 0 {
			return c.html("card_sending", counts)
		}
		return c.html("card_sending", counts) + "\n" + c.html("card_left", counts)
	case store.Paused:
		return c.html("card_paused", counts)
	case store.Dismissed:
		return c.html("card_dismissed", nil)
	case store.Superseded:
		return paragraphs(c.html("card_superseded", nil), c.report(counts))
	case store.Cancelled:
		return paragraphs(c.html("card_cancelled", nil), c.report(counts))
	}
	return paragraphs(c.html("card_done", nil), c.report(counts))
}

// report sums up what was sent, and why what was not was not.
func (c card) report(counts slots) string {
	lines := []string{c.html("card_report", counts)}
	if c.Kind.Corrects() || c.Edited > 0 {
		lines = append(lines, c.html("card_edited", counts))
	}
	if c.Missed > 0 {
		lines = append(lines, c.html("card_missed", counts))
	}
	for _, f := range c.Failures[:min(len(c.Failures), maxTold)] {
		lines = append(lines, "• "+grouped(f.Count)+" × "+escape(cut(f.Reason, 200)))
	}
	return strings.Join(lines, "\n")
}

// bar is a progress bar.
func (c card) bar() string {
	const width = 12
	done := int(width * c.Share(c.Sent))
	return strings.Repeat("▓", done) + strings.Repeat("░", width-done)
}

func (c card) buttons() [][]telegram.Button {
	switch c.State {
	case store.Pending:
		return c.decisions()
	case store.Sending:
		return [][]telegram.Button{row(c.button("pause", cardPause))}
	case store.Paused:
		return [][]telegram.Button{row(c.button("resume", cardResume), c.button("cancel", cardCancel))}
	case store.Scheduled:
		return [][]telegram.Button{row(c.button("cancel", cardCancel))}
	}
	return nil
}

func (c card) decisions() [][]telegram.Button {
	back := c.button("back_card", cardShow)
	switch c.asks {
	case cardPublish:
		return [][]telegram.Button{row(c.button("publish_yes", cardPublish)), row(back)}
	case cardDismiss:
		return [][]telegram.Button{row(c.button("dismiss_yes", cardDismiss)), row(back)}
	case cardSchedule:
		var rows [][]telegram.Button
		for _, t := range scheduleTimes {
			rows = append(rows, row(c.button(t.text, cardSchedule, t.key)))
		}
		return append(rows, row(back))
	}
	return [][]telegram.Button{
		c.previews(),
		row(c.button("send_sample", cardSample)),
		row(c.button("publish", cardShow, cardPublish), c.button("schedule", cardShow, cardSchedule)),
		row(c.button("dismiss", cardShow, cardDismiss)),
	}
}

// previews are a button for each language that readers may have.
func (c card) previews() []telegram.Button {
	var buttons []telegram.Button
	for _, lang := range c.spokenLanguages() {
		in := c
		in.preview = lang
		button := telegram.Button{Text: languageName(lang), Data: in.press(cardShow)}
		if lang == c.preview {
			button.Text = "✓ " + button.Text
		}
		buttons = append(buttons, button)
	}
	return buttons
}

func (c card) button(key, does string, with ...string) telegram.Button {
	return telegram.Button{Text: c.plain(key, nil), Data: c.press(does, with...)}
}

func (c card) press(does string, with ...string) string {
	return c.data(verbCard, append([]string{strconv.FormatInt(c.ID, 10), c.preview, does}, with...)...)
}

// duration is a time that something takes, to about a tenth.
func (v view) duration(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return v.count("seconds", max(1, int(d.Round(time.Second)/time.Second)))
	case d < 90*time.Minute:
		return v.count("minutes", int(d.Round(time.Minute)/time.Minute))
	}
	return v.count("hours", int(d.Round(time.Hour)/time.Hour))
}

// moment is a day and a time of day.
func (v view) moment(t time.Time) string {
	return v.date(t) + ", " + t.Format("15:04") + " (" + v.city(t.Location().String()) + ")"
}

// grouped is a number with its thousands apart, by a space that no line breaks at.
func grouped(n int) string {
	digits := number(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u00a0" + digits[i:]
	}
	return digits
}
