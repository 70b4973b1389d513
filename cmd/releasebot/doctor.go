package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

func doctorCommand(flags *flag.FlagSet) action {
	dir := contentFlag(flags)
	ready := flags.Bool("ready", false, "only ask the bot that runs here, at LISTEN_ADDR, whether it is ready")
	return func(ctx context.Context, t *terminal, _ []string) error {
		s, err := presentSettings()
		if err != nil {
			return err
		}
		if *ready {
			return askReady(ctx, s)
		}
		s.content = cmp.Or(*dir, s.content)
		return tell(t, examine(ctx, s))
	}
}

// readyTime is how long a health check waits.
const readyTime = 5 * time.Second

// askReady is the health check of a container, which holds no other program that could ask.
func askReady(ctx context.Context, s settings) error {
	address, err := readyAddress(s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	// The bot's own certificate is not for this address, and between the bot and itself there is nobody to fear.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, response.Status)
	}
	return nil
}

// readyAddress is where the bot that runs here says whether it is ready.
func readyAddress(s settings) (string, error) {
	host, port, err := net.SplitHostPort(s.listen)
	if err != nil {
		return "", &failure{message: "LISTEN_ADDR is not set: the bot says nowhere whether it is ready", hint: "set it to the bot's own, such as :8080"}
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http"
	if s.certFile != "" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/readyz", nil
}

// finding is what one look has shown.
type finding struct {
	about string
	state state
	text  string
	todo  string // what to change; empty where all is well
}

type state string

const (
	healthy state = "ok"
	advice  state = "note"  // works, but perhaps not as people would like
	broken  state = "wrong" // does not work
)

// tell lists findings in the order in which to change things, and fails if any is wrong.
func tell(t *terminal, findings []finding) error {
	bad := 0
	for _, f := range findings {
		fmt.Fprintf(t.out, "%-6s %-10s %s\n", f.state, f.about, f.text)
		if f.todo != "" {
			fmt.Fprintf(t.out, "%-17s > %s\n", "", f.todo)
		}
		if f.state == broken {
			bad++
		}
	}
	if bad == 0 {
		return nil
	}
	return &failure{message: count(bad, "thing") + " wrong", hint: "change what stands behind >, from the top, and look again"}
}

// examine looks at everything that an answer depends on, in the order in which it depends on it. Nothing is changed by it.
func examine(ctx context.Context, s settings) []finding {
	ctx, cancel := context.WithTimeout(telegram.Once(ctx), 30*time.Second)
	defer cancel()
	client := telegram.New(telegram.Options{Token: s.token, URL: s.apiURL})
	findings := examineTelegram(ctx, s, client)
	if s.certFile != "" {
		findings = append(findings, examineCertificate(s, time.Now()))
	}
	return append(findings, examineDatabase(ctx, s), examineDisk(s), examineContent(s))
}

// examineTelegram says no more than why it could not look, where Telegram does not say who the bot is.
func examineTelegram(ctx context.Context, s settings, client *telegram.Client) []finding {
	me, err := client.Me(ctx)
	if err != nil {
		return []finding{noToken(err)}
	}
	findings := []finding{{"token", healthy, "@" + me.Username, ""}, examineClock(ctx, s.apiURL)}
	findings = append(findings, switches(me)...)
	info, err := client.WebhookInfo(ctx)
	if err != nil {
		findings = append(findings, finding{"updates", broken, err.Error(), "look again in a minute"})
	} else {
		findings = append(findings, updates(s, info, time.Now()))
	}
	return append(findings, examineAdmins(ctx, s, client))
}

func noToken(err error) finding {
	var refused *telegram.Error
	if errors.As(err, &refused) {
		return finding{"token", broken, "Telegram does not take it: " + err.Error(), "copy " + tokenName + " from @BotFather (/mybots, API Token)"}
	}
	return finding{"token", broken, "Telegram cannot be asked: " + err.Error(), "look at the network, its proxy and TELEGRAM_API_URL"}
}

// maxSkew is how far the clock may be off: embargoes end by it.
const maxSkew = 30 * time.Second

func examineClock(ctx context.Context, address string) finding {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return finding{"clock", advice, err.Error(), "look at TELEGRAM_API_URL"}
	}
	before := time.Now()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return finding{"clock", advice, "cannot be compared: " + err.Error(), "look again in a minute"}
	}
	defer response.Body.Close()
	theirs, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return finding{"clock", advice, "cannot be compared: the server does not tell the time", "compare it by hand"}
	}
	return clock(before.Sub(theirs))
}

func clock(ahead time.Duration) finding {
	if ahead.Abs() <= maxSkew {
		return finding{"clock", healthy, "right", ""}
	}
	direction := "ahead"
	if ahead < 0 {
		direction = "behind"
	}
	return finding{"clock", broken, fmt.Sprintf("%s %s", ahead.Abs().Round(10*time.Second), direction), "have it set over the network (NTP)"}
}

