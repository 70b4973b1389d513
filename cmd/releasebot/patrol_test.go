package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"releasebot/bot"
	"releasebot/bot/delivery"
	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

func TestAlarmTellsOnce(t *testing.T) {
	var told []string
	a := newAlarm(func(_ context.Context, text string) { told = append(told, text) })
	start := time.Now()
	for minute := range 60 {
		wrong := ""
		if minute >= 10 && minute < 30 && minute%3 != 0 { // trouble that comes and goes
			wrong = "The disk is nearly full."
		}
		a.report(t.Context(), "disk", wrong, start.Add(time.Duration(minute)*time.Minute))
		a.report(t.Context(), "webhook", "", start.Add(time.Duration(minute)*time.Minute))
	}
	if want := []string{"The disk is nearly full.", "No more trouble of this kind: disk."}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestWebhookTrouble(t *testing.T) {
	now := time.Now()
	for name, test := range map[string]struct {
		address string
		info    telegram.WebhookInfo
		want    string // "" for no trouble
	}{
		"fetching":            {"", telegram.WebhookInfo{}, ""},
		"a stranger":          {"", telegram.WebhookInfo{URL: hookURL}, "Somebody has set a webhook"},
		"set":                 {hookURL, telegram.WebhookInfo{URL: hookURL}, ""},
		"deleted":             {hookURL, telegram.WebhookInfo{}, "is not WEBHOOK_URL any more"},
		"failing":             {hookURL, telegram.WebhookInfo{URL: hookURL, Error: "Connection refused", FailedAt: now.Add(-time.Minute), Pending: 7}, "Connection refused. Updates that wait: 7."},
		"failed an hour ago":  {hookURL, telegram.WebhookInfo{URL: hookURL, Error: "Connection refused", FailedAt: now.Add(-time.Hour)}, ""},
		"failing while off":   {"", telegram.WebhookInfo{Error: "Connection refused", FailedAt: now}, ""},
		"another's after all": {hookURL, telegram.WebhookInfo{URL: hookURL + "x"}, "is not WEBHOOK_URL any more"},
	} {
		got := webhookTrouble(test.address, test.info, now)
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestDeliveryTrouble(t *testing.T) {
	failing := []store.Failure{{Reason: "Bad Gateway", Count: 7}, {Reason: "no answer", Count: 2}}
	if got := deliveryTrouble(failing); got != "9 messages to subscribers cannot be sent: Bad Gateway. I go on trying." {
		t.Error(got)
	}
	if got := deliveryTrouble(nil); got != "" {
		t.Error(got)
	}
}

func TestDiskTrouble(t *testing.T) {
	for database, want := range map[string]string{
		"postgres://a:b@c/d":                   "",
		"sqlite:/there/is/no/such/folder/x.db": "cannot be looked at",
	} {
		if got := diskTrouble(settings{database: database}); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", database, got, want)
		}
	}
}

// A second copy of the bot is the commonest mistake of all, and the two take each other's updates for as long as nobody notices. Of several
// replicas the leading one tells.
func TestAdministratorsHearOfASecondBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world := sandbox.New(sandbox.Options{})
		officer := world.Person("Dana", "en")
		chat := world.Private(officer)
		log := slog.New(slog.DiscardHandler)
		db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "bot.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		client := telegram.New(telegram.Options{Token: world.Token(), URL: "http://telegram.test", HTTP: world.Transport(), Log: log})
		v := &service{
			log: log, client: client, db: db, limiter: delivery.NewLimiter(delivery.Telegram), metrics: newMetrics(),
			bot: bot.New(bot.Options{Client: client, Store: db, Log: log, Admins: []int64{officer.ID}}, nil),
		}
		officer.Say(chat, "/start")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go v.patrol(ctx)
		conflict := func() {
			for range 5 {
				v.observe(telegram.Request{Method: "getUpdates", Code: 409})
				time.Sleep(patrolEvery)
			}
			synctest.Wait()
		}
		conflict()
		if told := chat.FromBot(); len(told) > 0 {
			t.Errorf("a replica that does not lead told %+v", told)
		}
		v.led(store.Lease{}, true)
		conflict()
		told := chat.FromBot()
		if len(told) != 1 || !strings.HasPrefix(told[0].Text, "Somebody else fetches") {
			t.Errorf("told %+v", told)
		}
		cancel()
		synctest.Wait()
	})
}
