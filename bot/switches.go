package bot

import (
	"slices"
	"strconv"
	"strings"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// What a switch of a subscription does, as it stands in a button's data. In
// front of it stands the channel that the subscription is for, or nothing where
// it is for the chat and topic that the button is in.
const (
	switchShow     = ""  // all switches
	switchOn       = "y" // subscribe
	switchOff      = "x" // unsubscribe
	switchReleases = "r"
	switchAnswers  = "n"
	switchTopics   = "t" // the topics; with a topic's ref take it in or out; with "-" want all
	switchLanguage = "l" // the next language
	switchDigest   = "d"
	switchHour     = "h" // the hours; with an hour choose it
	switchZone     = "z" // the time zones; with a zone choose it
)

// digestHour is when a digest comes until another hour is chosen: before the working day.
const digestHour = 9

// zones are the time zones to choose from, in the order of the text "cities".
var zones = []string{
	"America/Los_Angeles", "America/New_York", "America/Sao_Paulo", "UTC", "Europe/London", "Europe/Berlin",
	"Europe/Istanbul", "Europe/Moscow", "Asia/Dubai", "Asia/Baku", "Asia/Tashkent", "Asia/Almaty",
	"Asia/Bishkek", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo",
}

// desk shows the switches of one subscription.
type desk struct {
	view
	sub     store.Subscription
	channel string // its id; "" where the switches are in the chat that they are for
	title   string // of the channel
}

// turn changes the subscription as a switch says, and returns the screen to show next; ok is false for what is no switch.
func (d *desk) turn(change, value string) (s telegram.Screen, ok bool) {
	switch change {
	case switchShow, switchOn:
	case switchReleases:
		d.sub.Releases = !d.sub.Releases
	case switchAnswers:
		d.sub.Answers = !d.sub.Answers
	case switchLanguage:
		d.sub.Lang = d.nextLanguage(d.sub.Lang)
	case switchDigest:
		d.sub.Digest = !d.sub.Digest
	case switchTopics:
		d.takeTopic(value)
		return d.topicSwitches(), true
	case switchHour:
		hour, err := strconv.Atoi(value)
		if err != nil || hour < 0 || hour > 23 {
			return d.hours(), true
		}
		d.sub.Hour = hour
	case switchZone:
		if !slices.Contains(zones, value) {
			return d.zoneChoice(), true
		}
		d.sub.Zone = value
	default:
		return telegram.Screen{}, false
	}
	return d.switches(), true
}

// takeTopic takes a topic in or out by its ref. Without any the subscription is to all of them.
func (d *desk) takeTopic(r string) {
	if r == "-" {
		d.sub.Topics = nil
	}
	topic := topicOf(d.lib, r)
	if topic == nil {
		return
	}
	if i := slices.Index(d.sub.Topics, topic.ID); i >= 0 {
		d.sub.Topics = slices.Delete(d.sub.Topics, i, i+1)
	} else {
		d.sub.Topics = append(d.sub.Topics, topic.ID)
	}
}

// switches shows what a chat is subscribed to, and changes it.
func (d *desk) switches() telegram.Screen {
	heading := d.about("subscribed", "subscribed_topic", "subscribed_channel")
	followed := ""
	if n := len(d.sub.Follows); n > 0 {
		followed = d.count("followed", n)
	}
	rows := [][]telegram.Button{
		row(d.button(d.ticked(d.sub.Releases, d.plain("releases_new", nil)), switchReleases)),
		row(d.button(d.ticked(d.sub.Answers, d.plain("answers_new", nil)), switchAnswers)),
		row(d.button(d.plain("topics_chosen", slots{"value": d.chosenTopics()}), switchTopics)),
	}
	if len(d.spokenLanguages()) > 1 {
		rows = append(rows, row(d.button(d.plain("language_chosen", slots{"value": languageName(d.sub.Lang)}), switchLanguage)))
	}
	if !d.sub.Digest {
		rows = append(rows, row(d.button(d.plain("at_once", nil), switchDigest)))
	} else {
		rows = append(rows, row(d.button(d.plain("daily", nil), switchDigest)), row(
			d.button(d.plain("at_hour", slots{"hour": clock(d.sub.Hour)}), switchHour),
			d.button(d.city(d.sub.Zone), switchZone),
		))
	}
	rows = append(rows, row(d.button(d.plain("unsubscribe", nil), switchOff)))
	return telegram.Screen{Text: paragraphs(heading, d.html("corrections_always", nil), followed), Keyboard: rows}
}

// about is the text for what the desk is for: the chat, its forum topic, or a channel.
func (d *desk) about(chat, topic, channel string) string {
	switch {
	case d.channel != "":
		return d.html(channel, slots{"channel": d.title})
	case d.sub.Thread != 0:
		return d.html(topic, nil)
	}
	return d.html(chat, nil)
}

// nextLanguage is the one that follows another among those that bulletins can come in.
func (v view) nextLanguage(lang string) string {
	all := v.spokenLanguages()
	return all[(slices.Index(all, lang)+1)%len(all)]
}

func (d *desk) chosenTopics() string {
	if len(d.sub.Topics) == 0 {
		return d.plain("topics_all", nil)
	}
	return number(len(d.sub.Topics))
}

func (d *desk) topicSwitches() telegram.Screen {
	rows := [][]telegram.Button{row(d.button(d.ticked(len(d.sub.Topics) == 0, d.plain("topics_all_button", nil)), switchTopics, "-"))}
	for _, topic := range d.lib.Topics {
		chosen := slices.Contains(d.sub.Topics, topic.ID)
		rows = append(rows, row(d.button(d.ticked(chosen, label(d.in(topic.Name))), switchTopics, ref(topic.ID))))
	}
	return telegram.Screen{Text: d.html("topics_choose", nil), Keyboard: append(rows, d.back())}
}

func (d *desk) hours() telegram.Screen {
	var buttons []telegram.Button
	for hour := range 24 {
		buttons = append(buttons, d.button(clock(hour), switchHour, number(hour)))
	}
	rows := append(slices.Collect(slices.Chunk(buttons, 4)), d.back())
	return telegram.Screen{Text: d.html("hour_choose", nil), Keyboard: rows}
}

func (d *desk) zoneChoice() telegram.Screen {
	var buttons []telegram.Button
	for _, zone := range zones {
		buttons = append(buttons, d.button(d.city(zone), switchZone, zone))
	}
	rows := append(slices.Collect(slices.Chunk(buttons, 2)), d.back())
	return telegram.Screen{Text: d.html("zone_choose", nil), Keyboard: rows}
}

// unsubscribed says that a subscription has ended, and offers to begin it again.
func (d *desk) unsubscribed() telegram.Screen {
	return telegram.Screen{
		Text:     d.about("unsubscribed", "unsubscribed_topic", "unsubscribed_channel"),
		Keyboard: [][]telegram.Button{row(d.button(d.plain("subscribe", nil), switchOn))},
	}
}

// resting shows a chat that is not subscribed, whose person may follow answers all the same.
func (d *desk) resting() telegram.Screen {
	s := d.unsubscribed()
	if n := len(d.sub.Follows); n > 0 {
		s.Text = escape(d.count("followed_alone", n))
		s.Keyboard = append(s.Keyboard, row(d.button(d.plain("unsubscribe", nil), switchOff)))
	}
	return s
}

func (d *desk) back() []telegram.Button {
	return row(d.button(d.plain("back_subscription", nil), switchShow))
}

func (d *desk) button(text, change string, value ...string) telegram.Button {
	return telegram.Button{Text: text, Data: d.data(verbSubscribe, append([]string{d.channel, change}, value...)...)}
}

func (d *desk) ticked(on bool, text string) string {
	if on {
		return "☑ " + text
	}
	return "☐ " + text
}

// city is a place whose clocks show a zone's time; the zone's own name where it is none of ours.
func (v view) city(zone string) string {
	if i := slices.Index(zones, zone); i >= 0 {
		return strings.Split(v.plain("cities", nil), ", ")[i]
	}
	return zone
}

// clock is a full hour as a clock shows it.
func clock(hour int) string { return number(hour) + ":00" }