// switches are the bot's own in @BotFather.
func switches(me telegram.Bot) []finding {
	findings := []finding{
		{"groups", healthy, "can be added", ""},
		{"privacy", healthy, "on: in groups it sees what is for it", ""},
		{"inline", healthy, "on", ""},
	}
	if !me.JoinsGroups {
		findings[0] = finding{"groups", advice, "off: nobody can add it to a group", "@BotFather: /setjoingroups, Enable"}
	}
	if me.ReadsAll {
		findings[1] = finding{"privacy", advice, "off: it is sent every message of its groups", "@BotFather: /setprivacy, Enable; then add it to its groups anew"}
	}
	if !me.Inline {
		findings[2] = finding{"inline", advice, "off: nobody can ask it from another chat", "@BotFather: /setinline"}
	}
	return findings
}

// updates is how updates reach the bot, and whether they do.
func updates(s settings, info telegram.WebhookInfo, now time.Time) finding {
	waiting := ", " + count(info.Pending, "update") + " waiting"
	trouble := webhookTrouble(s.webhookURL, info, now)
	switch {
	case s.webhookURL == "" && info.URL != "":
		return finding{"updates", advice, "there is a webhook, and WEBHOOK_URL is not set" + waiting, `"releasebot run" will remove the webhook; set WEBHOOK_URL to keep it`}
	case s.webhookURL == "":
		return finding{"updates", healthy, "fetched" + waiting, ""}
	case info.URL == "":
		return finding{"updates", advice, "the webhook is not set yet" + waiting, `"releasebot run" will set it`}
	case info.URL != s.webhookURL:
		return finding{"updates", broken, "the webhook is set to another address" + waiting, "end the other bot that has set it, or correct WEBHOOK_URL, and start this one again"}
	case trouble != "":
		return finding{"updates", broken, trouble, "see that WEBHOOK_URL reaches LISTEN_ADDR from outside, with a certificate that browsers trust or the bot's own"}
	case !info.InStep:
		return finding{"updates", advice, "the webhook was set by another version" + waiting, `start "releasebot run" again`}
	}
	return finding{"updates", healthy, "by webhook" + waiting, ""}
}

func examineCertificate(s settings, now time.Time) finding {
	own, err := s.certificate(slog.New(slog.DiscardHandler))
	if err != nil {
		var f *failure
		errors.As(err, &f)
		return finding{"TLS", broken, f.message, f.hint}
	}
	leaf := own.current().Leaf
	text := "ends on " + leaf.NotAfter.Format(time.DateOnly)
	if own.selfSigned() != nil {
		text += ", self-signed: Telegram is given it"
	}
	trouble := own.trouble(now)
	address, err := url.Parse(s.webhookURL)
	switch {
	case trouble != "" && leaf.NotAfter.Before(now):
		return finding{"TLS", broken, trouble, "renew it"}
	case err == nil && address.Host != "" && !isFor(leaf, address.Hostname()):
		return finding{"TLS", broken, "it is not for " + address.Hostname(), "name one in TLS_CERT_FILE that is for the host of WEBHOOK_URL"}
	case trouble != "":
		return finding{"TLS", advice, trouble, "renew it"}
	}
	return finding{"TLS", healthy, text, ""}
}

func examineAdmins(ctx context.Context, s settings, client *telegram.Client) finding {
	if len(s.admins) == 0 {
		return finding{"admins", advice, "none: nobody hears of trouble", "set ADMIN_IDS"}
	}
	for _, id := range s.admins {
		if _, err := client.Chat(ctx, id); err != nil {
			return finding{"admins", advice, fmt.Sprintf("%d cannot be told of trouble: %v", id, err), "let them write /start to the bot"}
		}
	}
	return finding{"admins", healthy, count(len(s.admins), "person"), ""}
}

func examineDatabase(ctx context.Context, s settings) finding {
	switch err := store.Check(ctx, s.database); {
	case errors.Is(err, fs.ErrNotExist):
		return finding{"database", advice, "the file is not there yet", `"releasebot run" will make it`}
	case err != nil:
		return finding{"database", broken, err.Error(), "look at DATABASE_URL; deploy/README.md says how to restore a backup"}
	}
	return finding{"database", healthy, "answers", ""}
}

func examineDisk(s settings) finding {
	if trouble := diskTrouble(s); trouble != "" {
		return finding{"disk", broken, trouble, "make room, or move the database with DATABASE_URL"}
	}
	return finding{"disk", healthy, "has room", ""}
}

func examineContent(s settings) finding {
	src, err := sourceAt(s.content)
	if err != nil {
		return finding{"content", broken, err.Error(), "look at CONTENT_DIR"}
	}
	summary, problems := answers.Check(src.files)
	if bad := len(problems.Errors()); bad > 0 {
		return finding{"content", broken, count(bad, "error"), `"releasebot check" shows each`}
	}
	return finding{"content", healthy, strings.Join([]string{count(summary.Releases, "release"), count(summary.Pairs, "pair")}, ", "), ""}
}
